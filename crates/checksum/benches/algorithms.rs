//! What each algorithm costs on a small object and on one piece of a large one, and what it costs to combine the
//! checksums of 10,000 parts.

#![expect(clippy::unwrap_used, reason = "a bench stops where it fails")]

use std::hint::black_box;

use buckler_checksum::{Algorithm, FullObjectCombiner, Hasher, MD5_LANES, Md5};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

fn bench(criterion: &mut Criterion) {
    for bytes in [4_usize << 10, 256 << 10] {
        let mut group = criterion.benchmark_group(format!("{} KiB", bytes >> 10));
        group.throughput(Throughput::Bytes(bytes as u64));
        let body: Vec<u8> = (0..=250).cycle().take(bytes).collect();
        for algorithm in Algorithm::ALL {
            let id = BenchmarkId::from_parameter(algorithm.name());
            group.bench_function(id, |bencher| {
                bencher.iter(|| Hasher::digest(algorithm, black_box(&body)));
            });
        }
        group.finish();
    }
}

/// MD5 of several texts in step.
fn together(criterion: &mut Criterion) {
    let body: Vec<u8> = (0..=250).cycle().take(256 << 10).collect();
    let mut group = criterion.benchmark_group("MD5 in step");
    for texts in [1, 2, MD5_LANES / 2, MD5_LANES] {
        group.throughput(Throughput::Bytes((texts * body.len()) as u64));
        let id = BenchmarkId::from_parameter(texts);
        group.bench_function(id, |bencher| {
            let mut md5s = vec![Md5::new(); texts];
            bencher.iter(|| {
                Md5::update_together(md5s.iter_mut().map(|md5| (md5, [black_box(&*body)])));
            });
        });
    }
    group.finish();
}

fn combine(criterion: &mut Criterion) {
    const PART_BYTES: u64 = 5 << 20;
    let part = Hasher::digest(Algorithm::Crc64Nvme, b"part");
    let number = u64::from_be_bytes([7; 8]);
    let mut group = criterion.benchmark_group("combine 10000 CRC64NVMEs");
    group.sample_size(10);
    group.bench_function("of parts of one size", |bencher| {
        bencher.iter(|| {
            let mut whole = FullObjectCombiner::new(black_box(&part)).unwrap();
            for _ in 1..10_000 {
                whole.push(&part, PART_BYTES).unwrap();
            }
            whole.checksum()
        });
    });
    group.bench_function("of parts of many sizes", |bencher| {
        bencher.iter(|| {
            let mut whole = FullObjectCombiner::new(black_box(&part)).unwrap();
            for more_bytes in 1..10_000 {
                whole.push(&part, PART_BYTES + more_bytes).unwrap();
            }
            whole.checksum()
        });
    });
    group.bench_function("by crc-fast", |bencher| {
        bencher.iter(|| {
            (1..10_000).fold(black_box(number), |whole, _| {
                let crc = crc_fast::CrcAlgorithm::Crc64Nvme;
                crc_fast::checksum_combine(crc, whole, number, PART_BYTES)
            })
        });
    });
}

criterion_group!(benches, bench, together, combine);
criterion_main!(benches);
