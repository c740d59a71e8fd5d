//! Walking all blobs, to find those that no row names.

use time::OffsetDateTime;

use crate::{BlobError, BlobId, LocalIds, RemoteIds};

/// A blob that is stored, whether a row names it or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundBlob {
    /// Its name.
    pub id: BlobId,
    /// Its length, in bytes.
    pub size_bytes: u64,
    /// When it got its name, to the second.
    pub named_at: OffsetDateTime,
}

/// All blobs in the order of their ids, batch by batch.
#[derive(Debug)]
pub struct BlobIds(Kind);

#[derive(Debug)]
enum Kind {
    Local(LocalIds),
    Remote(RemoteIds),
}

impl BlobIds {
    /// The next batch, never empty; `None` after the last one. Blobs made meanwhile may be missing.
    ///
    /// # Errors
    /// Those of the disk; the walk goes on behind what could not be listed.
    pub async fn next_batch(&mut self) -> Result<Option<Vec<FoundBlob>>, BlobError> {
        match &mut self.0 {
            Kind::Local(ids) => ids.next_batch().await,
            Kind::Remote(ids) => ids.next_batch().await,
        }
    }
}

impl From<LocalIds> for BlobIds {
    fn from(ids: LocalIds) -> Self {
        Self(Kind::Local(ids))
    }
}

impl From<RemoteIds> for BlobIds {
    fn from(ids: RemoteIds) -> Self {
        Self(Kind::Remote(ids))
    }
}
