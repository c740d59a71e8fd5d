//! What a check of all bytes asks of the rows.

use buckler_metadata::{
    BytesHolder, BytesPosition, FindingRow, InlineBytes, NamedBlob, NamedBy, NewPart, PromisedBody,
    PutPart, Store, StoredBytes,
};
use buckler_s3::VersionSelector;
use time::Duration;

use crate::{
    backends::on_every_database,
    fixtures::{blob_object, bucket, delete_entry, deletion, key, now, object},
    upload_fixtures::{complete, completion, new_part, new_upload, upload, upload_id},
};

on_every_database!(
    every_table_that_names_a_blob_is_asked,
    garbage_that_an_object_names_is_never_handed_out,
    walk_sees_every_promise_once,
    walk_carries_inline_bytes_if_asked,
    walk_sees_parts_of_objects_and_of_uploads_in_progress,
    finding_may_be_of_a_part,
    findings_are_kept_until_a_pass_does_not_see_them,
    lease_has_one_holder,
);

fn named(id: &str, by: NamedBy) -> NamedBlob {
    NamedBlob {
        id: id.to_owned(),
        by,
    }
}

async fn every_table_that_names_a_blob_is_asked(store: Store) {
    let bucket = bucket(&store).await.id;
    for (name, blob) in [("x", "bb"), ("y", "cc"), ("z", "dd")] {
        let put = store.put_object(blob_object(bucket, name, blob));
        put.await.unwrap();
    }
    let deleted = store.delete_object(deletion(bucket), delete_entry("y", VersionSelector::Latest));
    deleted.await.unwrap();
    let all = store.blobs_named_between("aa", "cd").await.unwrap();
    let expected = [named("bb", NamedBy::Object), named("cc", NamedBy::Garbage)];
    assert_eq!(all, expected);
    let by = [
        ("bb", Some(NamedBy::Object)),
        ("cc", Some(NamedBy::Garbage)),
        ("ee", None),
    ];
    for (id, by) in by {
        assert_eq!(store.blob_named_by(id).await.unwrap(), by, "{id}");
    }
}

async fn garbage_that_an_object_names_is_never_handed_out(store: Store) {
    let bucket = bucket(&store).await.id;
    let put = store.put_object(blob_object(bucket, "a", "one"));
    put.await.unwrap();
    for blob in ["one", "two"] {
        let added = store.add_garbage(blob.to_owned(), 7, now());
        added.await.unwrap();
    }
    let handed_out = store.garbage(now(), 10).await.unwrap();
    let names: Vec<_> = handed_out.iter().map(|row| row.blob_id.as_str()).collect();
    assert_eq!(names, ["two"]);
    let wrong = store.false_garbage(0, 10).await.unwrap();
    assert_eq!(wrong[0].blob_id, "one");
    let after = store.false_garbage(wrong[0].id, 10).await.unwrap();
    assert_eq!((wrong.len(), after.len()), (1, 0));
    assert_eq!(store.garbage_total().await.unwrap(), (2, 14));
    assert_eq!(
        store.blob_named_by("one").await.unwrap(),
        Some(NamedBy::Object)
    );
}

/// All pages of a walk, and what it sees.
async fn walk(store: &Store, inline: InlineBytes, limit: u32) -> Vec<StoredBytes> {
    let mut position = BytesPosition::default();
    let mut all = Vec::new();
    loop {
        let page = store.stored_bytes(&position, inline, limit).await.unwrap();
        let Some(last) = page.last() else { return all };
        // A position survives being written down.
        let text = serde_json::to_vec(&last.position).unwrap();
        position = serde_json::from_slice(&text).unwrap();
        assert!(page.len() <= limit as usize);
        all.extend(page);
    }
}

async fn walk_sees_every_promise_once(store: Store) {
    let bucket = bucket(&store).await.id;
    for name in ["a", "b", "b/c"] {
        store
            .put_object(object(bucket, name, "text"))
            .await
            .unwrap();
    }
    let put = store.put_object(blob_object(bucket, "d", "blob-of-d"));
    put.await.unwrap();
    for limit in [1, 2, 100] {
        let found = walk(&store, InlineBytes::Measured, limit).await;
        let keys: Vec<_> = found.iter().map(|one| one.key.as_str()).collect();
        assert_eq!(keys, ["a", "b", "b/c", "d"], "{limit}");
        assert_eq!(found[3].body, PromisedBody::Blob("blob-of-d".to_owned()));
        assert_eq!(
            (found[3].size_bytes, found[3].bucket.as_str()),
            (7, "photos")
        );
        assert!(found.iter().all(|one| matches!(one.checksum, Ok(Some(_)))));
        let PromisedBody::Inline {
            size_bytes,
            ref bytes,
            ..
        } = found[0].body
        else {
            panic!("{:?}", found[0]);
        };
        assert_eq!((size_bytes, bytes), (Some(4), &None));
    }
}

