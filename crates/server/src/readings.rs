//! Reads that outlast their rows: an object of many parts is read blob by blob, and may be replaced meanwhile. What
//! becomes garbage after the oldest of them began stays until it has ended.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use time::{Duration, OffsetDateTime};

/// How long a read can keep garbage from being removed: a client that takes longer loses its connection.
const HELD_MAX: Duration = Duration::hours(24);

/// The reads under way of this process, by when they began.
#[derive(Debug, Clone, Default)]
pub(crate) struct Readings {
    begun: Arc<Mutex<BTreeMap<OffsetDateTime, usize>>>,
}

/// One read, until it is dropped.
#[derive(Debug)]
pub(crate) struct Reading {
    begun_at: OffsetDateTime,
    readings: Readings,
}

impl Readings {
    /// A read whose row was found after `begun_at`.
    pub(crate) fn begin(&self, begun_at: OffsetDateTime) -> Reading {
        self.with(|begun| *begun.entry(begun_at).or_default() += 1);
        Reading {
            begun_at,
            readings: self.clone(),
        }
    }

    /// Garbage of before then is not being read.
    pub(crate) fn garbage_before(&self, now: OffsetDateTime, grace: Duration) -> OffsetDateTime {
        let oldest = self.with(|begun| begun.keys().next().copied());
        let held = oldest.map_or(now, |oldest| oldest.max(now - HELD_MAX));
        held.min(now - grace)
    }

    fn with<T>(&self, work: impl FnOnce(&mut BTreeMap<OffsetDateTime, usize>) -> T) -> T {
        work(&mut self.begun.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for Reading {
    fn drop(&mut self) {
        self.readings.with(|begun| {
            if let Some(count) = begun.get_mut(&self.begun_at) {
                *count -= 1;
                if *count == 0 {
                    begun.remove(&self.begun_at);
                }
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn garbage_stays_while_an_older_read_is_under_way() {
        let readings = Readings::default();
        let grace = Duration::seconds(60);
        let now = OffsetDateTime::UNIX_EPOCH + Duration::days(10);
        let at = |seconds| now - Duration::seconds(seconds);
        assert_eq!(readings.garbage_before(now, grace), at(60));
        let first = readings.begin(at(300));
        let same = readings.begin(at(300));
        let second = readings.begin(at(200));
        assert_eq!(readings.garbage_before(now, grace), at(300));
        drop(first);
        assert_eq!(readings.garbage_before(now, grace), at(300));
        drop(same);
        assert_eq!(readings.garbage_before(now, grace), at(200));
        drop(second);
        assert_eq!(readings.garbage_before(now, grace), at(60));
        let _stalled = readings.begin(now - Duration::days(3));
        assert_eq!(readings.garbage_before(now, grace), now - HELD_MAX);
    }
}
