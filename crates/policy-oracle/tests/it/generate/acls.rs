//! ACLs.

use crate::{both::Acls, world::canonical_id};
use buckler_policy::{AclPermission, CanonicalId, Grant, Grantee, ObjectOwnership};
use proptest::{prelude::*, sample::select};

fn grants() -> impl Strategy<Value = Vec<Grant>> {
    let grantees = select(vec![
        Grantee::AllUsers,
        Grantee::AuthenticatedUsers,
        Grantee::LogDelivery,
        Grantee::CanonicalUser(CanonicalId::ANONYMOUS),
        Grantee::CanonicalUser(canonical_id("111111111111")),
        Grantee::CanonicalUser(canonical_id("222222222222")),
    ]);
    let permissions = select(vec![
        AclPermission::Read,
        AclPermission::Write,
        AclPermission::ReadAcp,
        AclPermission::WriteAcp,
        AclPermission::FullControl,
    ]);
    let grant = (grantees, permissions).prop_map(|(grantee, permission)| Grant {
        grantee,
        permission,
    });
    prop::collection::vec(grant, 0..3)
}

/// Object Ownership, `IgnorePublicAcls`, and the ACLs of bucket and object.
pub(crate) fn acls() -> impl Strategy<Value = Acls> {
    let ownership = select(vec![
        ObjectOwnership::BucketOwnerEnforced,
        ObjectOwnership::BucketOwnerPreferred,
        ObjectOwnership::ObjectWriter,
    ]);
    let object = (select(vec!["111111111111", "222222222222"]), grants());
    (ownership, any::<bool>(), grants(), prop::option::of(object)).prop_map(
        |(object_ownership, ignore_public, bucket, object)| Acls {
            object_ownership,
            ignore_public,
            bucket,
            object,
        },
    )
}
