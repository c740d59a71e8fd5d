//! How long one decision takes, and how long a policy takes to be read and compiled.
//!
//! `cargo bench -p buckler-policy` measures this engine; with `--features peers` it also measures `cedar-policy` and
//! `regorus` on policy sets that say the same (`policies.rs`), in the same run.
//!
//! The rows are policies of 1, 3, 20 and 80 statements and a full 20 KB document. With conditions, every second
//! statement has one (IP ranges, `StringLike`, `StringEquals`), and its resource matches, so that the condition is what
//! keeps it from applying. `allow`: only the last statement applies. `deny`: only the last applies, and denies. `none`:
//! none applies.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a bench stops where it fails"
)]

#[cfg(feature = "peers")]
mod cedar;
mod cpu_time;
mod engine;
mod policies;
#[cfg(feature = "peers")]
mod rego;

use cpu_time::CpuTime;
use criterion::{Criterion, criterion_group, criterion_main};
use policies::Scenario;

fn decide(criterion: &mut Criterion<CpuTime>) {
    for scenario in Scenario::all() {
        let mut group = criterion.benchmark_group(format!("decide/{scenario}"));
        engine::decide(&mut group, &scenario);
        #[cfg(feature = "peers")]
        {
            cedar::decide(&mut group, &scenario);
            rego::decide(&mut group, &scenario);
        }
        group.finish();
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default().with_measurement(CpuTime);
    targets = decide, engine::compile
}
criterion_main!(benches);
