//! Buckets and their settings.

use buckler_metadata::{BucketChange, BucketList, CreateBucket, DeleteBucket, PutObject, Store};
use buckler_s3::{BucketName, ObjectOwnership, PublicAccessBlock};

use crate::{
    backends::on_every_database,
    fixtures::{bucket, main_account, new_bucket, now, object, other_account},
};

on_every_database!(
    bucket_names_belong_to_one_account,
    settings_raise_the_security_version,
    bucket_with_an_object_is_not_deleted,
    deleted_bucket_takes_no_writes,
    buckets_are_listed_by_name_in_pages,
);

async fn bucket_names_belong_to_one_account(store: Store) {
    let made = bucket(&store).await;
    store.upsert_account(other_account(), now()).await.unwrap();
    assert_eq!(made.owner_canonical_id, main_account().canonical_id);
    assert_eq!(made.created_at, now());
    assert_eq!(made.public_access_block, Some(PublicAccessBlock::ALL));
    let mut again = new_bucket("photos", &main_account());
    again.object_ownership = ObjectOwnership::ObjectWriter;
    let again = store.create_bucket(again).await.unwrap();
    assert_eq!(again, CreateBucket::AlreadyOwned(made.clone()));
    let other = store.create_bucket(new_bucket("photos", &other_account()));
    assert_eq!(other.await.unwrap(), CreateBucket::AlreadyExists);
    assert_eq!(store.bucket(&made.name).await.unwrap(), Some(made));
    let absent = BucketName::parse("absent").unwrap();
    assert_eq!(store.bucket(&absent).await.unwrap(), None);
}

async fn settings_raise_the_security_version(store: Store) {
    let made = bucket(&store).await;
    let policy = store.put_bucket_policy(made.id, "{}".to_owned()).await;
    assert_eq!(policy.unwrap(), BucketChange::Changed);
    let with_policy = store.bucket(&made.name).await.unwrap().unwrap();
    assert_eq!(with_policy.policy.as_deref(), Some("{}"));
    assert!(with_policy.security_version > made.security_version);

    let block = PublicAccessBlock {
        block_public_policy: true,
        ..PublicAccessBlock::NONE
    };
    store
        .put_public_access_block(made.id, Some(block))
        .await
        .unwrap();
    let blocked = store.bucket(&made.name).await.unwrap().unwrap();
    assert_eq!(blocked.public_access_block, Some(block));
    assert!(blocked.security_version > with_policy.security_version);

    store.delete_bucket_policy(made.id).await.unwrap();
    store.put_public_access_block(made.id, None).await.unwrap();
    let ownership = ObjectOwnership::BucketOwnerPreferred;
    store
        .put_ownership_controls(made.id, Some(ownership))
        .await
        .unwrap();
    let bare = store.bucket(&made.name).await.unwrap().unwrap();
    assert_eq!((bare.policy, bare.public_access_block), (None, None));
    assert_eq!(bare.ownership_controls, Some(ownership));
    assert_eq!(bare.security_version, blocked.security_version + 3);

    let gone = store.delete_bucket_policy(made.id + 1).await.unwrap();
    assert_eq!(gone, BucketChange::NoSuchBucket);
}

async fn bucket_with_an_object_is_not_deleted(store: Store) {
    let made = bucket(&store).await;
    store.put_object(object(made.id, "a", "1")).await.unwrap();
    let refused = store.delete_bucket(made.id, now()).await.unwrap();
    assert_eq!(refused, DeleteBucket::NotEmpty);
}

async fn deleted_bucket_takes_no_writes(store: Store) {
    let made = bucket(&store).await;
    let gone = store.delete_bucket(made.id, now()).await.unwrap();
    assert_eq!(gone, DeleteBucket::Deleted);
    let again = store.delete_bucket(made.id, now()).await.unwrap();
    assert_eq!(again, DeleteBucket::NoSuchBucket);
    let successor = bucket(&store).await;
    assert_ne!(successor.id, made.id, "an id is used again");
    let late = store.put_object(object(made.id, "a", "1")).await.unwrap();
    assert_eq!(late, PutObject::NoSuchBucket);
}

async fn buckets_are_listed_by_name_in_pages(store: Store) {
    store.upsert_account(main_account(), now()).await.unwrap();
    store.upsert_account(other_account(), now()).await.unwrap();
    for name in ["logs-b", "zoo", "logs-a", "logs.c", "logs-c"] {
        store
            .create_bucket(new_bucket(name, &main_account()))
            .await
            .unwrap();
    }
    store
        .create_bucket(new_bucket("logs-x", &other_account()))
        .await
        .unwrap();
    let list = async |prefix: &str, after: &str, limit| {
        let list = BucketList {
            owner: main_account().id,
            prefix: prefix.to_owned(),
            after: after.to_owned(),
            limit,
        };
        let found = store.list_buckets(&list).await.unwrap();
        let names: Vec<_> = found.iter().map(|row| row.name.to_string()).collect();
        names.join(" ")
    };
    assert_eq!(list("", "", 10).await, "logs-a logs-b logs-c logs.c zoo");
    assert_eq!(list("logs-", "", 2).await, "logs-a logs-b");
    assert_eq!(list("logs-", "logs-b", 2).await, "logs-c");
}
