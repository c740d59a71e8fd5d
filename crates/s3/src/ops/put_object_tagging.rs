//! `PutObjectTagging`: replaces the tags of one version of an object.
//!
//! Source: Amazon S3 API Reference, "`PutObjectTagging`"; facts: s3-behaviour.md 13.

use buckler_policy::AccountId;
use http::StatusCode;

use crate::{
    AlgorithmNameRule, Answer, BucketName, FromRequest, Integrity, IntoAnswer, ObjectKey, Request,
    S3Error, TagSet, VersionId, VersionSelector, expected_bucket_owner, tagging,
};

/// Most bytes of the document. Ours: ten tags in references of eight characters per character have 38 KB.
pub const DOCUMENT_BYTES_MAX: u64 = 64 * 1024;

/// What the request's head says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// The bucket.
    pub bucket: BucketName,
    /// The object's key.
    pub key: ObjectKey,
    /// Which version.
    pub version: VersionSelector,
    /// Claims about the body; none is demanded.
    pub integrity: Integrity,
    /// `x-amz-expected-bucket-owner`.
    pub expected_owner: Option<AccountId>,
}

impl FromRequest for Input {
    fn from_request(request: &Request<'_>) -> Result<Self, S3Error> {
        Ok(Self {
            bucket: request.bucket()?,
            key: request.key()?,
            version: VersionSelector::parse(request.query.get("versionId"))?,
            expected_owner: expected_bucket_owner(request.headers())?,
            integrity: Integrity::parse(request.headers(), false, AlgorithmNameRule::MustMatch)?,
        })
    }
}

/// The body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// The new tags, possibly none.
    pub tags: TagSet,
}

impl Document {
    /// Reads a `Tagging`.
    ///
    /// # Errors
    /// `MissingRequestBodyError`, `MalformedXML`, `InvalidTag`, `BadRequest` for more than ten.
    pub fn parse(body: &[u8]) -> Result<Self, S3Error> {
        Ok(Self {
            tags: tagging::parse_object(body)?,
        })
    }
}

/// Done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// The version that was tagged, in a bucket with versions.
    pub version_id: Option<VersionId>,
}

impl IntoAnswer for Output {
    fn into_answer(self) -> Answer {
        Answer::empty(StatusCode::OK).with_version(self.version_id.as_ref())
    }
}
