//! `AbortMultipartUpload`: gives an upload and its parts up.
//!
//! Source: Amazon S3 API Reference, "`AbortMultipartUpload`"; facts: s3-behaviour.md 10.1.

use buckler_policy::AccountId;
use http::StatusCode;

use super::UploadTarget;
use crate::{Answer, FromRequest, IntoAnswer, Request, S3Error, expected_bucket_owner};

/// What the request says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// The upload.
    pub target: UploadTarget,
    /// `x-amz-expected-bucket-owner`.
    pub expected_owner: Option<AccountId>,
}

impl FromRequest for Input {
    fn from_request(request: &Request<'_>) -> Result<Self, S3Error> {
        const OF_DIRECTORY_BUCKETS: &str = "x-amz-if-match-initiated-time";
        let headers = request.headers();
        if headers.contains_key(OF_DIRECTORY_BUCKETS) {
            return Err(S3Error::header_not_implemented(OF_DIRECTORY_BUCKETS));
        }
        Ok(Self {
            target: UploadTarget::from_request(request)?,
            expected_owner: expected_bucket_owner(headers)?,
        })
    }
}

/// 204.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Output;

impl IntoAnswer for Output {
    fn into_answer(self) -> Answer {
        Answer::empty(StatusCode::NO_CONTENT)
    }
}
