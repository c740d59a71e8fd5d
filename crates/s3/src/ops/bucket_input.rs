//! The input of operations that need no more than a bucket.

use buckler_policy::AccountId;

use crate::{BucketName, FromRequest, Request, S3Error, expected_bucket_owner};

/// A bucket, and who should own it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BucketInput {
    /// The bucket.
    pub bucket: BucketName,
    /// `x-amz-expected-bucket-owner`.
    pub expected_owner: Option<AccountId>,
}

impl FromRequest for BucketInput {
    fn from_request(request: &Request<'_>) -> Result<Self, S3Error> {
        Ok(Self {
            bucket: request.bucket()?,
            expected_owner: expected_bucket_owner(request.headers())?,
        })
    }
}
