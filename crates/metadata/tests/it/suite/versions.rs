//! Versions, delete markers and the null version.

use buckler_metadata::{
    Body, BucketChange, DeleteBucket, DeleteCondition, DeleteObject, IfMatch, PutObject, Store,
    Unmet, VersionChange, WritePrecondition,
};
use buckler_s3::{MfaDelete, TagSet, VersionId, VersionSelector, Versioning};
use time::Duration;

use crate::{
    backends::on_every_database,
    fixtures::{blob_object, bucket, delete_entry, deletion, etag, key, now, object, tags},
};

on_every_database!(
    enabled_bucket_keeps_every_version,
    suspended_bucket_replaces_the_null_version_only,
    null_version_is_found_wherever_it_stands,
    deletion_makes_a_marker_and_keeps_the_rest,
    suspended_deletion_replaces_the_null_version_with_a_marker,
    deleting_the_current_version_uncovers_the_one_before,
    conditions_look_at_the_current_version_and_markers_are_absent,
    versions_take_their_bytes_with_them,
    tags_are_of_one_version,
    order_holds_when_the_clock_does_not,
    bucket_with_a_marker_is_not_empty,
    versioning_state_raises_the_security_version,
    version_ids_know_their_place,
);

const LATEST: VersionSelector = VersionSelector::Latest;

async fn versioned(store: &Store, versioning: Versioning) -> i64 {
    let bucket = bucket(store).await.id;
    set(store, bucket, versioning).await;
    bucket
}

async fn set(store: &Store, bucket: i64, versioning: Versioning) {
    let changed = store.put_bucket_versioning(bucket, versioning, None).await;
    assert_eq!(changed.unwrap(), BucketChange::Changed);
}

/// Puts an object under `a` and returns what the answer calls its version.
async fn put(store: &Store, bucket: i64, text: &'static str) -> Option<VersionId> {
    match store.put_object(object(bucket, "a", text)).await.unwrap() {
        PutObject::Stored { version_id } => version_id,
        refused => panic!("{refused:?}"),
    }
}

async fn delete(store: &Store, bucket: i64, version: VersionSelector) -> DeleteObject {
    let entry = delete_entry("a", version);
    let deleted = store.delete_object(deletion(bucket), entry).await;
    deleted.unwrap()
}

async fn marker(store: &Store, bucket: i64) -> VersionId {
    match delete(store, bucket, LATEST).await {
        DeleteObject::MarkerMade { version_id } => version_id,
        other => panic!("{other:?}"),
    }
}

/// The entity tag of a version of `a`, or what it is instead.
async fn read(store: &Store, bucket: i64, version: &VersionSelector) -> String {
    match store.head_object(bucket, &key("a"), version).await.unwrap() {
        None => "none".to_owned(),
        Some(row) if row.is_delete_marker => "marker".to_owned(),
        Some(row) => row.etag.to_string(),
    }
}

fn id(version: &VersionId) -> VersionSelector {
    VersionSelector::Id(version.clone())
}

fn null() -> VersionSelector {
    VersionSelector::Id(VersionId::null())
}

async fn enabled_bucket_keeps_every_version(store: Store) {
    let bucket = versioned(&store, Versioning::Enabled).await;
    let first = put(&store, bucket, "1").await.unwrap();
    let second = put(&store, bucket, "2").await.unwrap();
    assert!(first != second && !first.is_null());
    assert_eq!(read(&store, bucket, &LATEST).await, "2");
    assert_eq!(read(&store, bucket, &id(&first)).await, "1");
    assert_eq!(read(&store, bucket, &id(&second)).await, "2");
    assert_eq!(read(&store, bucket, &null()).await, "none");
    let stored = store.get_object(bucket, &key("a"), &id(&first)).await;
    let stored = stored.unwrap().unwrap();
    assert_eq!(stored.object.version_id, first);
    assert_eq!(stored.body, Some(Body::Inline("1".into())));
}

