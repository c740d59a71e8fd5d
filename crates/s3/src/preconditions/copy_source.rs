//! Conditions on the source of a copy. Source: facts: s3-behaviour.md 7.3.

use http::HeaderMap;
use time::OffsetDateTime;

use super::{date, modified_since};
use crate::{ETag, EntityTags, S3Error};

/// The four `x-amz-copy-source-if-*` headers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CopySourcePreconditions {
    /// `x-amz-copy-source-if-match`.
    pub if_match: Option<EntityTags>,
    /// `x-amz-copy-source-if-none-match`.
    pub if_none_match: Option<EntityTags>,
    /// `x-amz-copy-source-if-modified-since`.
    pub if_modified_since: Option<OffsetDateTime>,
    /// `x-amz-copy-source-if-unmodified-since`.
    pub if_unmodified_since: Option<OffsetDateTime>,
}

impl CopySourcePreconditions {
    /// Reads the headers. Malformed dates are ignored.
    pub fn from_headers(headers: &HeaderMap) -> Self {
        Self {
            if_match: EntityTags::from_headers(headers, "x-amz-copy-source-if-match"),
            if_none_match: EntityTags::from_headers(headers, "x-amz-copy-source-if-none-match")
                .filter(|tags| !tags.is_empty()),
            if_modified_since: date(headers, "x-amz-copy-source-if-modified-since"),
            if_unmodified_since: date(headers, "x-amz-copy-source-if-unmodified-since"),
        }
    }

    /// Judges a source that exists.
    ///
    /// # Errors
    /// `PreconditionFailed` (412, never 304) with the condition's name.
    pub fn evaluate(
        &self,
        etag: &ETag,
        last_modified: OffsetDateTime,
        now: OffsetDateTime,
    ) -> Result<(), S3Error> {
        let failed = |condition| Err(S3Error::precondition_failed(condition));
        match (&self.if_match, self.if_unmodified_since) {
            (Some(tags), _) if !tags.matches(etag) => return failed("x-amz-copy-source-If-Match"),
            (None, Some(date)) if modified_since(last_modified, date) => {
                return failed("x-amz-copy-source-If-Unmodified-Since");
            }
            _ => {}
        }
        match (&self.if_none_match, self.if_modified_since) {
            (Some(tags), _) if tags.matches(etag) => failed("x-amz-copy-source-If-None-Match"),
            (None, Some(date)) if date <= now && !modified_since(last_modified, date) => {
                failed("x-amz-copy-source-If-Modified-Since")
            }
            _ => Ok(()),
        }
    }
}
