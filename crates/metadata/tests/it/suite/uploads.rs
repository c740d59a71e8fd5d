//! Uploads, their parts, and what becomes of both.

use buckler_metadata::{
    AbortUpload, Body, BytesPosition, CompletedUpload, CreateUpload, DeleteBucket, DeleteObject,
    IfMatch, InlineBytes, NewPart, PartQuery, PromisedBody, PutPart, Store, StoredObject, Unmet,
    Wanted, WritePrecondition,
};
use buckler_s3::{
    ByteRange, PartNumber, VersionSelector, Versioning,
    multipart::{ChecksumPlan, CompletionFault},
};
use bytes::Bytes;
use time::Duration;

use crate::{
    backends::on_every_database,
    fixtures::{blob_object, bucket, delete_entry, deletion, etag, key, main_account, now, object},
    upload_fixtures::{
        PART, complete, completion, garbage, named, new_part, new_upload, put_parts, upload,
        upload_id, uploaded,
    },
};

on_every_database!(
    parts_become_the_object_without_being_copied,
    ranges_find_their_parts,
    gaps_in_numbers_are_closed,
    inline_parts_are_read_back,
    parts_that_were_not_chosen_are_garbage,
    replaced_part_is_garbage,
    aborted_parts_are_garbage,
    overwritten_parts_are_garbage,
    enabled_bucket_keeps_the_parts_of_old_versions,
    refused_completion_changes_nothing,
    identical_completion_is_repeated_while_its_object_is_there,
    condition_is_of_the_version_that_was_current_at_the_beginning,
    bucket_takes_its_uploads_with_it,
    nothing_happens_without_an_upload,
    parts_are_listed_by_number,
    upload_remembers_what_it_was_created_with,
    walk_of_all_bytes_meets_every_part,
);

const LATEST: VersionSelector = VersionSelector::Latest;

async fn get(store: &Store, bucket: i64, wanted: Wanted) -> StoredObject {
    let read = store.read_object(bucket, &key("a"), &LATEST, wanted).await;
    read.unwrap().unwrap()
}

/// First byte, size and blob of each part.
fn places(stored: &StoredObject) -> Vec<(u64, u64, String)> {
    let place = |part: &buckler_metadata::ObjectPart| match &part.body {
        Body::Blob(blob) => (part.first_byte, part.size_bytes, blob.clone()),
        other => panic!("{other:?}"),
    };
    stored.parts.iter().map(place).collect()
}

fn stored(outcome: &CompletedUpload) -> bool {
    matches!(outcome, CompletedUpload::Stored { .. })
}

async fn parts_become_the_object_without_being_copied(store: Store) {
    let bucket = bucket(&store).await.id;
    let parts = upload(&store, bucket, &["one", "two", "three"]).await;
    let outcome = complete(&store, completion(bucket, &parts)).await;
    let CompletedUpload::Stored {
        etag, version_id, ..
    } = outcome
    else {
        panic!("{outcome:?}");
    };
    assert!(etag.as_str().ends_with("-3"));
    assert_eq!(version_id, None);
    let found = get(&store, bucket, Wanted::Whole).await;
    let expected = [("one", 0), ("two", 1), ("three", 2)];
    let expected = expected.map(|(blob, place)| (place * PART, PART, blob.to_owned()));
    assert_eq!(places(&found), expected);
    let row = found.object;
    assert_eq!((row.size_bytes, row.etag), (3 * PART, etag));
    assert_eq!(row.created_at, now(), "as old as the upload");
    assert_eq!(row.headers.content_type.as_deref(), Some("text/plain"));
    assert_eq!(row.user_metadata.iter().count(), 1);
    assert_eq!(row.tags.len(), 1);
    assert_eq!(row.parts.unwrap().count(), 3);
    assert!(garbage(&store).await.is_empty());
    let row = store.upload(bucket, &key("a"), &upload_id(1)).await;
    assert!(row.unwrap().unwrap().is_completed);
    let late = store.put_part(new_part(bucket, 4, PART, "four")).await;
    assert_eq!(late.unwrap(), PutPart::NoSuchUpload);
}

