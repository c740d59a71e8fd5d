//! `PutObjectAcl`: replaces the ACL of one version of an object.
//!
//! Source: Amazon S3 API Reference, "`PutObjectAcl`"; facts: s3-behaviour.md 14.

use buckler_policy::AccountId;
use http::StatusCode;

use crate::{
    AlgorithmNameRule, Answer, BucketName, CannedAcl, FromRequest, Integrity, IntoAnswer,
    ObjectKey, Request, RequestedAcl, S3Error, VersionId, VersionSelector, expected_bucket_owner,
};

pub use crate::acl::{
    ACL_DOCUMENT_BYTES_MAX as DOCUMENT_BYTES_MAX, AccessControlPolicy as Document,
};

/// What the request's head says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// The bucket.
    pub bucket: BucketName,
    /// The object's key.
    pub key: ObjectKey,
    /// Which version.
    pub version: VersionSelector,
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
            key: request.key()?,
            version: VersionSelector::parse(request.query.get("versionId"))?,
            acl: RequestedAcl::from_headers(headers, &CannedAcl::OF_OBJECTS)?,
            expected_owner: expected_bucket_owner(headers)?,
            integrity: Integrity::parse(headers, false, AlgorithmNameRule::MustMatch)?,
        })
    }
}

/// Done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// The version whose ACL was set, in a bucket with versions.
    pub version_id: Option<VersionId>,
}

impl IntoAnswer for Output {
    fn into_answer(self) -> Answer {
        Answer::empty(StatusCode::OK).with_version(self.version_id.as_ref())
    }
}