async fn suspended_bucket_replaces_the_null_version_only(store: Store) {
    let bucket = versioned(&store, Versioning::Enabled).await;
    let numbered = put(&store, bucket, "1").await.unwrap();
    set(&store, bucket, Versioning::Suspended).await;
    assert_eq!(put(&store, bucket, "2").await, Some(VersionId::null()));
    assert_eq!(put(&store, bucket, "3").await, Some(VersionId::null()));
    assert_eq!(read(&store, bucket, &LATEST).await, "3");
    assert_eq!(read(&store, bucket, &null()).await, "3");
    assert_eq!(read(&store, bucket, &id(&numbered)).await, "1");
}

async fn null_version_is_found_wherever_it_stands(store: Store) {
    let bucket = bucket(&store).await.id;
    assert_eq!(put(&store, bucket, "old").await, None);
    set(&store, bucket, Versioning::Enabled).await;
    assert_eq!(read(&store, bucket, &null()).await, "old");
    for text in ["1", "2"] {
        put(&store, bucket, text).await;
        assert_eq!(read(&store, bucket, &null()).await, "old");
    }
    set(&store, bucket, Versioning::Suspended).await;
    put(&store, bucket, "new").await;
    assert_eq!(read(&store, bucket, &null()).await, "new");
    set(&store, bucket, Versioning::Enabled).await;
    let above = put(&store, bucket, "3").await.unwrap();
    assert_eq!(read(&store, bucket, &null()).await, "new");
    delete(&store, bucket, id(&above)).await;
    assert_eq!(read(&store, bucket, &LATEST).await, "new");
    assert_eq!(read(&store, bucket, &null()).await, "new");
    put(&store, bucket, "4").await;
    let gone = delete(&store, bucket, null()).await;
    assert_eq!(gone, DeleteObject::VersionDeleted);
    assert_eq!(read(&store, bucket, &null()).await, "none");
    assert_eq!(delete(&store, bucket, null()).await, DeleteObject::Absent);
}

async fn deletion_makes_a_marker_and_keeps_the_rest(store: Store) {
    let bucket = versioned(&store, Versioning::Enabled).await;
    let first = marker(&store, bucket).await;
    let version = put(&store, bucket, "1").await.unwrap();
    let second = marker(&store, bucket).await;
    let third = marker(&store, bucket).await;
    assert!(first != second && second != third);
    assert_eq!(read(&store, bucket, &LATEST).await, "marker");
    assert_eq!(read(&store, bucket, &id(&version)).await, "1");
    let row = store.head_object(bucket, &key("a"), &LATEST).await;
    let row = row.unwrap().unwrap();
    assert_eq!((row.version_id, row.created_at), (third.clone(), now()));
    for gone in [third, second, first] {
        let deleted = delete(&store, bucket, id(&gone)).await;
        assert_eq!(deleted, DeleteObject::MarkerDeleted);
    }
    assert_eq!(read(&store, bucket, &LATEST).await, "1");
}

async fn suspended_deletion_replaces_the_null_version_with_a_marker(store: Store) {
    let bucket = bucket(&store).await.id;
    put(&store, bucket, "null").await;
    set(&store, bucket, Versioning::Enabled).await;
    let numbered = put(&store, bucket, "1").await.unwrap();
    set(&store, bucket, Versioning::Suspended).await;
    for _ in 0..2 {
        assert!(marker(&store, bucket).await.is_null());
        assert_eq!(read(&store, bucket, &null()).await, "marker");
    }
    assert_eq!(read(&store, bucket, &id(&numbered)).await, "1");
    assert_eq!(put(&store, bucket, "2").await, Some(VersionId::null()));
    assert_eq!(read(&store, bucket, &null()).await, "2");
    delete(&store, bucket, null()).await;
    assert_eq!(read(&store, bucket, &LATEST).await, "1");
}

