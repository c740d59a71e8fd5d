//! The one test of a new bucket policy that is not about its text. Source: facts: authorization.md 5.7, 2.3.

use super::{BucketSecurity, Deny, DenyReason, PublicAccessSetting, Resource};
use crate::{Action, CompiledPolicy};

/// Refuses a public policy under `BlockPublicPolicy`, whoever brings it, the owner's root user included.
///
/// Asked after [`authorize`](super::authorize) has allowed `s3:PutBucketPolicy`.
///
/// # Errors
/// The refusal, with AWS's message in [`Deny::message`].
pub fn authorize_new_policy(
    bucket: &BucketSecurity<'_>,
    policy: &CompiledPolicy,
) -> Result<(), Deny> {
    if !(bucket.public_access_block.block_public_policy && policy.is_public()) {
        return Ok(());
    }
    Err(Deny {
        reason: DenyReason::BlockPublicAccess(PublicAccessSetting::BlockPublicPolicy),
        action: Action::PutBucketPolicy.name().into(),
        resource: Resource::Bucket(bucket.name).arn(),
        resource_owner: Some(bucket.owner),
    })
}
