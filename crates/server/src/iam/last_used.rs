//! When access keys were last used: noted in memory, and written down now and then.
//!
//! The way of a request pays a look into a map for it, and nothing else: AWS promises no more than that uses show
//! within hours. Source: AWS IAM API Reference, "GetAccessKeyLastUsed".

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use buckler_metadata::LastUse;
use time::OffsetDateTime;

use crate::context::Context;

/// How often uses are written down.
const WRITE_EVERY: Duration = Duration::from_mins(1);
/// Most keys whose uses are noted between two writes; those beyond are not noted.
const KEYS_MAX: usize = 10_000;

/// Uses that are not written down yet, by access key id.
#[derive(Debug, Default)]
pub(crate) struct LastUsed(Mutex<HashMap<String, LastUse>>);

impl LastUsed {
    /// Notes that a long-term key was used.
    pub(crate) fn note(&self, id: &str, service: &str, region: &str, now: OffsetDateTime) {
        let at = to_the_minute(now);
        let mut uses = self.lock();
        if let Some(last) = uses.get_mut(id) {
            // PERF: one use a minute is noted, so that all others take no memory.
            if last.at < at {
                *last = last_use(at, service, region);
            }
        } else if uses.len() < KEYS_MAX {
            uses.insert(id.to_owned(), last_use(at, service, region));
        }
    }

    /// The use of a key that is not written down yet.
    pub(crate) fn noted(&self, id: &str) -> Option<LastUse> {
        self.lock().get(id).cloned()
    }

    fn take(&self) -> Vec<(String, LastUse)> {
        self.lock().drain().collect()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, LastUse>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn last_use(at: OffsetDateTime, service: &str, region: &str) -> LastUse {
    LastUse {
        at,
        service: service.to_owned(),
        region: region.to_owned(),
    }
}

fn to_the_minute(now: OffsetDateTime) -> OffsetDateTime {
    let second = now.replace_nanosecond(0).unwrap_or(now);
    second.replace_second(0).unwrap_or(second)
}

/// Writes uses down, for ever. A failure of the store loses them, which no decision depends on.
pub(crate) async fn run(cx: &Context) -> Infallible {
    loop {
        tokio::time::sleep(WRITE_EVERY).await;
        write(cx).await;
    }
}

/// Writes down what is noted.
pub(crate) async fn write(cx: &Context) {
    let uses = cx.last_used.take();
    if uses.is_empty() {
        return;
    }
    if let Err(error) = cx.store.note_access_key_uses(uses).await {
        tracing::warn!(%error, "last uses of access keys were not written down");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_use_is_noted_to_the_minute_and_only_moves_forward() {
        let uses = LastUsed::default();
        let at = |seconds| OffsetDateTime::from_unix_timestamp(seconds).unwrap();
        uses.note("AKIA", "s3", "us-east-1", at(125));
        uses.note("AKIA", "iam", "us-east-1", at(170));
        assert_eq!(uses.noted("AKIA").unwrap().service, "s3");
        uses.note("AKIA", "iam", "us-east-1", at(181));
        let noted = uses.noted("AKIA").unwrap();
        assert_eq!((noted.at, noted.service.as_str()), (at(180), "iam"));
        assert_eq!(uses.take().len(), 1);
        assert_eq!(uses.noted("AKIA"), None);
    }
}
