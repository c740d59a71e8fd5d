//! Work at a bounded rate.

use std::num::NonZeroU64;

use tokio::time::{Duration, Instant};

/// Spends time in proportion to bytes.
#[derive(Debug)]
pub(crate) struct Pace {
    bytes_per_second: NonZeroU64,
    next: Instant,
}

impl Pace {
    pub(crate) fn new(bytes_per_second: NonZeroU64) -> Self {
        Self {
            bytes_per_second,
            next: Instant::now(),
        }
    }

    /// Waits until so many bytes were due. Time in which nothing was done is not caught up on.
    pub(crate) async fn spend(&mut self, bytes: u64) {
        let nanos = u128::from(bytes) * 1_000_000_000 / u128::from(self.bytes_per_second.get());
        let share = Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX));
        self.next = self.next.max(Instant::now()) + share;
        tokio::time::sleep_until(self.next).await;
    }
}
