//! Writing and reading objects.

use buckler_metadata::{
    Body, IfMatch, PutObject, Store, StoredObject, Unmet, VersionChange, WritePrecondition,
};
use buckler_s3::{StorageClass, TagSet, VersionId, VersionSelector};
use bytes::Bytes;

use crate::{
    backends::on_every_database,
    fixtures::{blob_object, bucket, etag, key, main_account, now, object, tags},
};

on_every_database!(
    object_reads_back_as_written,
    latest_and_null_are_the_same_version,
    overwriting_replaces_everything,
    if_none_match_refuses_a_second_object,
    if_match_wants_the_current_entity_tag,
    tags_are_replaced_without_touching_the_object,
);

const NULL: VersionSelector = VersionSelector::Latest;

async fn get(store: &Store, bucket: i64, name: &str) -> Option<StoredObject> {
    store.get_object(bucket, &key(name), &NULL).await.unwrap()
}

async fn object_reads_back_as_written(store: Store) {
    let bucket = bucket(&store).await.id;
    let mut written = object(bucket, "a/ü\u{1}/%2F", "text");
    written.headers.storage_class = StorageClass::StandardIa;
    written.headers.website_redirect_location = Some("/x".to_owned());
    let stored = store.put_object(written.clone()).await.unwrap();
    assert_eq!(stored, PutObject::Stored { version_id: None });
    let read = get(&store, bucket, "a/ü\u{1}/%2F").await.unwrap();
    assert_eq!(read.body, Some(Body::Inline(Bytes::from_static(b"text"))));
    let row = read.object;
    assert_eq!(row.created_at, now());
    assert_eq!(row.owner_canonical_id, main_account().canonical_id);
    assert_eq!((row.etag, row.size_bytes), (written.etag, 4));
    assert_eq!(row.checksum, written.checksum);
    assert_eq!(row.headers, written.headers);
    assert_eq!(row.user_metadata, written.user_metadata);
    assert_eq!(row.tags, written.tags);
    assert!(get(&store, bucket, "a/").await.is_none());
}

async fn latest_and_null_are_the_same_version(store: Store) {
    let bucket = bucket(&store).await.id;
    store.put_object(object(bucket, "a", "1")).await.unwrap();
    let null = VersionSelector::Id(VersionId::null());
    let latest = store.head_object(bucket, &key("a"), &NULL).await.unwrap();
    let by_id = store.head_object(bucket, &key("a"), &null).await.unwrap();
    assert!(latest.is_some() && latest == by_id);
    let other = VersionSelector::Id(VersionId::from_bytes([7; 24]));
    assert_eq!(
        store.head_object(bucket, &key("a"), &other).await.unwrap(),
        None
    );
    assert_eq!(
        store.get_object(bucket, &key("b"), &null).await.unwrap(),
        None
    );
}

async fn overwriting_replaces_everything(store: Store) {
    let bucket = bucket(&store).await.id;
    store.put_object(object(bucket, "a", "1")).await.unwrap();
    store
        .put_object(blob_object(bucket, "a", "b10b"))
        .await
        .unwrap();
    let read = get(&store, bucket, "a").await.unwrap();
    assert_eq!(read.body, Some(Body::Blob("b10b".to_owned())));
    let mut empty = object(bucket, "a", "2");
    empty.body = Body::Inline(Bytes::new());
    empty.tags = TagSet::default();
    store.put_object(empty).await.unwrap();
    let read = get(&store, bucket, "a").await.unwrap();
    assert_eq!(read.body, Some(Body::Inline(Bytes::new())));
    assert!(read.object.tags.is_empty());
    assert_eq!(read.object.etag, etag("2"));
}

async fn if_none_match_refuses_a_second_object(store: Store) {
    let bucket = bucket(&store).await.id;
    let mut conditional = object(bucket, "a", "1");
    conditional.precondition = WritePrecondition::IfNoneMatchAny;
    let first = store.put_object(conditional.clone()).await.unwrap();
    assert!(matches!(first, PutObject::Stored { .. }));
    conditional.etag = etag("2");
    let second = store.put_object(conditional).await.unwrap();
    assert_eq!(second, PutObject::PreconditionFailed(Unmet::IfNoneMatch));
    assert_eq!(
        get(&store, bucket, "a").await.unwrap().object.etag,
        etag("1")
    );
}

async fn if_match_wants_the_current_entity_tag(store: Store) {
    let bucket = bucket(&store).await.id;
    let mut conditional = object(bucket, "a", "2");
    conditional.precondition = WritePrecondition::IfMatch(IfMatch::Tag(etag("1")));
    let absent = store.put_object(conditional.clone()).await.unwrap();
    assert_eq!(absent, PutObject::PreconditionFailed(Unmet::NoSuchKey));
    store.put_object(object(bucket, "a", "1")).await.unwrap();
    let met = store.put_object(conditional.clone()).await.unwrap();
    assert!(matches!(met, PutObject::Stored { .. }));
    let unmet = store.put_object(conditional).await.unwrap();
    assert_eq!(unmet, PutObject::PreconditionFailed(Unmet::IfMatch));
}

async fn tags_are_replaced_without_touching_the_object(store: Store) {
    let bucket = bucket(&store).await.id;
    store.put_object(object(bucket, "a", "1")).await.unwrap();
    let before = get(&store, bucket, "a").await.unwrap();
    let new = tags(&[("x", ""), ("y", "1 2")]);
    let replaced = store
        .replace_tags(bucket, key("a"), NULL, new.clone())
        .await;
    let version_id = VersionId::null();
    assert_eq!(replaced.unwrap(), VersionChange::Changed { version_id });
    let mut after = get(&store, bucket, "a").await.unwrap();
    assert_eq!(after.object.tags, new);
    after.object.tags = before.object.tags.clone();
    assert_eq!(after, before);
    let null = VersionSelector::Id(VersionId::null());
    store.delete_tags(bucket, key("a"), null).await.unwrap();
    assert!(
        get(&store, bucket, "a")
            .await
            .unwrap()
            .object
            .tags
            .is_empty()
    );
    let absent = store.delete_tags(bucket, key("b"), NULL).await.unwrap();
    assert_eq!(absent, VersionChange::NoSuchVersion);
}
