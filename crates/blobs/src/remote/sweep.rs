//! Walking all blobs, to find those that no row names.

use std::sync::Arc;

use futures_util::{
    StreamExt as _,
    stream::{BoxStream, Fuse},
};
use object_store::{Error, ObjectMeta, path::Path};
use time::OffsetDateTime;

use super::place::{Place, id_of};
use crate::{BlobError, BlobId, FoundBlob};

/// Blobs of one batch: what backends list at once.
const BATCH: usize = 1000;

type Listing = BoxStream<'static, Result<ObjectMeta, Error>>;

/// All blobs in the order of their ids, as far as the backend lists in order; each batch is in order in any case.
pub struct RemoteIds {
    place: Arc<Place>,
    listing: Option<Fuse<Listing>>,
    /// The last one seen.
    after: Option<BlobId>,
}

impl std::fmt::Debug for RemoteIds {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RemoteIds(after {:?})", self.after)
    }
}

impl RemoteIds {
    pub(super) fn new(place: Arc<Place>) -> Self {
        let listing = Some(place.list(&place.blobs()).fuse());
        Self {
            place,
            listing,
            after: None,
        }
    }

    /// The next batch, never empty; `None` after the last one. Blobs made meanwhile may be missing.
    ///
    /// # Errors
    /// [`BlobError::Remote`]; the walk goes on behind the last blob that was seen.
    pub(crate) async fn next_batch(&mut self) -> Result<Option<Vec<FoundBlob>>, BlobError> {
        let listing = self.listing.take();
        let mut listing = listing.unwrap_or_else(|| self.resume().fuse());
        let folder = self.place.blobs();
        let mut batch = Vec::new();
        while batch.len() < BATCH {
            let Some(listed) = listing.next().await else {
                break;
            };
            if let Some(blob) = found(&listed?, &folder) {
                self.after = Some(blob.id);
                batch.push(blob);
            }
        }
        self.listing = Some(listing);
        batch.sort_unstable_by_key(|blob| blob.id);
        Ok((!batch.is_empty()).then_some(batch))
    }

    fn resume(&self) -> Listing {
        let folder = self.place.blobs();
        match self.after {
            Some(id) => {
                let after = self.place.blob(id);
                self.place.backend.list_with_offset(Some(&folder), &after)
            }
            None => self.place.list(&folder),
        }
    }
}

fn found(meta: &ObjectMeta, folder: &Path) -> Option<FoundBlob> {
    let named_at = OffsetDateTime::from_unix_timestamp(meta.last_modified.timestamp());
    Some(FoundBlob {
        id: id_of(meta, folder)?,
        size_bytes: meta.size,
        named_at: named_at.unwrap_or(OffsetDateTime::UNIX_EPOCH),
    })
}
