//! What the operations on tags share.

use buckler_metadata::{ObjectRow, ReplaceTags, StoreError};
use buckler_policy::Action;
use buckler_s3::{ObjectKey, S3Error, VersionId, VersionSelector};

use crate::error::store_error;
use crate::operation::Need;
use crate::pipeline::authorize::Judge;
use crate::pipeline::load::InObject;
use crate::versions::{delete_only, existing, marker_by_id, shown};

/// Tagging a version by its id is a permission of its own: `(of the latest, of a version)`.
pub(crate) fn tagging_permission<'a>(
    (latest, by_id): (Action, Action),
    version: &VersionSelector,
    key: &'a ObjectKey,
    subject: &'a InObject,
) -> Need<'a> {
    let action = match version {
        VersionSelector::Latest => latest,
        VersionSelector::Id(_) => by_id,
    };
    Need {
        object: subject.object.as_ref(),
        ..Need::on_object(action, &subject.bucket, key)
    }
}

/// The object that the operation is about.
///
/// # Errors
///
/// `NoSuchKey` or `NoSuchVersion`; `AccessDenied` for those who may not know; `MethodNotAllowed` for a delete marker,
/// the current version or named by its id.
pub(crate) fn tagged<'a>(
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

/// The outcome of replacing tags: the version to show.
///
/// # Errors
///
/// As [`tagged`], if the object went away meanwhile; those of the store.
pub(crate) fn tags_replaced(
    judge: Judge<'_>,
    outcome: Result<ReplaceTags, StoreError>,
    subject: &InObject,
    key: &ObjectKey,
    version: &VersionSelector,
) -> Result<Option<VersionId>, S3Error> {
    match outcome.map_err(store_error)? {
        ReplaceTags::Replaced { version_id } => Ok(shown(&subject.bucket, &version_id)),
        ReplaceTags::NoSuchVersion => Err(version.not_found(key)),
        ReplaceTags::DeleteMarker { .. } => Err(delete_only(judge)),
    }
}
