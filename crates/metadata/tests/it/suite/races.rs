//! What happens at once.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use buckler_metadata::{
    DeleteBucket, DeleteCondition, IfMatch, PutObject, Store, Unmet, WritePrecondition,
};
use buckler_s3::VersionSelector;
use futures_util::future::join_all;

use crate::{
    backends::on_every_database,
    fixtures::{bucket, delete_entry, deletion, key, now, object},
};

on_every_database!(
    conditional_creation_has_one_winner,
    conditional_replacement_has_one_winner,
    plain_overwrites_all_succeed_and_leave_one_version,
    bucket_deletion_and_a_write_do_not_both_succeed,
    one_refused_write_does_not_undo_its_neighbours,
    no_read_is_older_than_one_before_it,
);

const WRITERS: usize = 24;

/// Starts the writes on tasks of their own.
async fn race(store: &Store, object: buckler_metadata::NewObject) -> Vec<PutObject> {
    let writes = (0..WRITERS).map(|_| {
        let (store, object) = (store.clone(), object.clone());
        tokio::spawn(async move { store.put_object(object).await.unwrap() })
    });
    let outcomes = join_all(writes).await;
    outcomes.into_iter().map(Result::unwrap).collect()
}

fn winners(outcomes: &[PutObject]) -> usize {
    let stored = |outcome: &&PutObject| matches!(outcome, PutObject::Stored { .. });
    outcomes.iter().filter(stored).count()
}

async fn conditional_creation_has_one_winner(store: Store) {
    let bucket = bucket(&store).await.id;
    let mut new = object(bucket, "a", "1");
    new.precondition = WritePrecondition::IfNoneMatchAny;
    let outcomes = race(&store, new).await;
    assert_eq!(winners(&outcomes), 1);
    let losers = outcomes
        .iter()
        .filter(|outcome| **outcome == PutObject::PreconditionFailed(Unmet::IfNoneMatch));
    assert_eq!(losers.count(), WRITERS - 1);
}

async fn conditional_replacement_has_one_winner(store: Store) {
    let bucket = bucket(&store).await.id;
    let first = object(bucket, "a", "1");
    store.put_object(first.clone()).await.unwrap();
    let mut next = object(bucket, "a", "2");
    next.precondition = WritePrecondition::IfMatch(IfMatch::Tag(first.etag));
    assert_eq!(winners(&race(&store, next).await), 1);
}

async fn plain_overwrites_all_succeed_and_leave_one_version(store: Store) {
    let made = bucket(&store).await;
    let outcomes = race(&store, object(made.id, "a", "1")).await;
    assert_eq!(winners(&outcomes), WRITERS);
    let entry = delete_entry("a", VersionSelector::Latest);
    store.delete_object(deletion(made.id), entry).await.unwrap();
    let empty = store.delete_bucket(made.id, now()).await.unwrap();
    assert_eq!(empty, DeleteBucket::Deleted);
}

async fn bucket_deletion_and_a_write_do_not_both_succeed(store: Store) {
    for round in 0..20 {
        let made = bucket(&store).await;
        let write = tokio::spawn({
            let (store, object) = (store.clone(), object(made.id, "a", "1"));
            async move { store.put_object(object).await.unwrap() }
        });
        let removal = tokio::spawn({
            let store = store.clone();
            async move { store.delete_bucket(made.id, now()).await.unwrap() }
        });
        match (write.await.unwrap(), removal.await.unwrap()) {
            (PutObject::Stored { .. }, DeleteBucket::NotEmpty) => {
                let mut entry = delete_entry("a", VersionSelector::Latest);
                entry.condition = DeleteCondition::IfMatch(IfMatch::Any);
                store.delete_object(deletion(made.id), entry).await.unwrap();
            }
            (PutObject::NoSuchBucket, DeleteBucket::Deleted) => {}
            both => panic!("round {round}: {both:?}"),
        }
    }
}

async fn one_refused_write_does_not_undo_its_neighbours(store: Store) {
    let bucket = bucket(&store).await.id;
    let writes = (0..100).map(|i| {
        let target = if i % 3 == 0 { bucket + 1 } else { bucket };
        let mut new = object(target, &format!("{i:03}"), "1");
        new.size_bytes = i;
        let store = store.clone();
        tokio::spawn(async move {
            let stored = store.put_object(new.clone()).await.unwrap();
            if stored == PutObject::NoSuchBucket {
                return (new, false);
            }
            // Answered means committed: any connection sees it.
            let found = store.head_object(new.bucket_id, &new.key, &VersionSelector::Latest);
            let is_there = found.await.unwrap().is_some();
            (new, is_there)
        })
    });
    for outcome in join_all(writes).await {
        let (object, is_there) = outcome.unwrap();
        assert_eq!(is_there, object.bucket_id == bucket, "{}", object.key);
    }
}

/// Heads and whole reads of two keys from several tasks while they are replaced: what a read gives is no older than what
/// was acknowledged, or read by anyone, before it began.
async fn no_read_is_older_than_one_before_it(store: Store) {
    const WRITES: u64 = 150;
    let made = bucket(&store).await.id;
    let seen = Arc::new([AtomicU64::new(0), AtomicU64::new(0)]);
    let readers = (0..4_usize).map(|reader| {
        let (store, seen) = (store.clone(), Arc::clone(&seen));
        tokio::spawn(async move {
            for round in 0_usize.. {
                let at = (reader + round) % 2;
                let key = key(["a", "b"][at]);
                let before = seen[at].load(Ordering::SeqCst);
                let size_bytes = if round % 3 == 0 {
                    let head = store.head_object(made, &key, &VersionSelector::Latest);
                    head.await.unwrap().map(|object| object.size_bytes)
                } else {
                    let read = store.get_object(made, &key, &VersionSelector::Latest);
                    read.await.unwrap().map(|stored| stored.object.size_bytes)
                };
                let size_bytes = size_bytes.unwrap_or(0);
                assert!(size_bytes >= before, "{size_bytes} after {before}");
                seen[at].fetch_max(size_bytes, Ordering::SeqCst);
                if size_bytes == WRITES {
                    return;
                }
                tokio::task::yield_now().await;
            }
        })
    });
    let readers: Vec<_> = readers.collect();
    for size_bytes in 1..=WRITES {
        for (at, name) in ["a", "b"].into_iter().enumerate() {
            let mut new = object(made, name, "1");
            new.size_bytes = size_bytes;
            store.put_object(new).await.unwrap();
            seen[at].fetch_max(size_bytes, Ordering::SeqCst);
        }
    }
    for reader in readers {
        reader.await.unwrap();
    }
}