async fn deleting_the_current_version_uncovers_the_one_before(store: Store) {
    let bucket = versioned(&store, Versioning::Enabled).await;
    let first = put(&store, bucket, "1").await.unwrap();
    let second = put(&store, bucket, "2").await.unwrap();
    let third = put(&store, bucket, "3").await.unwrap();
    assert_eq!(
        delete(&store, bucket, id(&second)).await,
        DeleteObject::VersionDeleted
    );
    assert_eq!(read(&store, bucket, &LATEST).await, "3");
    delete(&store, bucket, id(&third)).await;
    assert_eq!(read(&store, bucket, &LATEST).await, "1");
    delete(&store, bucket, id(&first)).await;
    assert_eq!(read(&store, bucket, &LATEST).await, "none");
    assert_eq!(
        delete(&store, bucket, id(&first)).await,
        DeleteObject::Absent
    );
}

/// Facts: s3-behaviour.md 8.1, 8.2.
async fn conditions_look_at_the_current_version_and_markers_are_absent(store: Store) {
    let bucket = versioned(&store, Versioning::Enabled).await;
    let first = put(&store, bucket, "1").await.unwrap();
    put(&store, bucket, "2").await;
    let conditional = async |precondition| {
        let mut new = object(bucket, "a", "new");
        new.precondition = precondition;
        match store.put_object(new).await.unwrap() {
            PutObject::Stored { .. } => None,
            PutObject::PreconditionFailed(unmet) => Some(unmet),
            PutObject::NoSuchBucket => panic!("the bucket is gone"),
        }
    };
    let tag = |text| WritePrecondition::IfMatch(IfMatch::Tag(etag(text)));
    assert_eq!(conditional(tag("1")).await, Some(Unmet::IfMatch));
    let any = WritePrecondition::IfNoneMatchAny;
    assert_eq!(conditional(any.clone()).await, Some(Unmet::IfNoneMatch));
    marker(&store, bucket).await;
    assert_eq!(conditional(tag("2")).await, Some(Unmet::NoSuchKey));

    let delete = async |version, text| {
        let mut entry = delete_entry("a", version);
        entry.condition = DeleteCondition::IfMatch(IfMatch::Tag(etag(text)));
        store.delete_object(deletion(bucket), entry).await.unwrap()
    };
    let absent = DeleteObject::PreconditionFailed(Unmet::NoSuchKey);
    assert_eq!(delete(LATEST, "2").await, absent);
    let other = DeleteObject::PreconditionFailed(Unmet::IfMatch);
    assert_eq!(delete(id(&first), "2").await, other);
    assert_eq!(delete(id(&first), "1").await, DeleteObject::VersionDeleted);
    assert_eq!(conditional(any).await, None);
    assert_eq!(read(&store, bucket, &LATEST).await, "new");
}

async fn versions_take_their_bytes_with_them(store: Store) {
    let bucket = versioned(&store, Versioning::Enabled).await;
    let put = async |blob: &str| {
        let stored = store.put_object(blob_object(bucket, "a", blob)).await;
        let Ok(PutObject::Stored { version_id }) = stored else {
            panic!("{stored:?}");
        };
        version_id.unwrap()
    };
    let first = put("one").await;
    put("two").await;
    let garbage = async || {
        let rows = store.garbage(now(), 10).await.unwrap();
        rows.into_iter().map(|row| row.blob_id).collect::<Vec<_>>()
    };
    marker(&store, bucket).await;
    assert!(garbage().await.is_empty());
    delete(&store, bucket, id(&first)).await;
    assert_eq!(garbage().await, ["one"]);
    set(&store, bucket, Versioning::Suspended).await;
    let stored = store.put_object(blob_object(bucket, "a", "three")).await;
    assert!(matches!(stored, Ok(PutObject::Stored { .. })));
    set(&store, bucket, Versioning::Enabled).await;
    put("four").await;
    set(&store, bucket, Versioning::Suspended).await;
    marker(&store, bucket).await;
    assert_eq!(garbage().await, ["one", "three"]);
}