async fn ranges_find_their_parts(store: Store) {
    let bucket = bucket(&store).await.id;
    store
        .create_upload(new_upload(bucket, "a", 1))
        .await
        .unwrap();
    let sizes = [PART, PART + 1, PART, 3];
    let mut parts = Vec::new();
    for (number, size) in (1..).zip(sizes) {
        let new = new_part(bucket, number, size, &format!("blob {number}"));
        parts.push(new.part.clone());
        store.put_part(new).await.unwrap();
    }
    assert!(stored(&complete(&store, completion(bucket, &parts)).await));
    let total: u64 = sizes.iter().sum();
    for (first, last, expected) in [
        (0, 0, vec![1]),
        (PART - 1, PART - 1, vec![1]),
        (PART - 1, PART, vec![1, 2]),
        (PART, 2 * PART, vec![2]),
        (2 * PART + 1, 2 * PART + 1, vec![3]),
        (1, total - 1, vec![1, 2, 3, 4]),
        (total - 1, total - 1, vec![4]),
        (total - 4, total + 5, vec![3, 4]),
    ] {
        let range = ByteRange::From {
            first,
            last: Some(last),
        };
        let found = get(&store, bucket, Wanted::Range(range)).await;
        let blobs: Vec<_> = places(&found).into_iter().map(|place| place.2).collect();
        let expected: Vec<_> = expected.iter().map(|n| format!("blob {n}")).collect();
        assert_eq!(blobs, expected, "{first}-{last}");
    }
    let beyond = Wanted::Range(ByteRange::Suffix { length: 0 });
    assert!(get(&store, bucket, beyond).await.parts.is_empty());
    for number in 1..=4 {
        let found = get(
            &store,
            bucket,
            Wanted::Part(PartNumber::new(number).unwrap()),
        )
        .await;
        assert_eq!(places(&found)[0].2, format!("blob {number}"));
    }
    let fifth = get(&store, bucket, Wanted::Part(PartNumber::new(5).unwrap())).await;
    assert!(fifth.parts.is_empty());
}

async fn gaps_in_numbers_are_closed(store: Store) {
    let bucket = bucket(&store).await.id;
    store
        .create_upload(new_upload(bucket, "a", 1))
        .await
        .unwrap();
    let mut parts = Vec::new();
    for number in [3, 17, 10_000] {
        let new = new_part(bucket, number, PART, &format!("blob {number}"));
        parts.push(new.part.clone());
        store.put_part(new).await.unwrap();
    }
    assert!(stored(&complete(&store, completion(bucket, &parts)).await));
    let second = get(&store, bucket, Wanted::Part(PartNumber::new(2).unwrap())).await;
    assert_eq!(places(&second), [(PART, PART, "blob 17".to_owned())]);
    let list = second.object.parts.unwrap();
    let page = store.object_parts(list, 1, 5).await.unwrap();
    let firsts: Vec<_> = page.iter().map(|part| part.first_byte).collect();
    assert_eq!(firsts, [PART, 2 * PART]);
}

async fn inline_parts_are_read_back(store: Store) {
    let bucket = bucket(&store).await.id;
    let mut parts = upload(&store, bucket, &["one"]).await;
    let last = NewPart {
        body: Body::Inline(Bytes::from_static(b"end")),
        ..new_part(bucket, 2, 3, "end")
    };
    parts.push(last.part.clone());
    store.put_part(last).await.unwrap();
    assert!(stored(&complete(&store, completion(bucket, &parts)).await));
    let found = get(&store, bucket, Wanted::Whole).await;
    assert_eq!(
        found.parts[1].body,
        Body::Inline(Bytes::from_static(b"end"))
    );
    let deleted = store.delete_object(deletion(bucket), delete_entry("a", LATEST));
    assert_eq!(deleted.await.unwrap(), DeleteObject::Deleted);
    assert_eq!(garbage(&store).await, ["one"]);
}

