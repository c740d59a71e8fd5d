//! What completing an upload of ten thousand parts costs, and how long a small write waits that comes at the same time.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a bench stops where it fails"
)]

mod fixtures;

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant},
};

use buckler_checksum::{Algorithm, ChecksumType, Hasher};
use buckler_metadata::{
    Body, CompleteUpload, CompletedUpload, Initiator, NewPart, NewUpload, Store, VersionNonce,
    WritePrecondition,
};
use buckler_policy::Acl;
use buckler_s3::{
    ETag, ObjectKey, PART_NUMBER_MAX, PartNumber, StoredHeaders, TagSet, UPLOAD_ID_BYTES, UploadId,
    UserMetadata,
    multipart::{ChecksumPlan, ClaimedPart, Completion, UploadedPart},
};
use bytes::Bytes;
use criterion::{Criterion, criterion_group, criterion_main};
use futures_util::{StreamExt as _, stream};
use tokio::runtime::Runtime;

const PART_BYTES: u64 = 5 << 20;

fn key() -> ObjectKey {
    ObjectKey::parse("film").unwrap()
}

fn id(number: u64) -> UploadId {
    let mut bytes = [0; UPLOAD_ID_BYTES];
    for (to, from) in bytes.iter_mut().zip(number.to_be_bytes()) {
        *to = from;
    }
    UploadId::from_bytes(bytes)
}

fn part(plan: ChecksumPlan, number: u16) -> UploadedPart {
    UploadedPart {
        number: PartNumber::new(number).unwrap(),
        size_bytes: PART_BYTES,
        md5: [7; 16],
        checksum: Hasher::digest(plan.algorithm(), &number.to_be_bytes()),
    }
}

/// An upload with as many parts as there can be.
async fn upload(store: &Store, bucket_id: i64, plan: ChecksumPlan, upload: u64) {
    let new = NewUpload {
        bucket_id,
        key: key(),
        id: id(upload),
        created_at: fixtures::now(),
        owner: Some(fixtures::account().id),
        initiator: Initiator {
            account: Some(fixtures::account().id),
            user_id: "AIDAEXAMPLE".to_owned(),
            shown: "arn:aws:iam::111122223333:user/alice".to_owned(),
        },
        checksum: plan,
        encryption_named: false,
        headers: StoredHeaders::default(),
        user_metadata: UserMetadata::default(),
        tags: TagSet::default(),
        acl: Acl::OwnersAlone,
    };
    store.create_upload(new).await.unwrap();
    let puts = (1..=PART_NUMBER_MAX).map(|number| {
        store.put_part(NewPart {
            bucket_id,
            key: key(),
            upload_id: id(upload),
            part: part(plan, number),
            created_at: fixtures::now(),
            body: Body::Blob(format!("{upload:016x}{number:016x}")),
        })
    });
    let mut puts = stream::iter(puts).buffer_unordered(64);
    while let Some(put) = puts.next().await {
        put.unwrap();
    }
}

fn completion(bucket_id: i64, plan: ChecksumPlan, upload: u64) -> CompleteUpload {
    let claim = |number| {
        let part = part(plan, number);
        ClaimedPart {
            number: number.into(),
            etag: ETag::from_md5(part.md5).to_string(),
            checksum: Some(part.checksum),
        }
    };
    CompleteUpload {
        bucket_id,
        key: key(),
        id: id(upload),
        completion: Completion {
            parts: (1..=PART_NUMBER_MAX).map(claim).collect(),
            checksum: None,
            checksum_type: None,
            size_bytes: None,
        },
        precondition: WritePrecondition::None,
        now: fixtures::now(),
        nonce: VersionNonce(u128::from(upload).to_be_bytes()),
    }
}

/// Completes an upload, and has a small object written again and again meanwhile; returns how long the one took, and the
/// longest of the others.
async fn measure(store: &Store, bucket_id: i64, complete: CompleteUpload) -> (Duration, Duration) {
    let done = AtomicBool::new(false);
    let completing = async {
        let begun = Instant::now();
        let completed = store.complete_upload(complete).await.unwrap();
        let took = begun.elapsed();
        done.store(true, Ordering::Release);
        assert!(
            matches!(completed, CompletedUpload::Stored { .. }),
            "{completed:?}"
        );
        took
    };
    let writing = async {
        let mut longest = Duration::ZERO;
        for nonce in 0.. {
            let body = Bytes::from_static(b"small");
            let object = fixtures::object(bucket_id, "small", body, nonce);
            let begun = Instant::now();
            store.put_object(object).await.unwrap();
            longest = longest.max(begun.elapsed());
            if done.load(Ordering::Acquire) {
                break;
            }
        }
        longest
    };
    tokio::join!(completing, writing)
}

fn multipart(c: &mut Criterion) {
    let runtime = Runtime::new().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let plans = [
        ("full object", ChecksumPlan::Default),
        (
            "composite",
            ChecksumPlan::Asked(Algorithm::Sha256, ChecksumType::Composite),
        ),
    ];
    for (database, location) in fixtures::databases(folder.path()) {
        let store = runtime.block_on(fixtures::open(&location));
        let bucket = runtime.block_on(fixtures::bucket(&store, "films"));
        let mut number = 0;
        let mut group = c.benchmark_group(format!("complete 10000 parts/{database}"));
        for (name, plan) in plans {
            let mut longest = Duration::ZERO;
            group.bench_function(name, |b| {
                b.iter_custom(|rounds| {
                    let mut total = Duration::ZERO;
                    for _ in 0..rounds {
                        number += 1;
                        runtime.block_on(async {
                            upload(&store, bucket, plan, number).await;
                            let complete = completion(bucket, plan, number);
                            let (took, waited) = measure(&store, bucket, complete).await;
                            longest = longest.max(waited);
                            total += took;
                        });
                    }
                    total
                });
            });
            println!("the longest wait of a small write beside it: {longest:?}");
        }
        group.finish();
        runtime.block_on(store.close()).unwrap();
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10).warm_up_time(Duration::from_millis(1)).measurement_time(Duration::from_millis(100));
    targets = multipart
}
criterion_main!(benches);
