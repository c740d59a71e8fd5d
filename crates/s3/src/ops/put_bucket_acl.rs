//! `PutBucketAcl`: replaces the ACL of a bucket.
//!
//! Source: Amazon S3 API Reference, "`PutBucketAcl`"; facts: s3-behaviour.md 14.

use buckler_policy::AccountId;
use http::StatusCode;

use crate::{
    AlgorithmNameRule, Answer, BucketName, CannedAcl, FromRequest, Integrity, IntoAnswer, Request,
    RequestedAcl, S3Error, expected_bucket_owner,
};

pub use crate::acl::{
    ACL_DOCUMENT_BYTES_MAX as DOCUMENT_BYTES_MAX, AccessControlPolicy as Document,
};

/// What the request's head says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// The bucket.
    pub bucket: BucketName,
    /// The ACL of the headers; `None` if it is in the body.
    pub acl: Option<RequestedAcl>,
    /// `x-amz-expected-bucket-owner`.
    pub expected_owner: Option<AccountId>,
    /// Claims about the body; none is demanded.
    pub integrity: Integrity,
}

impl FromRequest for Input {
    fn from_request(request: &Request<'_>) -> Result<Self, S3Error> {
        let headers = request.headers();
        Ok(Self {
            bucket: request.bucket()?,
            acl: RequestedAcl::from_headers(headers, &CannedAcl::OF_BUCKETS)?,
            expected_owner: expected_bucket_owner(headers)?,
            integrity: Integrity::parse(headers, false, AlgorithmNameRule::MustMatch)?,
        })
    }
}

/// Done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Output;

impl IntoAnswer for Output {
    fn into_answer(self) -> Answer {
        Answer::empty(StatusCode::OK)
    }
}
