//! The header `x-amz-copy-source`. Source: facts: s3-behaviour.md 7.1.

use http::HeaderMap;

use crate::routing::percent;
use crate::{BucketName, ObjectKey, S3Error, VersionId, VersionSelector};

const HEADER: &str = "x-amz-copy-source";

/// What is copied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopySource {
    /// The source's bucket.
    pub bucket: BucketName,
    /// The source's key.
    pub key: ObjectKey,
    /// Which version of it.
    pub version: VersionSelector,
    /// The header as sent, which the condition key `s3:x-amz-copy-source` sees.
    pub raw: String,
}

impl CopySource {
    /// Reads `[/]bucket/key[?versionId=id]`, percent-decoded once; `+` is a space.
    ///
    /// AWS: a plus sign is `%2B` here, other than in paths. Recorded by LocalStack's suite, and seen by the SDKs' users
    /// (aws-cli 614, aws-sdk-php 236 and 379, aws-sdk-js 1821); facts: s3-behaviour.md 7.1 has it otherwise.
    ///
    /// # Errors
    /// `InvalidArgument` for a broken escape, a missing key and a bad bucket name; `InvalidRequest` for a malformed
    /// version id.
    pub fn from_headers(headers: &HeaderMap) -> Result<Self, S3Error> {
        Self::read(headers, |id| {
            VersionId::parse(id)
                .map(VersionSelector::Id)
                .map_err(|_| S3Error::invalid_request("Invalid Request"))
        })
    }

    /// As [`CopySource::from_headers`], for `UploadPartCopy`.
    ///
    /// # Errors
    /// The same, but for a malformed version id. AWS: `CopyObject` says `Invalid Request`, `UploadPartCopy` names the
    /// version id.
    pub fn of_part(headers: &HeaderMap) -> Result<Self, S3Error> {
        Self::read(headers, |id| VersionSelector::parse(Some(id)))
    }

    fn read(
        headers: &HeaderMap,
        parse_version: fn(&str) -> Result<VersionSelector, S3Error>,
    ) -> Result<Self, S3Error> {
        let raw = crate::request::header_text(headers, HEADER).unwrap_or_default();
        let (path, version) = split_version(&raw);
        let path =
            percent::decode_form(path).map_err(|_| invalid("Invalid copy source encoding"))?;
        let path = path.strip_prefix('/').unwrap_or(&path);
        let (bucket, key) = path.split_once('/').unwrap_or((path, ""));
        if key.is_empty() {
            return Err(invalid("Invalid copy source object key"));
        }
        let bucket =
            BucketName::parse(bucket).map_err(|_| invalid("Invalid copy source bucket name"))?;
        let key = ObjectKey::parse_or_refuse(key)?;
        let version = version.map_or(Ok(VersionSelector::Latest), parse_version)?;
        Ok(Self {
            bucket,
            key,
            version,
            raw,
        })
    }
}

/// Cuts `?versionId=` off. A `?` that begins anything else belongs to the key.
fn split_version(raw: &str) -> (&str, Option<&str>) {
    match raw.rsplit_once('?') {
        Some((path, query)) => match query.strip_prefix("versionId=") {
            Some(id) => (path, Some(id)),
            None => (raw, None),
        },
        None => (raw, None),
    }
}

/// AWS: `ArgumentValue` is the header's name, too, as recorded.
fn invalid(message: &'static str) -> S3Error {
    S3Error::invalid_argument(message, HEADER, Some(HEADER))
}