async fn walk_carries_inline_bytes_if_asked(store: Store) {
    let bucket = bucket(&store).await.id;
    store.put_object(object(bucket, "a", "text")).await.unwrap();
    let found = walk(&store, InlineBytes::Read, 10).await;
    let PromisedBody::Inline {
        bytes: Some(ref bytes),
        ..
    } = found[0].body
    else {
        panic!("{:?}", found[0]);
    };
    assert_eq!(&**bytes, b"text");
}

async fn walk_sees_parts_of_objects_and_of_uploads_in_progress(store: Store) {
    let bucket = bucket(&store).await.id;
    let parts = upload(&store, bucket, &["one", "two"]).await;
    complete(&store, completion(bucket, &parts)).await;
    for (name, age) in [("a", 2), ("a", 3), ("b", 1), ("empty", 1)] {
        let create = store.create_upload(new_upload(bucket, name, age));
        create.await.unwrap();
    }
    for (name, age, number, blob) in [
        ("a", 2, 7, "three"),
        ("a", 2, 9, "four"),
        ("a", 3, 1, "five"),
        ("b", 1, 1, "six"),
    ] {
        let part = NewPart {
            key: key(name),
            upload_id: upload_id(age),
            ..new_part(bucket, number, 5, blob)
        };
        assert_eq!(store.put_part(part).await.unwrap(), PutPart::Stored);
    }
    let version = |blob: &str| (blob.to_owned(), "a".to_owned(), None);
    let part = |blob: &str, name: &str, age, number| {
        (
            blob.to_owned(),
            name.to_owned(),
            Some((upload_id(age), number)),
        )
    };
    let expected = [
        version("one"),
        version("two"),
        part("three", "a", 2, 7),
        part("four", "a", 2, 9),
        part("five", "a", 3, 1),
        part("six", "b", 1, 1),
    ];
    for limit in [1, 2, 3, 4, 100] {
        let found = walk(&store, InlineBytes::Measured, limit).await;
        assert!(found.iter().all(|one| matches!(one.checksum, Ok(Some(_)))));
        let found = found.into_iter().map(|one| {
            let PromisedBody::Blob(blob) = one.body else {
                panic!("{one:?}")
            };
            let of = match one.holder {
                BytesHolder::Version(_) => None,
                BytesHolder::UploadPart(id, number) => Some((id, number)),
            };
            (blob, one.key, of)
        });
        let found: Vec<_> = found.collect();
        assert_eq!(found, expected, "{limit}");
    }
}

async fn finding_may_be_of_a_part(store: Store) {
    let finding = FindingRow {
        place: "blob:1".to_owned(),
        bucket: "photos".to_owned(),
        key: "a".to_owned(),
        holder: BytesHolder::UploadPart(upload_id(1), 10_000),
        problem: "the bytes are missing".to_owned(),
        found_at: now(),
    };
    store.note_finding(finding.clone()).await.unwrap();
    assert_eq!(store.findings("", 10).await.unwrap(), [finding]);
    assert_eq!(store.finding_count().await.unwrap(), 1);
}

async fn findings_are_kept_until_a_pass_does_not_see_them(store: Store) {
    let later = now() + Duration::seconds(5);
    let finding = |place: &str, found_at| FindingRow {
        place: place.to_owned(),
        bucket: "photos".to_owned(),
        key: "a".to_owned(),
        holder: BytesHolder::Version("null".to_owned()),
        problem: "the bytes are missing".to_owned(),
        found_at,
    };
    for (place, at) in [("blob:1", now()), ("blob:2", now()), ("blob:1", later)] {
        store.note_finding(finding(place, at)).await.unwrap();
    }
    assert_eq!(store.findings("", 10).await.unwrap().len(), 2);
    assert_eq!(
        store.findings("blob:1", 10).await.unwrap(),
        [finding("blob:2", now())]
    );
    store.forget_findings(later).await.unwrap();
    assert_eq!(
        store.findings("", 10).await.unwrap(),
        [finding("blob:1", later)]
    );
}

async fn lease_has_one_holder(store: Store) {
    let at = |seconds| now() + Duration::seconds(seconds);
    for (holder, from, until, taken) in [
        ("one", 0, 10, true),
        ("two", 5, 15, false),
        ("one", 6, 20, true),
        ("two", 19, 30, false),
        ("two", 20, 30, true),
        ("one", 25, 40, false),
    ] {
        let lease = store.take_lease("scrub", holder, at(from), at(until));
        assert_eq!(lease.await.unwrap(), taken, "{holder} from {from}");
    }
}
