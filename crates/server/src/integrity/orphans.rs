//! Blobs that no row names.

use buckler_blobs::{BlobId, Blobs, FoundBlob, Unfinished};
use buckler_metadata::{Store, StoreError};
use time::OffsetDateTime;

use super::IntegrityError;

/// A write that has not grown for so long has ended: its client would have been sent away long before.
const UNFINISHED: time::Duration = time::Duration::days(1);
/// Blobs removed in one go.
const BATCH: usize = 256;

/// The blobs of one batch of a walk that nothing names right now. They may be about to get their row.
///
/// # Errors
///
/// Those of the store.
pub(crate) async fn unnamed(
    store: &Store,
    found: &[FoundBlob],
) -> Result<Vec<FoundBlob>, StoreError> {
    let (Some(first), Some(last)) = (found.first(), found.last()) else {
        return Ok(Vec::new());
    };
    let named = store
        .blobs_named_between(&first.id.to_string(), &last.id.to_string())
        .await?;
    let is_named = |id: BlobId| {
        let id = id.to_string();
        named.binary_search_by(|blob| blob.id.cmp(&id)).is_ok()
    };
    let unnamed = found.iter().filter(|blob| !is_named(blob.id));
    Ok(unnamed.cloned().collect())
}

/// Blobs that nothing named at a first look, to be looked at again.
#[derive(Debug, Default)]
pub(crate) struct Candidates(Vec<FoundBlob>);

impl Candidates {
    pub(crate) fn extend(&mut self, unnamed: Vec<FoundBlob>) {
        self.0.extend(unnamed);
    }

    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }

    /// Takes the second look: those that are still named by nothing are orphans.
    ///
    /// # Errors
    ///
    /// Those of the store.
    pub(crate) async fn confirm(&mut self, store: &Store) -> Result<Vec<FoundBlob>, StoreError> {
        let mut orphans = Vec::new();
        for blob in self.0.drain(..) {
            if store.blob_named_by(&blob.id.to_string()).await?.is_none() {
                orphans.push(blob);
            }
        }
        Ok(orphans)
    }
}

/// Removes confirmed orphans.
///
/// # Errors
///
/// Those of the disk; `Held` while a backup is under way.
pub(crate) async fn remove(blobs: &Blobs, orphans: &[FoundBlob]) -> Result<(), IntegrityError> {
    for batch in orphans.chunks(BATCH) {
        let ids = batch.iter().map(|blob| blob.id).collect();
        blobs.delete(ids).await?;
    }
    Ok(())
}

/// Those of unfinished writes that no writer has any more, as far as their age says so.
pub(crate) fn left_behind(mut unfinished: Vec<Unfinished>, now: OffsetDateTime) -> Vec<Unfinished> {
    unfinished.retain(|write| write.changed_at < now - UNFINISHED);
    unfinished
}
