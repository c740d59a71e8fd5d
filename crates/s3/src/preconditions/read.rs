//! Conditions of `GetObject` and `HeadObject`. Source: facts: s3-behaviour.md 6.5.

use http::HeaderMap;
use time::OffsetDateTime;

use super::{date, modified_since};
use crate::{ETag, EntityTags, S3Error};

/// The four condition headers of a read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReadPreconditions {
    /// `If-Match`; the empty list matches nothing.
    pub if_match: Option<EntityTags>,
    /// `If-None-Match`; an empty one counts as absent.
    pub if_none_match: Option<EntityTags>,
    /// `If-Modified-Since`.
    pub if_modified_since: Option<OffsetDateTime>,
    /// `If-Unmodified-Since`.
    pub if_unmodified_since: Option<OffsetDateTime>,
}

/// What the conditions say of an object that exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadOutcome {
    /// Answer with the object.
    Proceed,
    /// 304.
    NotModified,
    /// 412; the name stands in the element `Condition`.
    Failed(&'static str),
}

impl ReadPreconditions {
    /// Reads the headers.
    pub fn from_headers(headers: &HeaderMap) -> Self {
        Self {
            if_match: EntityTags::from_headers(headers, "if-match"),
            if_none_match: EntityTags::from_headers(headers, "if-none-match")
                .filter(|tags| !tags.is_empty()),
            if_modified_since: date(headers, "if-modified-since"),
            if_unmodified_since: date(headers, "if-unmodified-since"),
        }
    }

    /// Judges an object that exists. A missing key was answered before: it beats every condition.
    /// Dates in the future do not count for `If-Modified-Since`; `now` is the time of the request.
    pub fn evaluate(
        &self,
        etag: &ETag,
        last_modified: OffsetDateTime,
        now: OffsetDateTime,
    ) -> ReadOutcome {
        match (&self.if_match, self.if_unmodified_since) {
            (Some(tags), _) if !tags.matches(etag) => return ReadOutcome::Failed("If-Match"),
            (None, Some(date)) if modified_since(last_modified, date) => {
                return ReadOutcome::Failed("If-Unmodified-Since");
            }
            _ => {}
        }
        match (&self.if_none_match, self.if_modified_since) {
            (Some(tags), _) if tags.matches(etag) => ReadOutcome::NotModified,
            (None, Some(date)) if date <= now && !modified_since(last_modified, date) => {
                ReadOutcome::NotModified
            }
            _ => ReadOutcome::Proceed,
        }
    }
}

impl ReadOutcome {
    /// The error of a condition that failed; `None` for the other outcomes.
    pub fn error(self) -> Option<S3Error> {
        match self {
            Self::Failed(condition) => Some(S3Error::precondition_failed(condition)),
            Self::Proceed | Self::NotModified => None,
        }
    }
}
