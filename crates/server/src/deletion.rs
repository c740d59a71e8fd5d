//! What DeleteObject and DeleteObjects share.

use buckler_metadata::{DeleteCondition, IfMatch};
use buckler_policy::Action;
use buckler_s3::{DeleteCondition as Wire, DeletePreconditions, VersionSelector};

use crate::publish::if_match;

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

/// The condition as the store judges it.
pub(crate) fn delete_condition(preconditions: &DeletePreconditions) -> DeleteCondition {
    match &preconditions.condition {
        Wire::None => DeleteCondition::None,
        Wire::Any => DeleteCondition::IfMatch(IfMatch::Any),
        Wire::Tag(tag) => DeleteCondition::IfMatch(if_match(tag)),
        Wire::Never => DeleteCondition::IfMatch(IfMatch::Nothing),
    }
}
