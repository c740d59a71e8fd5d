//! Conditions of deletes. Source: facts: s3-behaviour.md 8.2.

use http::HeaderMap;

use crate::request::value_text;
use crate::{ETag, ObjectKey, S3Error};

/// What a delete demands of the version it is about.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum DeleteCondition {
    /// Nothing.
    #[default]
    None,
    /// There is an object.
    Any,
    /// There is an object with this tag, without quotes.
    Tag(String),
    /// A weak tag or a list, which no object ever has.
    Never,
}

/// The condition of `DeleteObject`, or of one entry of `DeleteObjects`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DeletePreconditions {
    /// What is demanded.
    pub condition: DeleteCondition,
}

impl DeletePreconditions {
    /// Reads `If-Match`.
    ///
    /// # Errors
    /// `InvalidRequest` for two lines of it, `InvalidArgument` for an empty one.
    pub fn from_headers(headers: &HeaderMap) -> Result<Self, S3Error> {
        let mut lines = headers.get_all("if-match").iter();
        match (lines.next(), lines.next()) {
            (None, _) => Ok(Self::default()),
            (Some(_), Some(_)) => Err(S3Error::invalid_request(
                "Multiple If-Match headers are not allowed",
            )),
            (Some(line), None) => match value_text(line).trim() {
                "" => Err(S3Error::invalid_argument(
                    "If-Match must not be empty",
                    "If-Match",
                    Some(""),
                )),
                text => Ok(Self::from_tag(text)),
            },
        }
    }

    /// A tag as the header or an entry's `ETag` has it.
    pub fn from_tag(text: &str) -> Self {
        let bare = text
            .strip_prefix('"')
            .and_then(|text| text.strip_suffix('"'))
            .unwrap_or(text);
        let condition = match text {
            "*" => DeleteCondition::Any,
            _ if text.starts_with("W/") || text.contains(',') => DeleteCondition::Never,
            _ => DeleteCondition::Tag(bare.to_owned()),
        };
        Self { condition }
    }

    /// Judges the version: its tag, or `None` when there is no object or the current version is a delete marker.
    ///
    /// # Errors
    /// `NoSuchKey` without an object, `PreconditionFailed` for another tag.
    pub fn evaluate(&self, current: Option<&ETag>, key: &ObjectKey) -> Result<(), S3Error> {
        match (&self.condition, current) {
            (DeleteCondition::None, _) | (DeleteCondition::Any, Some(_)) => Ok(()),
            (_, None) => Err(S3Error::no_such_key(key)),
            (DeleteCondition::Tag(tag), Some(etag)) if tag == etag.as_str() => Ok(()),
            (DeleteCondition::Tag(_) | DeleteCondition::Never, Some(_)) => {
                Err(S3Error::precondition_failed("If-Match"))
            }
        }
    }
}
