//! What DeleteObject and DeleteObjects share.

use buckler_metadata::{DeleteCondition, DeleteEntry, Deletion, IfMatch};
use buckler_policy::Action;
use buckler_s3::{
    DeleteCondition as Wire, DeletePreconditions, ObjectKey, S3Error, VersionSelector,
};

use crate::pipeline::context_keys::RequestFacts;
use crate::pipeline::load::Bucket;
use crate::publish::{if_match, new_owner, version_nonce};

/// The permissions of one deletion. Bypassing governance retention is one of its own, needed with
/// a version id whether that version exists or not (facts: authorization.md 4.4).
pub(crate) fn delete_actions(
    version: &VersionSelector,
    bypass_governance_retention: bool,
) -> impl Iterator<Item = Action> {
    let (delete, bypass) = match version {
        VersionSelector::Latest => (Action::DeleteObject, None),
        VersionSelector::Id(_) => (
            Action::DeleteObjectVersion,
            bypass_governance_retention.then_some(Action::BypassGovernanceRetention),
        ),
    };
    std::iter::once(delete).chain(bypass)
}

/// What the deletions of one request have in common. A delete marker is owned as an object would be.
pub(crate) fn deletion(bucket: &Bucket, facts: &RequestFacts<'_>) -> Deletion {
    Deletion {
        bucket_id: bucket.row.id,
        marker_owner: new_owner(bucket, facts.caller, None).account,
        now: facts.now,
    }
}

/// One deletion as the store carries it out.
///
/// # Errors
///
/// As [`version_nonce`].
pub(crate) fn delete_entry(
    key: &ObjectKey,
    version: VersionSelector,
    preconditions: &DeletePreconditions,
) -> Result<DeleteEntry, S3Error> {
    Ok(DeleteEntry {
        key: key.clone(),
        version,
        condition: delete_condition(preconditions),
        nonce: version_nonce()?,
    })
}

/// The condition as the store judges it.
fn delete_condition(preconditions: &DeletePreconditions) -> DeleteCondition {
    match &preconditions.condition {
        Wire::None => DeleteCondition::None,
        Wire::Any => DeleteCondition::IfMatch(IfMatch::Any),
        Wire::Tag(tag) => DeleteCondition::IfMatch(if_match(tag)),
        Wire::Never => DeleteCondition::IfMatch(IfMatch::Nothing),
    }
}
