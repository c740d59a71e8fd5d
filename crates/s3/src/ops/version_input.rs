//! The input of operations that need no more than one version of an object.

use buckler_policy::AccountId;

use crate::{
    BucketName, FromRequest, ObjectKey, Request, S3Error, VersionSelector, expected_bucket_owner,
};

/// A version of an object, and who should own its bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionInput {
    /// The bucket.
    pub bucket: BucketName,
    /// The object's key.
    pub key: ObjectKey,
    /// Which version.
    pub version: VersionSelector,
    /// `x-amz-expected-bucket-owner`.
    pub expected_owner: Option<AccountId>,
}

impl FromRequest for VersionInput {
    fn from_request(request: &Request<'_>) -> Result<Self, S3Error> {
        Ok(Self {
            bucket: request.bucket()?,
            key: request.key()?,
            version: VersionSelector::parse(request.query.get("versionId"))?,
            expected_owner: expected_bucket_owner(request.headers())?,
        })
    }
}
