//! Conditions of writes. Source: facts: s3-behaviour.md 8.1.

use http::HeaderMap;

use crate::entity_tags::bare;
use crate::request::{header, value_text};
use crate::{Detail, ETag, ErrorCode, ObjectKey, S3Error};

/// What a write demands of the key's current version, judged when the write is published, not when it begins.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum WriteCondition {
    /// Nothing.
    #[default]
    None,
    /// `If-None-Match: *`: there is no object, or its current version is a delete marker.
    Absent,
    /// `If-Match`: there is an object with this tag (without quotes).
    Matches(String),
}

/// The condition of `PutObject`, `CopyObject` (destination) and `CompleteMultipartUpload`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WritePreconditions {
    /// What is demanded.
    pub condition: WriteCondition,
}

impl WritePreconditions {
    /// Reads `If-Match` and `If-None-Match`.
    ///
    /// # Errors
    /// `NotImplemented` (501) for both headers together, for an `If-None-Match` other than `*` and for `If-Match: *`, as
    /// AWS was recorded.
    pub fn from_headers(headers: &HeaderMap) -> Result<Self, S3Error> {
        let condition = match (
            header(headers, "if-match"),
            header(headers, "if-none-match"),
        ) {
            (None, None) => WriteCondition::None,
            (Some(_), Some(_)) => {
                return Err(not_implemented(
                    "If-Match,If-None-Match",
                    "Multiple conditional request headers present in the request",
                ));
            }
            (None, Some(value)) if value_text(value).trim() == "*" => WriteCondition::Absent,
            (None, Some(_)) => {
                return Err(not_implemented(
                    "If-None-Match",
                    "We don't accept the provided value of If-None-Match header for this API",
                ));
            }
            (Some(value), None) if value_text(value).trim() == "*" => {
                return Err(not_implemented(
                    "If-Match",
                    "We don't accept the provided value of If-Match header for this API",
                ));
            }
            (Some(value), None) => {
                WriteCondition::Matches(bare(value_text(value).trim()).to_owned())
            }
        };
        Ok(Self { condition })
    }

    /// Judges the key's current version: its tag, or `None` when there is no object or a delete marker.
    ///
    /// # Errors
    /// `NoSuchKey` for `If-Match` without an object, `PreconditionFailed` with the condition's name otherwise.
    pub fn evaluate(&self, current: Option<&ETag>, key: &ObjectKey) -> Result<(), S3Error> {
        match (&self.condition, current) {
            (WriteCondition::None, _) | (WriteCondition::Absent, None) => Ok(()),
            (WriteCondition::Absent, Some(_)) => Err(S3Error::precondition_failed("If-None-Match")),
            (WriteCondition::Matches(_), None) => Err(S3Error::no_such_key(key)),
            (WriteCondition::Matches(tag), Some(etag)) if tag == etag.as_str() => Ok(()),
            (WriteCondition::Matches(_), Some(_)) => Err(S3Error::precondition_failed("If-Match")),
        }
    }

    /// The name of the header that made the condition, for `ConditionalRequestConflict`.
    pub const fn header(&self) -> Option<&'static str> {
        match self.condition {
            WriteCondition::None => None,
            WriteCondition::Absent => Some("If-None-Match"),
            WriteCondition::Matches(_) => Some("If-Match"),
        }
    }

    /// The error of a condition that held, but on an object that was replaced while the body came.
    pub fn conflict(&self, key: &ObjectKey) -> S3Error {
        let error = S3Error::new(ErrorCode::ConditionalRequestConflict);
        match self.header() {
            Some(condition) => error.with_detail(Detail::ConditionKey {
                condition,
                key: key.as_str().to_owned(),
            }),
            None => error,
        }
    }
}

fn not_implemented(header: &str, message: &'static str) -> S3Error {
    S3Error::new(ErrorCode::NotImplemented).with_detail(Detail::Header {
        name: header.to_owned(),
        additional_message: Some(message),
    })
}
