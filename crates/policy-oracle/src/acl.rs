//! What ACLs grant. Source: facts: authorization.md 5.6.

use crate::{Bucket, Check};
use buckler_policy::{AclPermission, CallerKind, CanonicalId, Grant, Grantee};

/// Whether an ACL grants the action to the caller.
pub(crate) fn grants(bucket: &Bucket<'_>, check: &Check<'_>, caller: &CallerKind<'_>) -> bool {
    let caller = match caller {
        CallerKind::Anonymous => None,
        CallerKind::Service { .. } | CallerKind::Federated { .. } => return false,
        CallerKind::Root { account }
        | CallerKind::User { account, .. }
        | CallerKind::AssumedRole { account, .. }
        | CallerKind::FederatedUser { account, .. } => Some(account.canonical_id),
    };
    if !bucket.object_ownership.acls_enabled() {
        return false;
    }
    let object = check.object.map_or(&[][..], |object| object.acl);
    let (acl, wanted) = match check.action {
        "s3:ListBucket" | "s3:ListBucketVersions" | "s3:ListBucketMultipartUploads" => {
            (bucket.acl, AclPermission::Read)
        }
        "s3:PutObject" => (bucket.acl, AclPermission::Write),
        "s3:GetBucketAcl" => (bucket.acl, AclPermission::ReadAcp),
        "s3:PutBucketAcl" => (bucket.acl, AclPermission::WriteAcp),
        "s3:GetObject" | "s3:GetObjectVersion" => (object, AclPermission::Read),
        "s3:GetObjectAcl" | "s3:GetObjectVersionAcl" => (object, AclPermission::ReadAcp),
        "s3:PutObjectAcl" | "s3:PutObjectVersionAcl" => (object, AclPermission::WriteAcp),
        _ => return false,
    };
    let ignore_public = bucket.public_access_block.ignore_public_acls;
    acl.iter()
        .any(|grant| is_for(grant, wanted, caller, ignore_public))
}

fn is_for(
    grant: &Grant,
    wanted: AclPermission,
    caller: Option<CanonicalId>,
    ignore_public: bool,
) -> bool {
    let permits = grant.permission == wanted || grant.permission == AclPermission::FullControl;
    let names = match grant.grantee {
        // The canonical id of anonymous writers is everybody's without a signature.
        Grantee::CanonicalUser(CanonicalId::ANONYMOUS) => !ignore_public && caller.is_none(),
        Grantee::CanonicalUser(id) => caller == Some(id),
        Grantee::AllUsers => !ignore_public,
        Grantee::AuthenticatedUsers => !ignore_public && caller.is_some(),
        Grantee::LogDelivery => false,
    };
    permits && names
}
