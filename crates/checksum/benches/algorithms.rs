//! What each algorithm costs on a small object and on one piece of a large one.

use std::hint::black_box;

use buckler_checksum::{Algorithm, Hasher};
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

criterion_group!(benches, bench);
criterion_main!(benches);
