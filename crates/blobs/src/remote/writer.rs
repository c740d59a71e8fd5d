//! Writing a blob: one request for a small one, the backend's own multipart upload for a large one.

use std::{fmt, mem, sync::Arc};

use bytes::Bytes;
use object_store::{PutPayloadMut, path::Path};

use super::{memory::Room, place::Place, upload::Upload};
use crate::{BlobError, BlobId, DurableBlob};

/// Bytes of a part of a large blob; one of at most so many bytes is a single request. The least that S3 takes, and all
/// parts but the last are of this length, as some backends want it. The 10,000 parts that S3 allows hold 48 GiB so:
/// nothing that a client can send at once is as long.
pub const PART_BYTES: usize = 5 * 1024 * 1024;
/// Shorter frames are copied together, in bytes: each would cost more than it holds.
const FRAME_BYTES_MIN: usize = 4096;
/// Bytes of a block that short frames are copied into.
const BLOCK_BYTES: usize = 64 * 1024;

/// A blob being written; it holds at most one part and those under way. Dropped before [`finish`](Self::finish) has
/// returned, it undoes in the background what it has sent.
pub struct RemoteWriter {
    place: Arc<Place>,
    id: BlobId,
    part: PutPayloadMut,
    /// What the part may hold.
    room: Room,
    size_bytes: u64,
    sent: Sent,
}

/// What the backend has of the blob.
enum Sent {
    Nothing,
    Parts(Upload),
    Failed,
}

impl fmt::Debug for RemoteWriter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RemoteWriter({}, {} bytes)", self.id, self.size_bytes)
    }
}

impl RemoteWriter {
    pub(super) fn new(place: Arc<Place>, id: BlobId) -> Self {
        Self {
            place,
            id,
            part: empty_part(),
            room: Room::default(),
            size_bytes: 0,
            sent: Sent::Nothing,
        }
    }

    /// Bytes taken so far.
    pub const fn size_bytes(&self) -> u64 {
        self.size_bytes
    }

    /// Appends a frame of any size. An error may belong to a frame given earlier; after one, the writer stays failed.
    ///
    /// # Errors
    /// [`BlobError::Remote`]; [`BlobError::Busy`]; [`BlobError::ShuttingDown`].
    pub async fn write(&mut self, mut frame: Bytes) -> Result<(), BlobError> {
        self.size_bytes = self.size_bytes.saturating_add(frame.len() as u64);
        while !frame.is_empty() {
            if self.part.content_length() >= PART_BYTES {
                self.send_part().await?;
            }
            let room = PART_BYTES - self.part.content_length();
            let taken = frame.split_to(room.min(frame.len()));
            self.make_room(taken.len()).await?;
            if taken.len() < FRAME_BYTES_MIN {
                self.part.extend_from_slice(&taken);
            } else {
                self.part.push(taken);
            }
        }
        Ok(())
    }

    /// Sends what is left and waits until the backend has answered that it has all of it.
    ///
    /// # Errors
    /// Those of [`write`](Self::write); nothing is stored then, or it is removed in the background.
    pub async fn finish(mut self) -> Result<DurableBlob, BlobError> {
        match mem::replace(&mut self.sent, Sent::Failed) {
            Sent::Nothing => self.put_whole().await?,
            Sent::Parts(mut upload) => {
                upload.send(self.part.freeze(), self.room).await?;
                upload.complete(self.size_bytes).await?;
            }
            Sent::Failed => return Err(BlobError::GivenUp),
        }
        Ok(DurableBlob::after_sync(self.id, self.size_bytes))
    }

    async fn make_room(&mut self, bytes: usize) -> Result<(), BlobError> {
        let bytes = self.part.content_length() + bytes;
        let made = self.place.memory.enlarge(&mut self.room, bytes).await;
        if made.is_err() {
            // What was sent is undone at once.
            self.sent = Sent::Failed;
        }
        made
    }

    async fn put_whole(&mut self) -> Result<(), BlobError> {
        let payload = mem::replace(&mut self.part, empty_part()).freeze();
        let path = self.place.blob(self.id);
        let turn = self.place.turn().await?;
        let mut unanswered = Unanswered {
            place: &self.place,
            path: Some(path.clone()),
        };
        self.place.put(&path, payload).await?;
        unanswered.path = None;
        drop(turn);
        Ok(())
    }

    /// Sends the full part; an upload that fails is given up at once.
    async fn send_part(&mut self) -> Result<(), BlobError> {
        let part = mem::replace(&mut self.part, empty_part()).freeze();
        let mut upload = match mem::replace(&mut self.sent, Sent::Failed) {
            Sent::Nothing => Upload::begin(Arc::clone(&self.place), self.id).await?,
            Sent::Parts(upload) => upload,
            Sent::Failed => return Err(BlobError::GivenUp),
        };
        upload.send(part, self.room.hand_over()).await?;
        self.sent = Sent::Parts(upload);
        Ok(())
    }
}

/// A put that may have arrived, although its answer did not, or nobody waited for it: what is there is removed.
struct Unanswered<'a> {
    place: &'a Place,
    path: Option<Path>,
}

impl Drop for Unanswered<'_> {
    fn drop(&mut self) {
        let Some(path) = self.path.take() else {
            return;
        };
        let backend = Arc::clone(&self.place.backend);
        self.place.chores.add(async move {
            _ = super::place::remove(&*backend, vec![path]).await;
        });
    }
}

fn empty_part() -> PutPayloadMut {
    PutPayloadMut::new().with_block_size(BLOCK_BYTES)
}
