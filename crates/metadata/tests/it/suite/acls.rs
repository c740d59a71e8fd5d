//! ACLs and owners of buckets, versions and uploads.

use buckler_metadata::{
    BucketChange, BucketRow, CreateBucket, OwnershipChange, Store, VersionChange,
};
use buckler_policy::{Acl, AclPermission, CanonicalId, Grant, Grantee};
use buckler_s3::{ObjectOwnership, VersionId, VersionSelector};

use crate::{
    backends::on_every_database,
    fixtures::{bucket, deletion, key, main_account, new_bucket, now, object, other_account},
    upload_fixtures::{complete, completion, new_upload, put_parts, upload_id},
};

on_every_database!(
    acls_read_back_as_written,
    a_bucket_acl_is_a_change_of_the_bucket,
    ownership_is_enforced_only_where_nobody_else_is_granted_anything,
    ownership_controls_can_be_deleted,
    an_object_acl_is_set_on_one_version,
    what_nobody_signed_has_no_account,
    an_upload_keeps_its_acl_until_it_is_completed,
);

const LATEST: VersionSelector = VersionSelector::Latest;

/// Every kind of grantee and permission.
fn everything() -> Acl {
    let grantees = [
        Grantee::CanonicalUser(other_account().canonical_id),
        Grantee::CanonicalUser(CanonicalId::ANONYMOUS),
        Grantee::AllUsers,
        Grantee::AuthenticatedUsers,
        Grantee::LogDelivery,
    ];
    let permissions = [
        AclPermission::FullControl,
        AclPermission::Read,
        AclPermission::Write,
        AclPermission::ReadAcp,
        AclPermission::WriteAcp,
    ];
    let grants = grantees.into_iter().zip(permissions);
    let grants = grants.map(|(grantee, permission)| Grant {
        grantee,
        permission,
    });
    Acl::new(main_account().canonical_id, grants.collect())
}

fn nothing() -> Acl {
    Acl::new(main_account().canonical_id, Vec::new())
}

async fn read(store: &Store, bucket: &BucketRow) -> BucketRow {
    store.bucket(&bucket.name).await.unwrap().unwrap()
}

async fn object_acl(store: &Store, bucket: i64, version: &VersionSelector) -> Acl {
    let found = store.head_object(bucket, &key("a"), version).await.unwrap();
    found.unwrap().acl
}

async fn acls_read_back_as_written(store: Store) {
    store.upsert_account(main_account(), now()).await.unwrap();
    for (number, acl) in [Acl::OwnersAlone, everything(), nothing()]
        .into_iter()
        .enumerate()
    {
        let mut new = new_bucket(&format!("bucket-{number}"), &main_account());
        new.acl = acl.clone();
        let CreateBucket::Created(made) = store.create_bucket(new).await.unwrap() else {
            panic!("the name is taken");
        };
        assert_eq!(made.acl, acl);
        let mut new = object(made.id, "a", "1");
        new.acl = acl.clone();
        store.put_object(new).await.unwrap();
        assert_eq!(object_acl(&store, made.id, &LATEST).await, acl);
        let got = store.get_object(made.id, &key("a"), &LATEST).await;
        assert_eq!(got.unwrap().unwrap().object.acl, acl);
    }
}

async fn a_bucket_acl_is_a_change_of_the_bucket(store: Store) {
    let made = bucket(&store).await;
    assert_eq!(made.acl, Acl::OwnersAlone);
    let before = store.freshness().await.unwrap();
    for acl in [everything(), nothing(), Acl::OwnersAlone] {
        let put = store.put_bucket_acl(made.id, acl.clone()).await;
        assert_eq!(put.unwrap(), BucketChange::Changed);
        assert_eq!(read(&store, &made).await.acl, acl);
    }
    let row = read(&store, &made).await;
    assert_eq!(row.security_version, made.security_version + 3);
    assert!(store.freshness().await.unwrap().buckets >= before.buckets + 3);
    let gone = store.put_bucket_acl(made.id + 1, everything()).await;
    assert_eq!(gone.unwrap(), BucketChange::NoSuchBucket);
}

