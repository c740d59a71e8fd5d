//! Requests that present nothing.

use crate::{AuthError, Payload, Request, timestamp};

/// Judges what an anonymous request may still say wrongly.
///
/// Source: facts: s3-behaviour.md 1.5 (a malformed `x-amz-date` alone is refused), 3.1 and 3.3.
pub(crate) fn read(request: &Request<'_>) -> Result<Option<Payload>, AuthError> {
    if let Some(date) = request.header_text("x-amz-date")
        && timestamp::parse_basic(&date).is_none()
    {
        return Err(AuthError::DateMissing);
    }
    let Some(value) = request.header_text("x-amz-content-sha256") else {
        return Ok(None);
    };
    match Payload::from_header(&value) {
        None => Err(AuthError::PayloadHashInvalid { value }),
        Some(payload) if payload.has_signed_chunks() => Err(AuthError::AnonymousSignedStreaming),
        Some(payload) => Ok(Some(payload)),
    }
}
