//! Keeping blobs from being removed while someone copies them.
//!
//! A hold is an object that its process rewrites every so often. Whoever removes blobs looks for holds first; one that
//! has not changed for long, by the looking process's own clock, was left by a process that ended.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use futures_util::TryStreamExt as _;
use object_store::path::Path;
use tokio::{
    task::JoinHandle,
    time::{Instant, sleep},
};

use super::place::{Place, payload};
use crate::{BlobError, BlobId};

/// How often a hold is rewritten.
const RENEWAL: Duration = Duration::from_mins(1);
/// A hold that has not changed for so long counts no more.
const LIFE: Duration = Duration::from_mins(15);

/// While it lives, no process removes a blob of the place. After its process it counts for a quarter of an hour more.
pub(crate) struct RemoteHold {
    place: Arc<Place>,
    path: Path,
    renewal: JoinHandle<()>,
}

impl std::fmt::Debug for RemoteHold {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RemoteHold({})", self.path)
    }
}

impl RemoteHold {
    pub(super) async fn take(place: Arc<Place>) -> Result<Self, BlobError> {
        let path = place.holds().join(BlobId::random()?.to_string());
        place.put(&path, payload("0")).await?;
        let renewal = tokio::spawn(renew(Arc::clone(&place), path.clone()));
        Ok(Self {
            place,
            path,
            renewal,
        })
    }

    /// Ends the hold at once.
    pub(crate) async fn release(self) -> Result<(), BlobError> {
        self.renewal.abort();
        self.place.remove(vec![self.path.clone()]).await
    }
}

impl Drop for RemoteHold {
    fn drop(&mut self) {
        self.renewal.abort();
        let (backend, path) = (Arc::clone(&self.place.backend), self.path.clone());
        self.place.chores.add(async move {
            // What stays ends by itself.
            _ = super::place::remove(&*backend, vec![path]).await;
        });
    }
}

async fn renew(place: Arc<Place>, path: Path) {
    for count in 1_u64.. {
        sleep(RENEWAL).await;
        if let Err(error) = place.put(&path, payload(&count.to_string())).await {
            tracing::warn!(%error, "the hold on the blobs was not renewed; it is tried again");
        }
    }
}

/// The holds that this process has seen: what each was when it last changed, and when that was seen.
#[derive(Debug, Default)]
pub(super) struct HoldsSeen(Mutex<BTreeMap<Path, (Mark, Instant)>>);

/// What changes when a hold is rewritten.
type Mark = (Option<String>, i64);

impl Place {
    /// Whether someone needs the blobs to stay.
    pub(super) async fn is_held(&self) -> Result<bool, BlobError> {
        let holds: Vec<_> = self.list(&self.holds()).try_collect().await?;
        let marks = holds
            .into_iter()
            .map(|hold| (hold.location, (hold.e_tag, hold.last_modified.timestamp())));
        let ended = self.holds.ended(marks.collect(), Instant::now());
        let is_held = ended.is_none();
        self.remove(ended.unwrap_or_default()).await?;
        Ok(is_held)
    }
}

impl HoldsSeen {
    /// `None` if one of the holds counts; otherwise those that have ended.
    fn ended(&self, holds: BTreeMap<Path, Mark>, now: Instant) -> Option<Vec<Path>> {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        seen.retain(|path, _| holds.contains_key(path));
        for (path, mark) in holds {
            match seen.get(&path) {
                Some((known, _)) if *known == mark => {}
                _ => _ = seen.insert(path, (mark, now)),
            }
        }
        let counts = |changed: &Instant| now.duration_since(*changed) < LIFE;
        let is_held = seen.values().any(|(_, changed)| counts(changed));
        (!is_held).then(|| seen.keys().cloned().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hold_that_stays_as_it_was_ends() {
        let seen = HoldsSeen::default();
        let (path, start) = (Path::from("holds/1"), Instant::now());
        let hold = |count: &str| BTreeMap::from([(path.clone(), (Some(count.to_owned()), 0))]);
        assert_eq!(seen.ended(BTreeMap::new(), start), Some(Vec::new()));
        assert_eq!(seen.ended(hold("0"), start), None);
        let later = start + LIFE - Duration::from_secs(1);
        assert_eq!(seen.ended(hold("0"), later), None);
        assert_eq!(seen.ended(hold("1"), start + LIFE), None, "it was renewed");
        let much_later = start + LIFE + LIFE;
        assert_eq!(seen.ended(hold("1"), much_later), Some(vec![path.clone()]));
    }
}