async fn ownership_is_enforced_only_where_nobody_else_is_granted_anything(store: Store) {
    let made = bucket(&store).await;
    let owner = main_account().canonical_id;
    let of = |grantee| Grant {
        grantee,
        permission: AclPermission::Read,
    };
    let own = of(Grantee::CanonicalUser(owner));
    let enforced = Some(ObjectOwnership::BucketOwnerEnforced);
    let writer = Some(ObjectOwnership::ObjectWriter);
    for (grants, expected) in [
        (vec![], OwnershipChange::Changed),
        (vec![own], OwnershipChange::Changed),
        (
            vec![own, of(Grantee::AllUsers)],
            OwnershipChange::AclGrantsOthers,
        ),
        (
            vec![of(Grantee::LogDelivery)],
            OwnershipChange::AclGrantsOthers,
        ),
    ] {
        let changed = store.put_ownership_controls(made.id, writer).await;
        assert_eq!(changed.unwrap(), OwnershipChange::Changed);
        let acl = Acl::new(owner, grants);
        store.put_bucket_acl(made.id, acl.clone()).await.unwrap();
        let changed = store.put_ownership_controls(made.id, enforced).await;
        assert_eq!(changed.unwrap(), expected, "{acl:?}");
        let row = read(&store, &made).await;
        let is_changed = expected == OwnershipChange::Changed;
        let controls = if is_changed { enforced } else { writer };
        assert_eq!((row.ownership_controls, row.acl), (controls, acl));
    }
    for controls in [enforced, None] {
        let gone = store.put_ownership_controls(made.id + 1, controls).await;
        assert_eq!(gone.unwrap(), OwnershipChange::NoSuchBucket);
    }
}

async fn ownership_controls_can_be_deleted(store: Store) {
    let made = bucket(&store).await;
    for _ in 0..2 {
        let deleted = store.put_ownership_controls(made.id, None).await;
        assert_eq!(deleted.unwrap(), OwnershipChange::Changed);
        let row = read(&store, &made).await;
        assert_eq!(row.ownership_controls, None);
        assert_eq!(row.object_ownership(), ObjectOwnership::ObjectWriter);
    }
}

async fn an_object_acl_is_set_on_one_version(store: Store) {
    let bucket = bucket(&store).await.id;
    store.put_object(object(bucket, "a", "1")).await.unwrap();
    let enabled = buckler_s3::Versioning::Enabled;
    let versioned = store.put_bucket_versioning(bucket, enabled, None).await;
    assert_eq!(versioned.unwrap(), BucketChange::Changed);
    store.put_object(object(bucket, "a", "2")).await.unwrap();
    let null = VersionSelector::Id(VersionId::null());
    let put = store.put_object_acl(bucket, key("a"), null.clone(), everything());
    let version_id = VersionId::null();
    assert_eq!(put.await.unwrap(), VersionChange::Changed { version_id });
    assert_eq!(object_acl(&store, bucket, &LATEST).await, Acl::OwnersAlone);
    assert_eq!(object_acl(&store, bucket, &null).await, everything());
    let put = store.put_object_acl(bucket, key("a"), LATEST, nothing());
    assert!(matches!(put.await.unwrap(), VersionChange::Changed { .. }));
    let put = store.put_object_acl(bucket, key("a"), null.clone(), Acl::OwnersAlone);
    put.await.unwrap();
    assert_eq!(object_acl(&store, bucket, &LATEST).await, nothing());
    assert_eq!(object_acl(&store, bucket, &null).await, Acl::OwnersAlone);

    let absent = store.put_object_acl(bucket, key("b"), LATEST, nothing());
    assert_eq!(absent.await.unwrap(), VersionChange::NoSuchVersion);
    let marker = crate::fixtures::delete_entry("a", LATEST);
    store
        .delete_objects(deletion(bucket), vec![marker])
        .await
        .unwrap();
    let marker = store.put_object_acl(bucket, key("a"), LATEST, nothing());
    let marker = marker.await.unwrap();
    assert!(matches!(marker, VersionChange::DeleteMarker { .. }));
}

async fn what_nobody_signed_has_no_account(store: Store) {
    let bucket = bucket(&store).await.id;
    let mut new = object(bucket, "a", "1");
    new.owner = None;
    store.put_object(new).await.unwrap();
    let row = store.head_object(bucket, &key("a"), &LATEST).await;
    let row = row.unwrap().unwrap();
    assert_eq!(row.owner, None);
    assert_eq!(row.owner_canonical_id, CanonicalId::ANONYMOUS);

    let mut new = new_upload(bucket, "b", 1);
    new.owner = None;
    store.create_upload(new).await.unwrap();
    let row = store.upload(bucket, &key("b"), &upload_id(1)).await;
    let row = row.unwrap().unwrap();
    assert_eq!(row.owner_canonical_id, CanonicalId::ANONYMOUS);
}

async fn an_upload_keeps_its_acl_until_it_is_completed(store: Store) {
    let bucket = bucket(&store).await.id;
    let mut new = new_upload(bucket, "a", 1);
    new.acl = everything();
    store.create_upload(new).await.unwrap();
    let parts = put_parts(&store, bucket, &["one"]).await;
    complete(&store, completion(bucket, &parts)).await;
    assert_eq!(object_acl(&store, bucket, &LATEST).await, everything());
}
