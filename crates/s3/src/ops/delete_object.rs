//! `DeleteObject`: deletes an object, or one version of it.
//!
//! Source: Amazon S3 API Reference, "`DeleteObject`"; facts: s3-behaviour.md 8.2 and 9.

use buckler_policy::AccountId;
use http::StatusCode;

use crate::{
    Answer, BucketName, DeletePreconditions, FromRequest, IntoAnswer, ObjectKey, Request, S3Error,
    VersionId, VersionSelector, expected_bucket_owner, payload,
};

/// What the request says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// The bucket.
    pub bucket: BucketName,
    /// The object's key.
    pub key: ObjectKey,
    /// Which version.
    pub version: VersionSelector,
    /// `If-Match`.
    pub preconditions: DeletePreconditions,
    /// `x-amz-bypass-governance-retention: true`.
    pub bypass_governance_retention: bool,
    /// `x-amz-expected-bucket-owner`.
    pub expected_owner: Option<AccountId>,
}

impl FromRequest for Input {
    fn from_request(request: &Request<'_>) -> Result<Self, S3Error> {
        let headers = request.headers();
        payload::refuse_directory_headers(headers)?;
        Ok(Self {
            bucket: request.bucket()?,
            key: request.key()?,
            version: VersionSelector::parse(request.query.get("versionId"))?,
            preconditions: DeletePreconditions::from_headers(headers)?,
            bypass_governance_retention: bypass_governance_retention(request),
            expected_owner: expected_bucket_owner(headers)?,
        })
    }
}

pub(super) fn bypass_governance_retention(request: &Request<'_>) -> bool {
    request
        .header("x-amz-bypass-governance-retention")
        .is_some_and(|text| text.eq_ignore_ascii_case("true"))
}

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Output {
    /// The version that was deleted, or the marker that was made; `None` in a bucket that never had versions.
    pub version_id: Option<VersionId>,
    /// Whether that is a delete marker.
    pub delete_marker: bool,
}

impl IntoAnswer for Output {
    fn into_answer(self) -> Answer {
        Answer::empty(StatusCode::NO_CONTENT)
            .with_optional("x-amz-delete-marker", self.delete_marker.then_some("true"))
            .with_version(self.version_id.as_ref())
    }
}
