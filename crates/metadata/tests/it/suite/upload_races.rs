//! Uploads that several do something to at once: whatever wins, no blob is lost and none is forgotten.

use buckler_metadata::{
    AbortUpload, CompletedUpload, DeleteBucket, PutPart, Store, Wanted, WritePrecondition,
};
use buckler_s3::VersionSelector;
use futures_util::future::join_all;

use crate::{
    backends::on_every_database,
    fixtures::{bucket, delete_entry, deletion, key, now, object},
    upload_fixtures::{PART, completion, garbage, named, new_part, new_upload, upload, upload_id},
};

on_every_database!(
    completion_and_abortion_do_not_both_succeed,
    identical_completions_all_succeed,
    one_of_different_completions_wins,
    part_and_abortion_leave_no_blob_behind,
    part_and_completion_leave_no_blob_behind,
    parts_of_one_number_leave_the_last,
    parts_of_several_numbers_do_not_disturb_each_other,
    bucket_deletion_leaves_no_blob_behind,
    reader_sees_one_object_or_the_other,
);

const ROUNDS: usize = 12;

/// Every blob is named by a row or garbage, and not both. `refused` are the caller's to delete.
async fn check_accounts(store: &Store, blobs: &[&str], refused: &[&str]) {
    let kept = named(store, blobs).await;
    let garbage = garbage(store).await;
    for blob in blobs {
        let places = [
            kept.iter().any(|name| name == blob),
            garbage.iter().any(|name| name == blob),
            refused.contains(blob),
        ];
        let count = places.iter().filter(|place| **place).count();
        assert_eq!(count, 1, "{blob}: kept, garbage, refused: {places:?}");
    }
}

/// An empty bucket without garbage.
async fn reset(store: &Store) -> i64 {
    let made = bucket(store).await;
    let entry = delete_entry("a", VersionSelector::Latest);
    store.delete_object(deletion(made.id), entry).await.unwrap();
    let deleted = store.delete_bucket(made.id, now()).await.unwrap();
    assert_eq!(deleted, DeleteBucket::Deleted);
    let later = now() + time::Duration::days(1);
    let rows = store.garbage(later, 1000).await.unwrap();
    let ids = rows.iter().map(|row| row.id).collect();
    store.forget_garbage(ids).await.unwrap();
    bucket(store).await.id
}

async fn completion_and_abortion_do_not_both_succeed(store: Store) {
    for round in 0..ROUNDS {
        let bucket = reset(&store).await;
        let parts = upload(&store, bucket, &["one", "two"]).await;
        let complete = tokio::spawn({
            let (store, complete) = (store.clone(), completion(bucket, &parts));
            async move { store.complete_upload(complete).await.unwrap() }
        });
        let abort = tokio::spawn({
            let store = store.clone();
            async move {
                let aborted = store.abort_upload(bucket, key("a"), upload_id(1), now());
                aborted.await.unwrap()
            }
        });
        match (complete.await.unwrap(), abort.await.unwrap()) {
            (CompletedUpload::Stored { .. }, AbortUpload::NotInProgress)
            | (CompletedUpload::NoSuchUpload, AbortUpload::Aborted) => {}
            both => panic!("round {round}: {both:?}"),
        }
        check_accounts(&store, &["one", "two"], &[]).await;
    }
}

async fn identical_completions_all_succeed(store: Store) {
    let bucket = bucket(&store).await.id;
    let parts = upload(&store, bucket, &["one", "two"]).await;
    let completions = (0..ROUNDS).map(|_| {
        let (store, complete) = (store.clone(), completion(bucket, &parts));
        tokio::spawn(async move { store.complete_upload(complete).await.unwrap() })
    });
    let outcomes: Vec<_> = join_all(completions).await;
    let count = |wanted: fn(&CompletedUpload) -> bool| {
        let outcomes = outcomes.iter().map(|outcome| outcome.as_ref().unwrap());
        outcomes.filter(|outcome| wanted(outcome)).count()
    };
    assert_eq!(count(|it| matches!(it, CompletedUpload::Stored { .. })), 1);
    let repeated = count(|it| matches!(it, CompletedUpload::Repeated { .. }));
    assert_eq!(repeated, ROUNDS - 1);
    check_accounts(&store, &["one", "two"], &[]).await;
}

