//! The tests of a new bucket policy or ACL that are not about its text. Source: facts: authorization.md 5.7, 2.3.

use super::{BucketSecurity, Deny, PublicAccessSetting, Refused, Resource, ResourceName};
use crate::{Action, CompiledPolicy};

/// Refuses a public policy under `BlockPublicPolicy`, whoever brings it, the owner's root user included.
///
/// Asked after [`authorize`](super::authorize) has allowed `s3:PutBucketPolicy`.
///
/// # Errors
/// The refusal, with AWS's message in [`Deny::message`].
pub fn authorize_new_policy<'a>(
    bucket: &BucketSecurity<'a>,
    policy: &CompiledPolicy,
) -> Result<(), Deny<'a>> {
    if !(bucket.public_access_block.block_public_policy && policy.is_public()) {
        return Ok(());
    }
    Err(Deny {
        reason: Refused::BlockPublicAccess(PublicAccessSetting::BlockPublicPolicy),
        action: Action::PutBucketPolicy.name(),
        resource: ResourceName::S3(Resource::Bucket(bucket.name)),
        resource_owner: Some(bucket.owner),
    })
}

/// Refuses an ACL that is public (it grants something to a [public](crate::Grantee::is_public) grantee) under `BlockPublicAcls`, whoever brings it, the owner's root user included.
///
/// Asked after [`authorize`](super::authorize) has allowed the request; `action` and `resource` are those of the
/// operation, which the refusal names.
///
/// # Errors
/// The refusal, with AWS's message in [`Deny::message`].
pub fn authorize_new_acl<'a>(
    bucket: &BucketSecurity<'_>,
    action: Action,
    resource: Resource<'a>,
    is_public: bool,
) -> Result<(), Deny<'a>> {
    if !(bucket.public_access_block.block_public_acls && is_public) {
        return Ok(());
    }
    Err(Deny {
        reason: Refused::BlockPublicAccess(PublicAccessSetting::BlockPublicAcls),
        action: action.name(),
        resource: ResourceName::S3(resource),
        resource_owner: Some(bucket.owner),
    })
}
