//! Deleting objects.

use buckler_metadata::{DeleteCondition, DeleteEntry, DeleteObject, IfMatch, Store, Unmet};
use buckler_s3::{VersionId, VersionSelector};

use crate::{
    backends::on_every_database,
    fixtures::{bucket, delete_entry, deletion, etag, key, object},
};

on_every_database!(
    deleting_what_is_absent_is_no_error,
    deletion_by_version_id_takes_only_that_version,
    conditional_deletion_judges_the_entity_tag,
    many_are_deleted_in_the_order_asked,
);

fn entry(name: &str) -> DeleteEntry {
    delete_entry(name, VersionSelector::Latest)
}

async fn deleting_what_is_absent_is_no_error(store: Store) {
    let bucket = bucket(&store).await.id;
    store.put_object(object(bucket, "a", "1")).await.unwrap();
    let gone = store.delete_object(deletion(bucket), entry("a")).await;
    assert_eq!(gone.unwrap(), DeleteObject::Deleted);
    let again = store.delete_object(deletion(bucket), entry("a")).await;
    assert_eq!(again.unwrap(), DeleteObject::Absent);
    let latest = VersionSelector::Latest;
    let head = store.head_object(bucket, &key("a"), &latest).await;
    assert_eq!(head.unwrap(), None);
}

async fn deletion_by_version_id_takes_only_that_version(store: Store) {
    let bucket = bucket(&store).await.id;
    store.put_object(object(bucket, "a", "1")).await.unwrap();
    let mut by_id = entry("a");
    by_id.version = VersionSelector::Id(VersionId::from_bytes([7; 24]));
    let other = store.delete_object(deletion(bucket), by_id.clone()).await;
    assert_eq!(other.unwrap(), DeleteObject::Absent);
    by_id.version = VersionSelector::Id(VersionId::null());
    let null = store.delete_object(deletion(bucket), by_id).await;
    assert_eq!(null.unwrap(), DeleteObject::VersionDeleted);
}

async fn conditional_deletion_judges_the_entity_tag(store: Store) {
    let bucket = bucket(&store).await.id;
    store.put_object(object(bucket, "a", "1")).await.unwrap();
    let delete = async |name: &str, condition| {
        let entry = DeleteEntry {
            condition,
            ..entry(name)
        };
        store.delete_object(deletion(bucket), entry).await.unwrap()
    };
    let no_key = DeleteObject::PreconditionFailed(Unmet::NoSuchKey);
    let mismatch = DeleteObject::PreconditionFailed(Unmet::IfMatch);
    assert_eq!(
        delete("b", DeleteCondition::IfMatch(IfMatch::Any)).await,
        no_key
    );
    assert_eq!(
        delete("b", DeleteCondition::IfMatch(IfMatch::Tag(etag("1")))).await,
        no_key
    );
    assert_eq!(
        delete("a", DeleteCondition::IfMatch(IfMatch::Tag(etag("2")))).await,
        mismatch
    );
    let met = delete("a", DeleteCondition::IfMatch(IfMatch::Tag(etag("1")))).await;
    assert_eq!(met, DeleteObject::Deleted);
}

async fn many_are_deleted_in_the_order_asked(store: Store) {
    let bucket = bucket(&store).await.id;
    for name in ["a", "b", "c"] {
        store.put_object(object(bucket, name, "1")).await.unwrap();
    }
    let mut wrong = entry("b");
    wrong.condition = DeleteCondition::IfMatch(IfMatch::Tag(etag("2")));
    let entries = vec![entry("c"), wrong, entry("nothing"), entry("a"), entry("a")];
    let outcomes = store
        .delete_objects(deletion(bucket), entries)
        .await
        .unwrap();
    let expected = [
        DeleteObject::Deleted,
        DeleteObject::PreconditionFailed(Unmet::IfMatch),
        DeleteObject::Absent,
        DeleteObject::Deleted,
        DeleteObject::Absent,
    ];
    assert_eq!(outcomes, expected);
}
