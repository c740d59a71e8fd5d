//! Versions as answers show them, and delete markers as errors do.
//!
//! Source: facts: s3-behaviour.md 6.1, 6.4.

use buckler_metadata::{ObjectRow, StoreError, VersionChange};
use buckler_s3::{Detail, ErrorCode, ObjectKey, S3Error, VersionId, VersionSelector, dates};

use crate::error::store_error;
use crate::pipeline::authorize::Judge;
use crate::pipeline::load::{Bucket, InObject};

/// `x-amz-version-id` of a read: none in a bucket that never had versions.
pub(crate) fn shown(bucket: &Bucket, version_id: &VersionId) -> Option<VersionId> {
    (bucket.row.versioning.is_some() || !version_id.is_null()).then(|| version_id.clone())
}

/// The object that a read is about.
///
/// # Errors
///
/// `NoSuchKey` or `NoSuchVersion`, or a refusal for those who may not know; `MethodNotAllowed` for a delete marker that
/// is named by its id.
pub(crate) fn existing<'a>(
    judge: Judge<'_>,
    subject: &'a InObject,
    key: &ObjectKey,
    version: &VersionSelector,
) -> Result<&'a ObjectRow, S3Error> {
    let missing = match (&subject.object, version) {
        (Some(object), _) if !object.is_delete_marker => return Ok(object),
        (Some(marker), VersionSelector::Latest) => deleted(key, marker),
        (Some(marker), VersionSelector::Id(_)) => return Err(marker_by_id(judge, marker)),
        (None, _) => version.not_found(key),
    };
    Err(judge.missing_key(&subject.bucket, key, missing))
}

/// The object whose tags are read, or whose tags or ACL are changed.
///
/// # Errors
///
/// `NoSuchKey` or `NoSuchVersion`; `AccessDenied` for those who may not know; `MethodNotAllowed` for a delete marker,
/// the current version or named by its id.
pub(crate) fn undeleted<'a>(
    judge: Judge<'_>,
    subject: &'a InObject,
    key: &ObjectKey,
    version: &VersionSelector,
) -> Result<&'a ObjectRow, S3Error> {
    match &subject.object {
        Some(marker) if marker.is_delete_marker => Err(marker_by_id(judge, marker)),
        _ => existing(judge, subject, key, version),
    }
}

/// The outcome of changing tags or ACL: the version to show.
///
/// # Errors
///
/// As [`undeleted`], if the object went away meanwhile; those of the store.
pub(crate) fn changed_version(
    judge: Judge<'_>,
    outcome: Result<VersionChange, StoreError>,
    subject: &InObject,
    key: &ObjectKey,
    version: &VersionSelector,
) -> Result<Option<VersionId>, S3Error> {
    match outcome.map_err(store_error)? {
        VersionChange::Changed { version_id } => Ok(shown(&subject.bucket, &version_id)),
        VersionChange::NoSuchVersion => Err(version.not_found(key)),
        VersionChange::DeleteMarker { .. } => Err(delete_only(judge)),
    }
}

/// 404 for a key whose current version is a delete marker.
pub(crate) fn deleted(key: &ObjectKey, marker: &ObjectRow) -> S3Error {
    S3Error::no_such_key(key)
        .with_header("x-amz-delete-marker", "true")
        .with_header("x-amz-version-id", marker.version_id.as_str())
}

/// 405 for a delete marker where only an object will do: it can be deleted, and that is all.
pub(crate) fn marker_by_id(judge: Judge<'_>, marker: &ObjectRow) -> S3Error {
    delete_only(judge)
        .with_header("x-amz-delete-marker", "true")
        .with_header("x-amz-version-id", marker.version_id.as_str())
        .with_header("last-modified", &dates::http_date(marker.created_at))
}

/// The same of a marker of which no more is known.
pub(crate) fn delete_only(judge: Judge<'_>) -> S3Error {
    let method = judge.facts().request.head.method;
    S3Error::new(ErrorCode::MethodNotAllowed)
        .with_detail(Detail::Method {
            method: method.as_str().to_owned(),
            resource_type: "DeleteMarker",
        })
        .with_header("allow", "DELETE")
}
