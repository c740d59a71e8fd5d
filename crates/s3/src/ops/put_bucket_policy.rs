//! `PutBucketPolicy`: replaces the bucket policy. The body is the policy itself, which the policy engine reads.
//!
//! Source: Amazon S3 API Reference, "`PutBucketPolicy`"; facts: authorization.md 1.

use buckler_policy::AccountId;
use http::StatusCode;

use crate::{
    AlgorithmNameRule, Answer, BucketName, FromRequest, Integrity, IntoAnswer, Request, S3Error,
    expected_bucket_owner, payload,
};

/// Most bytes of a body. Ours: the limit of 20,480 bytes is on the normal form, and white space may exceed it; AWS's
/// own limit of the body is not recorded. Source: facts: authorization.md 1.4 and 1.6.
pub const DOCUMENT_BYTES_MAX: u64 = 1024 * 1024;

/// What the request's head says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// The bucket.
    pub bucket: BucketName,
    /// `x-amz-expected-bucket-owner`.
    pub expected_owner: Option<AccountId>,
    /// Claims about the body; none is demanded.
    pub integrity: Integrity,
    /// `x-amz-confirm-remove-self-bucket-access`: accepted, without effect. Source: facts: authorization.md 2.4.
    pub confirm_remove_self_bucket_access: bool,
}

impl FromRequest for Input {
    fn from_request(request: &Request<'_>) -> Result<Self, S3Error> {
        Ok(Self {
            bucket: request.bucket()?,
            expected_owner: expected_bucket_owner(request.headers())?,
            integrity: Integrity::parse(
                request.headers(),
                payload::is_streaming(request.headers()),
                AlgorithmNameRule::IgnoredWhenChecksumGiven,
            )?,
            confirm_remove_self_bucket_access: request
                .header("x-amz-confirm-remove-self-bucket-access")
                .is_some_and(|text| text.eq_ignore_ascii_case("true")),
        })
    }
}

/// Done. AWS: 204, although the API model says 200.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Output;

impl IntoAnswer for Output {
    fn into_answer(self) -> Answer {
        Answer::empty(StatusCode::NO_CONTENT)
    }
}