async fn parts_that_were_not_chosen_are_garbage(store: Store) {
    let bucket = bucket(&store).await.id;
    let parts = upload(&store, bucket, &["one", "two", "three", "four"]).await;
    let inline = NewPart {
        body: Body::Inline(Bytes::from_static(b"end")),
        ..new_part(bucket, 9, 3, "end")
    };
    store.put_part(inline).await.unwrap();
    let chosen = [parts[1].clone(), parts[3].clone()];
    assert!(stored(&complete(&store, completion(bucket, &chosen)).await));
    assert_eq!(garbage(&store).await, ["one", "three"]);
    let found = get(&store, bucket, Wanted::Whole).await;
    let expected = [(0, PART, "two".to_owned()), (PART, PART, "four".to_owned())];
    assert_eq!(places(&found), expected);
}

async fn replaced_part_is_garbage(store: Store) {
    let bucket = bucket(&store).await.id;
    let first = upload(&store, bucket, &["one"]).await;
    let again = put_parts(&store, bucket, &["again"]).await;
    assert_eq!(garbage(&store).await, ["one"]);
    let stale = complete(&store, completion(bucket, &first)).await;
    assert!(matches!(
        stale,
        CompletedUpload::Refused(CompletionFault::InvalidPart { number: 1, .. })
    ));
    assert!(stored(&complete(&store, completion(bucket, &again)).await));
}

async fn aborted_parts_are_garbage(store: Store) {
    let bucket = bucket(&store).await.id;
    let parts = upload(&store, bucket, &["one", "two"]).await;
    assert_eq!(named(&store, &["one", "two"]).await, ["one", "two"]);
    for expected in [AbortUpload::Aborted, AbortUpload::NotInProgress] {
        let aborted = store.abort_upload(bucket, key("a"), upload_id(1), now());
        assert_eq!(aborted.await.unwrap(), expected);
    }
    assert_eq!(garbage(&store).await, ["one", "two"]);
    assert!(named(&store, &["one", "two"]).await.is_empty());
    let row = store.upload(bucket, &key("a"), &upload_id(1)).await;
    assert_eq!(row.unwrap(), None);
    let late = complete(&store, completion(bucket, &parts)).await;
    assert_eq!(late, CompletedUpload::NoSuchUpload);
}

async fn overwritten_parts_are_garbage(store: Store) {
    let bucket = bucket(&store).await.id;
    let parts = upload(&store, bucket, &["one", "two"]).await;
    complete(&store, completion(bucket, &parts)).await;
    store
        .put_object(blob_object(bucket, "a", "three"))
        .await
        .unwrap();
    assert_eq!(garbage(&store).await, ["one", "two"]);
    // The same id may not return, but an upload of the same key does, and replaces what is there.
    let parts = upload(&store, bucket, &["four"]).await;
    complete(&store, completion(bucket, &parts)).await;
    assert_eq!(garbage(&store).await, ["one", "three", "two"]);
    let aborted = store.abort_upload(bucket, key("a"), upload_id(1), now());
    assert_eq!(aborted.await.unwrap(), AbortUpload::NotInProgress);
    assert_eq!(named(&store, &["four"]).await, ["four"]);
}

async fn enabled_bucket_keeps_the_parts_of_old_versions(store: Store) {
    let bucket = bucket(&store).await.id;
    let changed = store.put_bucket_versioning(bucket, Versioning::Enabled, None);
    changed.await.unwrap();
    let parts = upload(&store, bucket, &["one", "two"]).await;
    let outcome = complete(&store, completion(bucket, &parts)).await;
    let CompletedUpload::Stored {
        version_id: Some(version_id),
        ..
    } = outcome
    else {
        panic!("{outcome:?}");
    };
    store.put_object(object(bucket, "a", "new")).await.unwrap();
    store
        .delete_object(deletion(bucket), delete_entry("a", LATEST))
        .await
        .unwrap();
    assert!(garbage(&store).await.is_empty());
    let again = complete(&store, completion(bucket, &parts)).await;
    assert!(
        matches!(&again, CompletedUpload::Repeated { version_id: Some(id), .. } if *id == version_id)
    );
    let by_id = VersionSelector::Id(version_id);
    let deleted = store.delete_object(deletion(bucket), delete_entry("a", by_id));
    assert_eq!(deleted.await.unwrap(), DeleteObject::VersionDeleted);
    assert_eq!(garbage(&store).await, ["one", "two"]);
    let gone = complete(&store, completion(bucket, &parts)).await;
    assert_eq!(gone, CompletedUpload::NoSuchUpload);
}

