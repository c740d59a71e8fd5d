//! Object lock headers on writes, as far as they must be noticed. Source: facts: s3-behaviour.md 17.

use http::HeaderMap;

use crate::S3Error;
use crate::request::header;

/// Whether a write carries object lock headers. The buckets here have no object lock configuration:
/// [`missing_configuration`] is the answer.
pub(crate) fn is_asked_for(headers: &HeaderMap) -> bool {
    [
        "x-amz-object-lock-mode",
        "x-amz-object-lock-retain-until-date",
        "x-amz-object-lock-legal-hold",
    ]
    .iter()
    .any(|name| header(headers, name).is_some())
}

/// The answer to lock headers on a write to a bucket without object lock.
pub fn missing_configuration() -> S3Error {
    S3Error::invalid_request("Bucket is missing ObjectLockConfiguration")
}