async fn tags_are_of_one_version(store: Store) {
    let bucket = versioned(&store, Versioning::Enabled).await;
    let first = put(&store, bucket, "1").await.unwrap();
    let second = put(&store, bucket, "2").await.unwrap();
    let new = tags(&[("x", "y")]);
    let replaced = store.replace_tags(bucket, key("a"), id(&first), new.clone());
    let version_id = first.clone();
    assert_eq!(
        replaced.await.unwrap(),
        VersionChange::Changed { version_id }
    );
    let tags = async |version: &VersionId| {
        let row = store.head_object(bucket, &key("a"), &id(version)).await;
        row.unwrap().unwrap().tags
    };
    assert_eq!(tags(&first).await, new);
    assert_ne!(tags(&second).await, new);
    let removed = store.delete_tags(bucket, key("a"), LATEST).await;
    let version_id = second.clone();
    assert_eq!(removed.unwrap(), VersionChange::Changed { version_id });
    assert_eq!(tags(&second).await, TagSet::default());
    let version_id = marker(&store, bucket).await;
    let refused = store.delete_tags(bucket, key("a"), LATEST).await;
    assert_eq!(refused.unwrap(), VersionChange::DeleteMarker { version_id });
    let absent = store.delete_tags(bucket, key("a"), null()).await;
    assert_eq!(absent.unwrap(), VersionChange::NoSuchVersion);
}

async fn order_holds_when_the_clock_does_not(store: Store) {
    let bucket = versioned(&store, Versioning::Enabled).await;
    for (text, seconds) in [("1", 100), ("2", 0), ("3", -100)] {
        let mut new = object(bucket, "a", text);
        new.created_at = now() + Duration::seconds(seconds);
        store.put_object(new).await.unwrap();
        assert_eq!(read(&store, bucket, &LATEST).await, text);
    }
    marker(&store, bucket).await;
    assert_eq!(read(&store, bucket, &LATEST).await, "marker");
}

async fn bucket_with_a_marker_is_not_empty(store: Store) {
    let bucket = versioned(&store, Versioning::Enabled).await;
    let only = marker(&store, bucket).await;
    let kept = store.delete_bucket(bucket, now()).await.unwrap();
    assert_eq!(kept, DeleteBucket::NotEmpty);
    delete(&store, bucket, id(&only)).await;
    let gone = store.delete_bucket(bucket, now()).await.unwrap();
    assert_eq!(gone, DeleteBucket::Deleted);
    assert_eq!(
        delete(&store, bucket, LATEST).await,
        DeleteObject::NoSuchBucket
    );
    let changed = store.put_bucket_versioning(bucket, Versioning::Enabled, None);
    assert_eq!(changed.await.unwrap(), BucketChange::NoSuchBucket);
}

async fn versioning_state_raises_the_security_version(store: Store) {
    let before = bucket(&store).await;
    assert_eq!(before.versioning, None);
    set(&store, before.id, Versioning::Enabled).await;
    let after = store.bucket(&before.name).await.unwrap().unwrap();
    assert_eq!(after.versioning, Some(Versioning::Enabled));
    assert!(after.security_version > before.security_version);
    assert_eq!(after.mfa_delete, None);
    let off = Some(MfaDelete::Disabled);
    for mfa_delete in [off, None] {
        let set = store.put_bucket_versioning(before.id, Versioning::Suspended, mfa_delete);
        assert_eq!(set.await.unwrap(), BucketChange::Changed);
        let now = store.bucket(&before.name).await.unwrap().unwrap();
        assert_eq!(now.mfa_delete, off);
    }
}

async fn version_ids_know_their_place(store: Store) {
    let bucket = versioned(&store, Versioning::Enabled).await;
    let first = put(&store, bucket, "1").await.unwrap();
    let second = put(&store, bucket, "2").await.unwrap();
    assert!(first.order().unwrap() < second.order().unwrap());
    assert_eq!(VersionId::null().order(), None);
}
