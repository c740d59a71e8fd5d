//! Blobs that lose their rows.

use buckler_metadata::{PutObject, Store, WritePrecondition};
use buckler_s3::VersionSelector;
use time::Duration;

use crate::{
    backends::on_every_database,
    fixtures::{blob_object, bucket, delete_entry, deletion, now, object},
};

on_every_database!(
    replaced_and_deleted_blobs_become_garbage,
    refused_writes_leave_no_garbage,
    young_garbage_waits,
);

async fn blobs(store: &Store) -> Vec<String> {
    let rows = store.garbage(now(), 100).await.unwrap();
    rows.into_iter().map(|row| row.blob_id).collect()
}

async fn replaced_and_deleted_blobs_become_garbage(store: Store) {
    let bucket = bucket(&store).await.id;
    store
        .put_object(blob_object(bucket, "a", "one"))
        .await
        .unwrap();
    store
        .put_object(blob_object(bucket, "a", "two"))
        .await
        .unwrap();
    assert_eq!(blobs(&store).await, ["one"]);
    let entry = delete_entry("a", VersionSelector::Latest);
    store
        .delete_objects(deletion(bucket), vec![entry])
        .await
        .unwrap();
    let rows = store.garbage(now(), 100).await.unwrap();
    assert_eq!(rows.len(), 2);
    assert_eq!((rows[1].blob_id.as_str(), rows[1].size_bytes), ("two", 7));
    let ids = rows.iter().map(|row| row.id).collect();
    store.forget_garbage(ids).await.unwrap();
    assert!(blobs(&store).await.is_empty());
    store
        .add_garbage("three".to_owned(), 1, now())
        .await
        .unwrap();
    assert_eq!(blobs(&store).await, ["three"]);
}

async fn refused_writes_leave_no_garbage(store: Store) {
    let bucket = bucket(&store).await.id;
    store
        .put_object(blob_object(bucket, "a", "one"))
        .await
        .unwrap();
    let mut refused = object(bucket, "a", "2");
    refused.precondition = WritePrecondition::IfNoneMatchAny;
    store.put_object(refused).await.unwrap();
    let late = store
        .put_object(object(bucket + 1, "a", "2"))
        .await
        .unwrap();
    assert_eq!(late, PutObject::NoSuchBucket);
    assert!(blobs(&store).await.is_empty());
}

async fn young_garbage_waits(store: Store) {
    let later = now() + Duration::seconds(1);
    store
        .add_garbage("young".to_owned(), 1, later)
        .await
        .unwrap();
    store.add_garbage("old".to_owned(), 1, now()).await.unwrap();
    assert_eq!(blobs(&store).await, ["old"]);
}
