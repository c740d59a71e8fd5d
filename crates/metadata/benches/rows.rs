//! What writing an object's row costs, one at a time and many at once, and what finding one costs out of 100,000.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a bench stops where it fails"
)]

mod fixtures;

use std::{
    hint::black_box,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use buckler_metadata::Store;
use buckler_s3::{ObjectKey, VersionSelector};
use bytes::Bytes;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use futures_util::future::join_all;
use tokio::runtime::Runtime;

/// Rows to look up among.
const ROWS: u64 = 100_000;
const BODY: Bytes = Bytes::from_static(&[b'x'; 4096]);

fn rows(c: &mut Criterion) {
    let runtime = Runtime::new().unwrap();
    let folder = tempfile::tempdir().unwrap();
    for (name, location) in fixtures::databases(folder.path()) {
        let store = runtime.block_on(fixtures::open(&location));
        insert(c, &runtime, &store, name);
        look_up(c, &runtime, &store, name);
        runtime.block_on(store.close()).unwrap();
    }
}

/// New keys, with 4 KiB beside the row.
fn insert(c: &mut Criterion, runtime: &Runtime, store: &Store, name: &str) {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let bucket = runtime.block_on(fixtures::bucket(store, "inserted"));
    let put = || async {
        let nonce = NEXT.fetch_add(1, Ordering::Relaxed);
        let key = format!("{:016x}", nonce.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let object = fixtures::object(bucket, &key, BODY, nonce.into());
        store.put_object(object).await.unwrap()
    };
    let mut group = c.benchmark_group(format!("insert/{name}"));
    for at_once in [1, 16, 64] {
        group.throughput(Throughput::Elements(at_once));
        group.bench_function(format!("{at_once} at once"), |b| {
            b.iter(|| runtime.block_on(join_all((0..at_once).map(|_| put()))));
        });
    }
}

fn look_up(c: &mut Criterion, runtime: &Runtime, store: &Store, name: &str) {
    let key = |index: u64| format!("folder/{index:09}/object.bin");
    let bucket = runtime.block_on(async {
        let bucket = fixtures::bucket(store, "looked-up").await;
        fixtures::fill(store, bucket, (0..ROWS).map(key)).await;
        bucket
    });
    let mut index = 0;
    let mut next = || {
        index = (index + 7_919) % ROWS;
        ObjectKey::parse(&key(index)).unwrap()
    };
    let mut group = c.benchmark_group(format!("look up/{name}"));
    group.bench_function("head", |b| {
        b.iter(|| {
            let key = next();
            let found = runtime.block_on(store.head_object(bucket, &key, &VersionSelector::Latest));
            black_box(found.unwrap().unwrap())
        });
    });
    group.bench_function("with its bytes", |b| {
        b.iter(|| {
            let key = next();
            let found = runtime.block_on(store.get_object(bucket, &key, &VersionSelector::Latest));
            black_box(found.unwrap().unwrap())
        });
    });
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20).warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(2));
    targets = rows
}
criterion_main!(benches);
