//! A multipart upload to the backend.

use std::sync::Arc;

use object_store::{Error, MultipartId, PutPayload, multipart::PartId};
use tokio::task::JoinSet;

use super::{
    memory::Room,
    place::{Place, payload, remove},
};
use crate::{BlobError, BlobId};

/// Parts of one upload that are under way at once.
const PARTS_AT_ONCE: usize = 3;

/// An upload that was begun. Dropped before it is completed, it is aborted in the background.
pub(super) struct Upload {
    place: Arc<Place>,
    id: BlobId,
    multipart: MultipartId,
    under_way: JoinSet<Result<(usize, PartId), BlobError>>,
    /// The place of a part is its number.
    parts: Vec<Option<PartId>>,
    is_complete: bool,
}

impl Upload {
    /// Begins an upload, and notes it where a sweep finds it: parts count for nothing in any listing.
    pub(super) async fn begin(place: Arc<Place>, id: BlobId) -> Result<Self, BlobError> {
        let multipart = place.backend.create_multipart(&place.blob(id)).await?;
        let upload = Self {
            place,
            id,
            multipart,
            under_way: JoinSet::new(),
            parts: Vec::new(),
            is_complete: false,
        };
        // INVARIANT: before the first part. A crash before leaves an upload without bytes.
        let note = payload(&upload.multipart);
        upload.place.put(&upload.place.upload(id), note).await?;
        Ok(upload)
    }

    /// Sends a part in the background; waits first, if as many as may be are under way.
    pub(super) async fn send(&mut self, part: PutPayload, room: Room) -> Result<(), BlobError> {
        while self.under_way.len() >= PARTS_AT_ONCE {
            self.wait().await?;
        }
        let turn = self.place.turn().await?;
        let number = self.parts.len();
        self.parts.push(None);
        let backend = Arc::clone(&self.place.backend);
        let (path, upload_id) = (self.place.blob(self.id), self.multipart.clone());
        self.under_way.spawn(async move {
            let sent = backend.put_part(&path, &upload_id, number, part).await;
            drop((turn, room));
            Ok((number, sent?))
        });
        Ok(())
    }

    /// Waits for one of the parts under way.
    async fn wait(&mut self) -> Result<(), BlobError> {
        if let Some(sent) = self.under_way.join_next().await {
            let (number, part) = sent??;
            if let Some(place) = self.parts.get_mut(number) {
                *place = Some(part);
            }
        }
        Ok(())
    }

    /// Waits for all parts and makes the blob of them, which has so many bytes.
    pub(super) async fn complete(mut self, size_bytes: u64) -> Result<(), BlobError> {
        while !self.under_way.is_empty() {
            self.wait().await?;
        }
        let parts: Option<Vec<_>> = std::mem::take(&mut self.parts).into_iter().collect();
        let parts = parts.ok_or(BlobError::GivenUp)?;
        let path = self.place.blob(self.id);
        let backend = &self.place.backend;
        let completed = backend.complete_multipart(&path, &self.multipart, parts);
        if let Err(error) = completed.await {
            // The answer may have been lost, and the next try told that there is no such upload. Nobody else writes a
            // blob of this name: if it is there with all its bytes, it is this one.
            if !matches!(self.place.size(self.id).await, Ok(Some(size)) if size == size_bytes) {
                return Err(error.into());
            }
        }
        self.is_complete = true;
        Ok(())
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        let note = self.place.upload(self.id);
        let backend = Arc::clone(&self.place.backend);
        if self.is_complete {
            self.place.chores.add(async move {
                // What stays is found by a sweep: the note of an upload that is not there.
                _ = remove(&*backend, vec![note]).await;
            });
            return;
        }
        self.under_way.abort_all();
        let (path, upload_id) = (self.place.blob(self.id), self.multipart.clone());
        self.place.chores.add(async move {
            let aborted = match backend.abort_multipart(&path, &upload_id).await {
                // Completed, although the answer did not arrive: the blob is an orphan.
                Ok(()) | Err(Error::NotFound { .. }) => remove(&*backend, vec![path, note]).await,
                Err(error) => Err(error.into()),
            };
            if let Err(error) = aborted {
                tracing::warn!(%error, "an upload to the blob store was not aborted; a sweep does it later");
            }
        });
    }
}
