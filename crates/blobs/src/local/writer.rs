//! Writing a blob in large batches.

use std::{
    io::{self, IoSlice},
    mem,
    sync::Arc,
};

use bytes::Bytes;
use tokio::task::{JoinHandle, spawn_blocking};

use super::{Inner, LayerFile};
use crate::{BlobError, BlobId, DurableBlob, WRITE_BATCH_BYTES};

/// Bytes after which the disk begins to write what the system has taken so far.
///
/// PERF: the last sync of 64 MiB then takes 2 to 8 ms in place of 30, while nothing else of the upload goes on.
const WRITEBACK_BYTES: u64 = 4 * 1024 * 1024;

/// A file being written. One batch is written while the next one fills. Dropped before [`finish`](Self::finish) has returned, it leaves nothing behind.
#[derive(Debug)]
pub struct LocalWriter {
    batch: Vec<Bytes>,
    batch_bytes: usize,
    size_bytes: u64,
    file: State,
}

#[derive(Debug)]
enum State {
    Idle(Temporary),
    Writing(JoinHandle<Result<Temporary, BlobError>>),
    Failed,
}

/// The file of an unfinished blob, removed when dropped.
#[derive(Debug)]
struct Temporary {
    inner: Arc<Inner>,
    id: BlobId,
    file: Option<Box<dyn LayerFile>>,
    written_bytes: u64,
    /// Up to here the bytes are on their way to the disk.
    begun_bytes: u64,
}

impl LocalWriter {
    pub(crate) fn new(inner: Arc<Inner>, id: BlobId) -> Self {
        let temporary = Temporary {
            inner,
            id,
            file: None,
            written_bytes: 0,
            begun_bytes: 0,
        };
        Self {
            batch: Vec::new(),
            batch_bytes: 0,
            size_bytes: 0,
            file: State::Idle(temporary),
        }
    }

    /// Bytes taken so far.
    pub const fn size_bytes(&self) -> u64 {
        self.size_bytes
    }

    /// Appends a frame of any size. An error may belong to a frame given earlier; after one, the writer stays failed.
    ///
    /// # Errors
    /// [`BlobError::Full`], [`BlobError::Io`], [`BlobError::ShuttingDown`].
    pub async fn write(&mut self, frame: Bytes) -> Result<(), BlobError> {
        self.size_bytes = self.size_bytes.saturating_add(frame.len() as u64);
        self.batch_bytes += frame.len();
        self.batch.push(frame);
        if self.batch_bytes < WRITE_BATCH_BYTES {
            return Ok(());
        }
        let mut temporary = self.settle().await?;
        let batch = mem::take(&mut self.batch);
        self.batch_bytes = 0;
        self.file = State::Writing(spawn_blocking(move || {
            temporary.append(&batch)?;
            Ok(temporary)
        }));
        Ok(())
    }

    /// Writes what is left, syncs the bytes, gives the blob its name and syncs the folders.
    ///
    /// # Errors
    /// Those of [`write`](Self::write); nothing is stored then.
    pub async fn finish(mut self) -> Result<DurableBlob, BlobError> {
        let mut temporary = self.settle().await?;
        let batch = mem::take(&mut self.batch);
        let size_bytes = self.size_bytes;
        spawn_blocking(move || {
            temporary.append(&batch)?;
            let id = temporary.publish()?;
            Ok(DurableBlob::after_sync(id, size_bytes))
        })
        .await?
    }

    /// Waits for the batch under way and takes the file back.
    ///
    /// Cancelled while waiting, the state stays `Writing`, so that a later call waits for the same batch.
    async fn settle(&mut self) -> Result<Temporary, BlobError> {
        if let State::Writing(batch) = &mut self.file {
            let written = batch.await;
            self.file = State::Failed;
            return written?;
        }
        match mem::replace(&mut self.file, State::Failed) {
            State::Idle(temporary) => Ok(temporary),
            State::Writing(_) | State::Failed => {
                Err(BlobError::Io(io::Error::other("an earlier write failed")))
            }
        }
    }
}

impl Temporary {
    fn append(&mut self, batch: &[Bytes]) -> Result<(), BlobError> {
        let folders = &self.inner.folders;
        let mut file = match self.file.take() {
            Some(file) => file,
            None => folders.layer.create_file(&folders.temporary(self.id))?,
        };
        let written = write_all(file.as_mut(), batch);
        self.written_bytes += batch.iter().map(|frame| frame.len() as u64).sum::<u64>();
        if written.is_ok() && self.written_bytes - self.begun_bytes >= WRITEBACK_BYTES {
            file.begin_writeback(self.begun_bytes);
            self.begun_bytes = self.written_bytes;
        }
        self.file = Some(file);
        Ok(written?)
    }

    fn publish(mut self) -> Result<BlobId, BlobError> {
        if let Some(file) = &mut self.file {
            file.sync_data()?;
        }
        let folders = &self.inner.folders;
        if let Err(error) = folders.publish(self.id) {
            // The name may already be the final one, without being durable.
            _ = folders.unlink(&folders.blob(self.id));
            return Err(error.into());
        }
        self.file = None;
        Ok(self.id)
    }
}

impl Drop for Temporary {
    /// One unlink on whatever thread drops it; the sweep at start finds what this cannot remove.
    fn drop(&mut self) {
        if self.file.take().is_some() {
            let folders = &self.inner.folders;
            _ = folders.unlink(&folders.temporary(self.id));
        }
    }
}

fn write_all(file: &mut dyn LayerFile, batch: &[Bytes]) -> io::Result<()> {
    let mut slices: Vec<_> = batch.iter().map(|frame| IoSlice::new(frame)).collect();
    let mut rest = slices.as_mut_slice();
    IoSlice::advance_slices(&mut rest, 0);
    while !rest.is_empty() {
        match file.append(rest) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(written) => IoSlice::advance_slices(&mut rest, written),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