async fn one_of_different_completions_wins(store: Store) {
    for _ in 0..ROUNDS {
        let bucket = reset(&store).await;
        let parts = upload(&store, bucket, &["one", "two"]).await;
        let choices = [&parts[..1], &parts[1..]].map(|chosen| {
            let (store, complete) = (store.clone(), completion(bucket, chosen));
            tokio::spawn(async move { store.complete_upload(complete).await.unwrap() })
        });
        let mut stored = 0;
        for outcome in join_all(choices).await {
            match outcome.unwrap() {
                CompletedUpload::Stored { .. } => stored += 1,
                CompletedUpload::NoSuchUpload => {}
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(stored, 1);
        check_accounts(&store, &["one", "two"], &[]).await;
    }
}

async fn part_and_abortion_leave_no_blob_behind(store: Store) {
    for _ in 0..ROUNDS {
        let bucket = reset(&store).await;
        upload(&store, bucket, &["one"]).await;
        let part = tokio::spawn({
            let (store, part) = (store.clone(), new_part(bucket, 2, PART, "two"));
            async move { store.put_part(part).await.unwrap() }
        });
        let aborted = store.abort_upload(bucket, key("a"), upload_id(1), now());
        assert_eq!(aborted.await.unwrap(), AbortUpload::Aborted);
        let refused: &[&str] = match part.await.unwrap() {
            PutPart::Stored => &[],
            PutPart::NoSuchUpload => &["two"],
        };
        check_accounts(&store, &["one", "two"], refused).await;
        assert!(named(&store, &["one", "two"]).await.is_empty());
    }
}

async fn part_and_completion_leave_no_blob_behind(store: Store) {
    for _ in 0..ROUNDS {
        let bucket = reset(&store).await;
        let parts = upload(&store, bucket, &["one", "two"]).await;
        let part = tokio::spawn({
            let (store, part) = (store.clone(), new_part(bucket, 2, PART, "again"));
            async move { store.put_part(part).await.unwrap() }
        });
        let outcome = store.complete_upload(completion(bucket, &parts)).await;
        let refused: &[&str] = match (part.await.unwrap(), outcome.unwrap()) {
            (PutPart::Stored, CompletedUpload::Refused(_)) => &[],
            (PutPart::NoSuchUpload, CompletedUpload::Stored { .. }) => &["again"],
            both => panic!("{both:?}"),
        };
        check_accounts(&store, &["one", "two", "again"], refused).await;
    }
}

async fn parts_of_one_number_leave_the_last(store: Store) {
    let bucket = bucket(&store).await.id;
    store
        .create_upload(new_upload(bucket, "a", 1))
        .await
        .unwrap();
    let names: Vec<String> = (0..ROUNDS).map(|n| format!("blob {n}")).collect();
    let writes = names.iter().map(|name| {
        let (store, part) = (store.clone(), new_part(bucket, 1, PART, name));
        tokio::spawn(async move { store.put_part(part).await.unwrap() })
    });
    for outcome in join_all(writes).await {
        assert_eq!(outcome.unwrap(), PutPart::Stored);
    }
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    check_accounts(&store, &names, &[]).await;
    assert_eq!(named(&store, &names).await.len(), 1);
}

async fn parts_of_several_numbers_do_not_disturb_each_other(store: Store) {
    let bucket = bucket(&store).await.id;
    store
        .create_upload(new_upload(bucket, "a", 1))
        .await
        .unwrap();
    let new: Vec<_> = (1..=200)
        .map(|number| new_part(bucket, number, PART, &format!("blob {number}")))
        .collect();
    let writes = new.iter().cloned().map(|part| {
        let store = store.clone();
        tokio::spawn(async move { store.put_part(part).await.unwrap() })
    });
    for outcome in join_all(writes).await {
        assert_eq!(outcome.unwrap(), PutPart::Stored);
    }
    let parts: Vec<_> = new.into_iter().map(|new| new.part).collect();
    let outcome = store.complete_upload(completion(bucket, &parts)).await;
    assert!(matches!(outcome.unwrap(), CompletedUpload::Stored { .. }));
    let name = key("a");
    let read = store.get_object(bucket, &name, &VersionSelector::Latest);
    assert_eq!(read.await.unwrap().unwrap().parts.len(), 200);
}

async fn bucket_deletion_leaves_no_blob_behind(store: Store) {
    for _ in 0..ROUNDS {
        let bucket = reset(&store).await;
        let parts = upload(&store, bucket, &["one"]).await;
        let part = tokio::spawn({
            let (store, part) = (store.clone(), new_part(bucket, 2, PART, "two"));
            async move { store.put_part(part).await.unwrap() }
        });
        let complete = tokio::spawn({
            let (store, complete) = (store.clone(), completion(bucket, &parts));
            async move { store.complete_upload(complete).await.unwrap() }
        });
        let deleted = store.delete_bucket(bucket, now()).await.unwrap();
        let refused: &[&str] = match part.await.unwrap() {
            PutPart::Stored => &[],
            PutPart::NoSuchUpload => &["two"],
        };
        match (complete.await.unwrap(), deleted) {
            (CompletedUpload::Stored { .. }, DeleteBucket::NotEmpty)
            | (
                CompletedUpload::NoSuchUpload | CompletedUpload::NoSuchBucket,
                DeleteBucket::Deleted,
            ) => {}
            both => panic!("{both:?}"),
        }
        check_accounts(&store, &["one", "two"], refused).await;
    }
}

async fn reader_sees_one_object_or_the_other(store: Store) {
    let bucket = bucket(&store).await.id;
    store.put_object(object(bucket, "a", "1")).await.unwrap();
    let reader = tokio::spawn({
        let (store, name) = (store.clone(), key("a"));
        async move {
            for _ in 0..200 {
                let latest = &VersionSelector::Latest;
                let read = store.read_object(bucket, &name, latest, Wanted::Whole);
                let found = read.await.unwrap().unwrap();
                let held: u64 = found.parts.iter().map(|part| part.size_bytes).sum();
                if found.object.parts.is_some() {
                    assert_eq!(held, found.object.size_bytes);
                }
            }
        }
    });
    while !reader.is_finished() {
        let parts = upload(&store, bucket, &["one", "two"]).await;
        let mut complete = completion(bucket, &parts);
        complete.precondition = WritePrecondition::None;
        store.complete_upload(complete).await.unwrap();
        store.put_object(object(bucket, "a", "1")).await.unwrap();
    }
    reader.await.unwrap();
}
