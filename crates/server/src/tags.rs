//! What the operations on tags share.

use buckler_metadata::{ObjectRow, ReplaceTags, StoreError};
use buckler_policy::Action;
use buckler_s3::{ErrorCode, ObjectKey, S3Error, VersionSelector};

use crate::error::store_error;
use crate::operation::Need;
use crate::pipeline::authorize::Judge;
use crate::pipeline::load::InObject;

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
/// `NoSuchKey` or `NoSuchVersion`; `AccessDenied` for those who may not know.
pub(crate) fn existing<'a>(
    judge: Judge<'_>,
    subject: &'a InObject,
    key: &ObjectKey,
    version: &VersionSelector,
) -> Result<&'a ObjectRow, S3Error> {
    subject
        .object
        .as_ref()
        .ok_or_else(|| judge.missing_key(&subject.bucket, key, version.not_found(key)))
}

/// The outcome of replacing tags.
///
/// # Errors
///
/// As [`existing`], if the object went away meanwhile; those of the store.
pub(crate) fn tags_replaced(
    outcome: Result<ReplaceTags, StoreError>,
    key: &ObjectKey,
    version: &VersionSelector,
) -> Result<(), S3Error> {
    match outcome.map_err(store_error)? {
        ReplaceTags::Replaced { .. } => Ok(()),
        ReplaceTags::NoSuchVersion => Err(version.not_found(key)),
        ReplaceTags::DeleteMarker { .. } => Err(S3Error::new(ErrorCode::MethodNotAllowed)),
    }
}
