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
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use futures_util::future::join_all;
use tokio::runtime::Runtime;

/// Rows to look up among.
const ROWS: u64 = 100_000;
/// How far one that is looked up is from the one before; shares no divisor with their number.
const STEP: usize = 7_919;
const BODY: Bytes = Bytes::from_static(&[b'x'; 4096]);

fn rows(c: &mut Criterion) {
    let runtime = Runtime::new().unwrap();
    // Beside what is built: a system's temporary folder is often in memory, where a sync costs nothing.
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
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
    let object = || {
        let nonce = NEXT.fetch_add(1, Ordering::Relaxed);
        let key = format!("{:016x}", nonce.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        fixtures::object(bucket, &key, BODY, nonce.into())
    };
    let mut group = c.benchmark_group(format!("insert/{name}"));
    for at_once in [1, 16, 64] {
        group.throughput(Throughput::Elements(at_once));
        group.bench_function(format!("{at_once} at once"), |b| {
            b.iter_batched(
                || (0..at_once).map(|_| object()).collect::<Vec<_>>(),
                |objects| {
                    let puts = objects.into_iter().map(|object| store.put_object(object));
                    for put in runtime.block_on(join_all(puts)) {
                        put.unwrap();
                    }
                },
                BatchSize::SmallInput,
            );
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
    let keys: Vec<_> = (0..ROWS)
        .map(|index| ObjectKey::parse(&key(index)).unwrap())
        .collect();
    // Every key once before one comes again: none is in memory.
    let mut keys = keys.iter().cycle().step_by(STEP);
    let mut group = c.benchmark_group(format!("look up/{name}"));
    group.bench_function("head", |b| {
        b.iter(|| {
            let key = keys.next().unwrap();
            let found = runtime.block_on(store.head_object(bucket, key, &VersionSelector::Latest));
            black_box(found.unwrap().unwrap())
        });
    });
    group.bench_function("with its bytes", |b| {
        b.iter(|| {
            let key = keys.next().unwrap();
            let found = runtime.block_on(store.get_object(bucket, key, &VersionSelector::Latest));
            black_box(found.unwrap().unwrap())
        });
    });
    let one = keys.next().unwrap();
    group.bench_function("with its bytes, the same one again", |b| {
        b.iter(|| {
            let found = runtime.block_on(store.get_object(bucket, one, &VersionSelector::Latest));
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
