//! What the operations on tags share.

use buckler_policy::Action;
use buckler_s3::{ObjectKey, VersionSelector};

use crate::operation::Need;
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