async fn refused_completion_changes_nothing(store: Store) {
    let bucket = bucket(&store).await.id;
    store
        .create_upload(new_upload(bucket, "a", 1))
        .await
        .unwrap();
    let small = new_part(bucket, 1, PART - 1, "small");
    let last = new_part(bucket, 2, 1, "last");
    let parts = [small.part.clone(), last.part.clone()];
    store.put_part(small).await.unwrap();
    store.put_part(last).await.unwrap();
    let refused = complete(&store, completion(bucket, &parts)).await;
    assert!(matches!(
        refused,
        CompletedUpload::Refused(CompletionFault::TooSmall { number: 1, .. })
    ));
    let found = store.head_object(bucket, &key("a"), &LATEST).await;
    assert_eq!(found.unwrap(), None);
    // Alone, the small part is the last.
    assert!(stored(
        &complete(&store, completion(bucket, &parts[..1])).await
    ));
}

async fn identical_completion_is_repeated_while_its_object_is_there(store: Store) {
    let bucket = bucket(&store).await.id;
    let parts = upload(&store, bucket, &["one", "two"]).await;
    let first = completion(bucket, &parts);
    assert!(stored(&complete(&store, first.clone()).await));
    let mut again = first.clone();
    again.precondition = WritePrecondition::IfNoneMatchAny;
    again.completion.size_bytes = Some(1);
    let outcome = complete(&store, again).await;
    assert!(matches!(
        outcome,
        CompletedUpload::Repeated {
            version_id: None,
            ..
        }
    ));
    let other = complete(&store, completion(bucket, &parts[..1])).await;
    assert_eq!(other, CompletedUpload::NoSuchUpload);
    store.put_object(object(bucket, "a", "new")).await.unwrap();
    let gone = complete(&store, first).await;
    assert_eq!(gone, CompletedUpload::NoSuchUpload);
}

async fn condition_is_of_the_version_that_was_current_at_the_beginning(store: Store) {
    let bucket = bucket(&store).await.id;
    store.put_object(object(bucket, "a", "old")).await.unwrap();
    let parts = upload(&store, bucket, &["one"]).await;
    let mut conditional = completion(bucket, &parts);
    conditional.precondition = WritePrecondition::IfMatch(IfMatch::Tag(etag("other")));
    let outcome = complete(&store, conditional.clone()).await;
    assert_eq!(outcome, CompletedUpload::PreconditionFailed(Unmet::IfMatch));
    conditional.precondition = WritePrecondition::IfNoneMatchAny;
    let outcome = complete(&store, conditional.clone()).await;
    let expected = CompletedUpload::PreconditionFailed(Unmet::IfNoneMatch);
    assert_eq!(outcome, expected);
    // Another generation of the same bytes.
    store.put_object(object(bucket, "a", "old")).await.unwrap();
    conditional.precondition = WritePrecondition::IfMatch(IfMatch::Tag(etag("old")));
    let outcome = complete(&store, conditional.clone()).await;
    assert_eq!(outcome, CompletedUpload::Conflict);
    assert_eq!(named(&store, &["one"]).await, ["one"]);
    conditional.precondition = WritePrecondition::None;
    assert!(stored(&complete(&store, conditional).await));
}

async fn bucket_takes_its_uploads_with_it(store: Store) {
    let made = bucket(&store).await;
    upload(&store, made.id, &["one", "two"]).await;
    let inline = NewPart {
        body: Body::Inline(Bytes::from_static(b"end")),
        ..new_part(made.id, 3, 3, "end")
    };
    store.put_part(inline).await.unwrap();
    let deleted = store.delete_bucket(made.id, now()).await.unwrap();
    assert_eq!(deleted, DeleteBucket::Deleted);
    assert_eq!(garbage(&store).await, ["one", "two"]);
    let late = store.put_part(new_part(made.id, 4, PART, "four")).await;
    assert_eq!(late.unwrap(), PutPart::NoSuchUpload);
    let new = store.create_upload(new_upload(made.id, "a", 2)).await;
    assert_eq!(new.unwrap(), CreateUpload::NoSuchBucket);
}

