//! What a remote store is asked for, and what becomes of it when the store fails.

use std::sync::{Arc, atomic::Ordering::SeqCst};

use buckler_blobs::{
    BlobError, BlobId, BlobLocation, Blobs, LocationError, PART_BYTES, READ_BYTES, RemoteBlobs,
    RemoteLocation, RemoteOptions, Verdict,
};
use buckler_checksum::{Algorithm, Hasher};
use bytes::Bytes;
use futures_util::StreamExt as _;
use object_store::ObjectStoreExt as _;

use crate::{
    suite::{pattern, read, store},
    watched_store::WatchedStore,
};

async fn open() -> (Arc<WatchedStore>, RemoteBlobs) {
    let watched = Arc::new(WatchedStore::default());
    let blobs = RemoteBlobs::open_on(watched.clone(), "a/b".into(), "store").await;
    (watched, blobs.unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn prefix_belongs_to_one_store() {
    let watched = Arc::new(WatchedStore::default());
    let open = async |prefix: &str, id: &str| {
        RemoteBlobs::open_on(watched.clone(), prefix.into(), id).await
    };
    let inspected = RemoteBlobs::inspect_on(watched.clone(), "a".into(), "one").await;
    assert!(
        matches!(inspected, Err(BlobError::OtherStore)),
        "it is nobody's"
    );
    open("a", "one").await.unwrap();
    open("a", "one").await.unwrap();
    assert!(matches!(open("a", "two").await, Err(BlobError::OtherStore)));
    open("b", "two").await.unwrap();
    RemoteBlobs::inspect_on(watched.clone(), "a".into(), "one")
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_stores_that_claim_a_prefix_at_once_one_gets_it() {
    for _ in 0..50 {
        let watched = Arc::new(WatchedStore::default());
        let claims = ["one", "two", "three"].map(|id| {
            let watched = watched.clone();
            tokio::spawn(async move { RemoteBlobs::open_on(watched, "a".into(), id).await.is_ok() })
        });
        let mut claimed = 0;
        for claim in claims {
            claimed += usize::from(claim.await.unwrap());
        }
        assert_eq!(claimed, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn small_blob_is_one_request() {
    let (watched, blobs) = open().await;
    store(&blobs, &pattern(PART_BYTES), 100_000).await;
    assert_eq!(watched.whole_puts.load(SeqCst), 1);
    assert!(watched.part_lengths.lock().unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn large_blob_is_sent_in_equal_parts_a_few_at_a_time() {
    let (watched, blobs) = open().await;
    store(&blobs, &pattern(9 * PART_BYTES + 1), 100_000).await;
    let mut lengths = watched.part_lengths.lock().unwrap().clone();
    lengths.sort_unstable();
    let expected: Vec<_> = [1].into_iter().chain([PART_BYTES; 9]).collect();
    assert_eq!(lengths, expected);
    let at_once = watched.parts_at_once.load(SeqCst);
    assert!((1..=3).contains(&at_once), "{at_once}");
}

#[tokio::test(flavor = "multi_thread")]
async fn abandoned_upload_is_aborted() {
    let (watched, blobs) = open().await;
    let mut writer = blobs.writer().unwrap();
    let mut aborted = watched.aborted.subscribe();
    writer
        .write(pattern(2 * PART_BYTES + 1).into())
        .await
        .unwrap();
    assert_eq!(blobs.unfinished().await.unwrap().len(), 1);
    drop(writer);
    aborted.wait_for(|count| *count == 1).await.unwrap();
    until_none_is_unfinished(&blobs).await;
    assert_eq!(Blobs::from(blobs).ids().next_batch().await.unwrap(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn put_that_nobody_waits_for_any_more_is_undone() {
    let (watched, blobs) = open().await;
    watched.is_silent.store(true, SeqCst);
    let mut unanswered = watched.unanswered.subscribe();
    let mut writer = blobs.writer().unwrap();
    writer.write(Bytes::from_static(b"12")).await.unwrap();
    let finish = tokio::spawn(writer.finish());
    unanswered.wait_for(|count| *count == 1).await.unwrap();
    let all = Blobs::from(blobs);
    assert!(all.ids().next_batch().await.unwrap().is_some());
    finish.abort();
    while all.ids().next_batch().await.unwrap().is_some() {
        tokio::task::yield_now().await;
    }
}

/// The note goes after the parts: that one is the last request.
async fn until_none_is_unfinished(blobs: &RemoteBlobs) {
    while !blobs.unfinished().await.unwrap().is_empty() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn refused_bodies_are_reported_and_leave_nothing() {
    let (watched, blobs) = open().await;
    watched.refuses_bodies.store(true, SeqCst);
    for bytes in [1, 2 * PART_BYTES + 1] {
        let mut writer = blobs.writer().unwrap();
        let written = writer.write(pattern(bytes).into()).await;
        let refused = match written {
            Ok(()) => writer.finish().await.unwrap_err(),
            Err(error) => error,
        };
        assert!(refused.is_passing(), "{refused:?}");
    }
    until_none_is_unfinished(&blobs).await;
    watched.refuses_bodies.store(false, SeqCst);
    assert_eq!(Blobs::from(blobs).ids().next_batch().await.unwrap(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn writer_that_failed_stays_failed() {
    let (watched, blobs) = open().await;
    let mut writer = blobs.writer().unwrap();
    watched.refuses_bodies.store(true, SeqCst);
    let whole = Bytes::from(pattern(PART_BYTES));
    let mut failed = false;
    for _ in 0..8 {
        failed |= writer.write(whole.clone()).await.is_err();
    }
    assert!(failed);
    watched.refuses_bodies.store(false, SeqCst);
    assert!(writer.write(whole).await.is_err());
    assert!(matches!(writer.finish().await, Err(BlobError::GivenUp)));
}

#[tokio::test(flavor = "multi_thread")]
async fn upload_of_a_process_that_ended_is_found_and_removed() {
    let (watched, blobs) = open().await;
    let mut writer = blobs.writer().unwrap();
    writer.write(pattern(2 * PART_BYTES).into()).await.unwrap();
    // Its process has no time to tidy.
    std::mem::forget(writer);
    let unfinished = blobs.unfinished().await.unwrap();
    assert_eq!(unfinished.len(), 1);
    blobs.remove_unfinished(unfinished.clone()).await.unwrap();
    assert_eq!(*watched.aborted.borrow(), 1);
    assert_eq!(blobs.unfinished().await.unwrap(), []);
    blobs.remove_unfinished(unfinished).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn body_that_breaks_off_is_asked_for_again_from_there() {
    let (watched, blobs) = open().await;
    let body = pattern(3 * READ_BYTES + 11);
    let blob = store(&blobs, &body, 100_000).await;
    for breaks in [1, 3] {
        watched.bodies_to_break.store(breaks, SeqCst);
        let found = read(&blobs, blob.id(), 5..body.len() as u64).await.unwrap();
        assert!(found == body[5..], "{breaks}");
        watched.bodies_to_break.store(breaks, SeqCst);
        let checksum = Hasher::digest(Algorithm::Crc64Nvme, &body);
        let all = Blobs::from(blobs.clone());
        let mut reader = all
            .read_verified(blob.id(), body.len() as u64, checksum)
            .await
            .unwrap();
        let mut found = Vec::new();
        while let Some(piece) = reader.next().await {
            found.extend(piece.unwrap());
        }
        assert!(found == body, "{breaks}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn body_that_ends_too_early_is_asked_for_again_and_never_taken_for_whole() {
    let (watched, blobs) = open().await;
    let body = pattern(2 * READ_BYTES);
    let blob = store(&blobs, &body, 100_000).await;
    watched.ends_bodies.store(true, SeqCst);
    watched.bodies_to_break.store(3, SeqCst);
    let found = read(&blobs, blob.id(), 0..body.len() as u64).await;
    assert!(found.unwrap() == body);
    // Each of them ends later than the one before; at last there is nothing left to halve.
    watched.bodies_to_break.store(usize::MAX, SeqCst);
    let cut = read(&blobs, blob.id(), 0..body.len() as u64).await;
    assert!(matches!(cut, Err(BlobError::Corrupt { .. })), "{cut:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn completion_whose_answer_is_lost_is_one() {
    let (watched, blobs) = open().await;
    watched.loses_answers.store(true, SeqCst);
    let body = pattern(2 * PART_BYTES + 1);
    let blob = store(&blobs, &body, 100_000).await;
    until_none_is_unfinished(&blobs).await;
    assert_eq!(*watched.aborted.borrow(), 0);
    let found = read(&blobs, blob.id(), 0..body.len() as u64).await;
    assert!(found.unwrap() == body);
}

#[tokio::test(flavor = "multi_thread")]
async fn completion_that_fails_is_none() {
    let (watched, blobs) = open().await;
    watched.refuses_completions.store(true, SeqCst);
    let mut writer = blobs.writer().unwrap();
    let body = pattern(2 * PART_BYTES + 1);
    writer.write(body.into()).await.unwrap();
    let failed = writer.finish().await.unwrap_err();
    assert!(failed.is_passing(), "{failed:?}");
    until_none_is_unfinished(&blobs).await;
    assert_eq!(*watched.aborted.borrow(), 1);
    assert_eq!(Blobs::from(blobs).ids().next_batch().await.unwrap(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn store_that_is_gone_is_no_damage_of_its_blobs() {
    let (watched, blobs) = open().await;
    let blob = store(&blobs, b"12", 2).await;
    let absent = BlobId::random().unwrap();
    assert_eq!(blobs.sizes(vec![absent]).await.unwrap(), [None]);
    watched.is_gone.store(true, SeqCst);
    for range in [0..2, 0..0] {
        let gone = read(&blobs, blob.id(), range).await.unwrap_err();
        assert!(gone.is_outage(), "{gone:?}");
    }
    assert!(blobs.sizes(vec![blob.id()]).await.unwrap_err().is_outage());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_others_put_beside_the_blobs_is_none_of_them() {
    let (watched, blobs) = open().await;
    let blob = store(&blobs, b"12", 2).await;
    for name in [
        "a/b/blobs/notes.txt".to_owned(),
        format!("a/b/blobs/deeper/{}", BlobId::random().unwrap()),
        format!("a/b/blobs/{}/{}", blob.id(), BlobId::random().unwrap()),
        format!("a/b/unfinished/deeper/{}", BlobId::random().unwrap()),
    ] {
        watched.put(&name.into(), "1".into()).await.unwrap();
    }
    assert_eq!(blobs.unfinished().await.unwrap(), []);
    let mut ids = Blobs::from(blobs).ids();
    let batch = ids.next_batch().await.unwrap().unwrap();
    assert_eq!(
        batch.iter().map(|found| found.id).collect::<Vec<_>>(),
        [blob.id()]
    );
    assert_eq!(ids.next_batch().await.unwrap(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn empty_range_of_what_is_not_there_is_refused() {
    let (_, blobs) = open().await;
    let nothing = read(&blobs, BlobId::random().unwrap(), 0..0).await;
    assert!(matches!(nothing, Err(BlobError::NotFound(_))));
    let blob = store(&blobs, b"12", 2).await;
    let behind = read(&blobs, blob.id(), 3..3).await;
    assert!(matches!(behind, Err(BlobError::Corrupt { .. })));
}

#[tokio::test(flavor = "multi_thread")]
async fn health_is_that_of_the_store() {
    let (_, blobs) = open().await;
    blobs.glance().await.unwrap();
    blobs.try_write().await.unwrap();
    assert_eq!(Blobs::from(blobs).ids().next_batch().await.unwrap(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn store_that_keeps_its_promises_is_told_from_one_that_does_not() {
    let (watched, blobs) = open().await;
    let broken = async || {
        let verdicts = blobs.promises().await;
        assert_eq!(verdicts.len(), 8);
        verdicts
            .into_iter()
            .filter(|(_, verdict)| !matches!(verdict, Verdict::Kept))
            .map(|(promise, _)| promise.name())
            .collect::<Vec<_>>()
    };
    assert_eq!(broken().await, Vec::<&str>::new());
    watched.forgets_conditions.store(true, SeqCst);
    assert_eq!(broken().await, ["conditional-put"]);
    watched.forgets_conditions.store(false, SeqCst);
    watched.forgets_abortions.store(true, SeqCst);
    assert_eq!(broken().await, ["aborted-multipart"]);
    watched.forgets_abortions.store(false, SeqCst);
    watched.lists_late.store(true, SeqCst);
    assert_eq!(broken().await, ["list-after-write", "list-in-order"]);
}

#[test]
fn locations_are_what_they_say() {
    let options = || {
        let options = [
            ("access_key_id", "AK"),
            ("secret_access_key", "very secret"),
        ];
        let text = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        options.into_iter().map(text).collect::<RemoteOptions>()
    };
    for (url, shown) in [
        ("s3://bucket/a/b", "s3://bucket/a/b"),
        ("s3://bucket", "s3://bucket/"),
        ("s3://bucket/a/", "s3://bucket/a"),
    ] {
        let location = RemoteLocation::parse(url, options()).unwrap();
        assert_eq!(location.to_string(), shown);
        assert!(!format!("{location:?}").contains("very secret"));
    }
    for url in [
        "s3://",
        "s3:///a",
        "ftp://a/b",
        "s3",
        "s3://k:s@bucket/a",
        "s3://bucket?x=y",
    ] {
        let refused = RemoteLocation::parse(url, options()).unwrap_err();
        assert_eq!(refused, LocationError::Form(url.to_owned()));
    }
    for url in [
        "s3://bucket/a//b",
        "s3://bucket/../a",
        "s3://bucket//",
        "s3://bucket/a?b",
    ] {
        let refused = RemoteLocation::parse(url, options()).unwrap_err();
        assert!(
            matches!(refused, LocationError::Prefix(_)),
            "{url}: {refused}"
        );
    }
    let unknown = [("passwort".to_owned(), "very secret".to_owned())]
        .into_iter()
        .collect();
    let refused = RemoteLocation::parse("s3://bucket", unknown).unwrap_err();
    assert_eq!(refused, LocationError::UnknownOption("passwort".to_owned()));
    let folder = BlobLocation::parse("file:///data/blobs", options()).unwrap();
    assert_eq!(folder, BlobLocation::Folder("/data/blobs".into()));
}

#[test]
fn option_that_cannot_be_used_is_refused_without_its_value() {
    for (url, name) in [
        ("az://container", "account_key"),
        ("az://container", "sas_token"),
        ("gs://bucket", "service_account_key"),
    ] {
        let options = [("account_name", "name"), (name, "very\tsecret{")];
        let known = |option: &&(&str, &str)| option.0 == name || url.starts_with("az");
        let text = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let options = options.iter().filter(known).map(text).collect();
        let refused = RemoteLocation::parse(url, options).unwrap_err().to_string();
        assert!(!refused.contains("very"), "{name}: {refused}");
    }
    let no_file = [("ca_file".to_owned(), "/not/there.pem".to_owned())];
    let refused = RemoteLocation::parse("s3://bucket", no_file.into_iter().collect()).unwrap_err();
    assert!(
        refused.to_string().contains("`/not/there.pem`"),
        "{refused}"
    );
}