async fn nothing_happens_without_an_upload(store: Store) {
    let bucket = bucket(&store).await.id;
    let parts = upload(&store, bucket, &["one"]).await;
    let mut elsewhere = new_part(bucket, 1, PART, "two");
    elsewhere.key = key("b");
    assert_eq!(
        store.put_part(elsewhere).await.unwrap(),
        PutPart::NoSuchUpload
    );
    let mut other = completion(bucket, &parts);
    other.id = upload_id(2);
    assert_eq!(complete(&store, other).await, CompletedUpload::NoSuchUpload);
    let aborted = store.abort_upload(bucket, key("b"), upload_id(1), now());
    assert_eq!(aborted.await.unwrap(), AbortUpload::NotInProgress);
    assert_eq!(named(&store, &["one", "two"]).await, ["one"]);
}

async fn parts_are_listed_by_number(store: Store) {
    let bucket = bucket(&store).await.id;
    store
        .create_upload(new_upload(bucket, "a", 1))
        .await
        .unwrap();
    for number in [10_000, 1, 300, 2] {
        let mut part = new_part(bucket, number, PART, &format!("blob {number}"));
        part.created_at = now() + Duration::seconds(i64::from(number));
        store.put_part(part).await.unwrap();
    }
    let mut query = PartQuery {
        bucket_id: bucket,
        key: key("a"),
        upload_id: upload_id(1),
        algorithm: ChecksumPlan::Default.algorithm(),
        after: 0,
        limit: 3,
    };
    let mut numbers = Vec::new();
    loop {
        let page = store.list_parts(&query).await.unwrap();
        for row in &page {
            let number = row.part.number.get();
            let blob = format!("blob {number}");
            assert_eq!(row.part, uploaded(number, PART, &blob));
            assert_eq!(row.created_at, now() + Duration::seconds(number.into()));
            numbers.push(number);
        }
        match page.last() {
            Some(last) if page.len() == 3 => query.after = last.part.number.get().into(),
            _ => break,
        }
    }
    assert_eq!(numbers, [1, 2, 300, 10_000]);
}

async fn upload_remembers_what_it_was_created_with(store: Store) {
    let bucket = bucket(&store).await.id;
    let new = new_upload(bucket, "a", 1);
    store.create_upload(new.clone()).await.unwrap();
    let row = store.upload(bucket, &key("a"), &upload_id(1)).await;
    let row = row.unwrap().unwrap();
    assert_eq!((row.key, row.id, row.created_at), (new.key, new.id, now()));
    assert_eq!((row.initiator, row.checksum), (new.initiator, new.checksum));
    assert_eq!(row.owner_canonical_id, main_account().canonical_id);
    assert!(row.encryption_named && !row.is_completed);
}

async fn walk_of_all_bytes_meets_every_part(store: Store) {
    let bucket = bucket(&store).await.id;
    let parts = upload(&store, bucket, &["one", "two"]).await;
    complete(&store, completion(bucket, &parts)).await;
    store
        .put_object(blob_object(bucket, "b", "three"))
        .await
        .unwrap();
    for limit in 1..=4 {
        let mut position = BytesPosition::default();
        let mut met = Vec::new();
        loop {
            let page = store.stored_bytes(&position, InlineBytes::Measured, limit);
            let page = page.await.unwrap();
            let Some(last) = page.last() else { break };
            position = last.position.clone();
            met.extend(page.into_iter().map(|bytes| bytes.body));
        }
        let blob = |name: &str| PromisedBody::Blob(name.to_owned());
        let expected = [blob("one"), blob("two"), blob("three")];
        assert_eq!(met, expected, "{limit} in a page");
    }
}
