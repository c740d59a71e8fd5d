//! Writing a blob in large batches.

use std::{
    io::{self, IoSlice},
    mem,
    sync::Arc,
};

use bytes::Bytes;
use tokio::task::{JoinHandle, spawn_blocking};

use super::{Inner, LayerFile};
use crate::{BlobError, BlobId, DurableBlob, write_batch_bytes};

/// Bytes after which the disk begins to write what the system has taken so far, where it takes them into its page cache.
///
/// PERF: the last sync of 64 MiB then takes 2 to 8 ms in place of 30.
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
    is_synced: bool,
}

impl LocalWriter {
    pub(crate) fn new(inner: Arc<Inner>, id: BlobId) -> Self {
        let temporary = Temporary {
            inner,
            id,
            file: None,
            written_bytes: 0,
            begun_bytes: 0,
            is_synced: false,
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
    pub async fn write(&mut self, mut frame: Bytes) -> Result<(), BlobError> {
        let batch_bytes = write_batch_bytes(self.size_bytes);
        self.size_bytes = self.size_bytes.saturating_add(frame.len() as u64);
        // PERF: in batches of a round length, which a disk takes as they are.
        while self.batch_bytes + frame.len() >= batch_bytes {
            self.push(frame.split_to(batch_bytes - self.batch_bytes));
            let (mut temporary, batch) = self.take().await?;
            self.file = State::Writing(spawn_blocking(move || {
                temporary.append(&batch)?;
                Ok(temporary)
            }));
        }
        self.push(frame);
        Ok(())
    }

    /// Has all bytes written and synced, without waiting for it: nothing follows them, and [`finish`](Self::finish) has
    /// less left to do.
    ///
    /// # Errors
    /// Those of [`write`](Self::write).
    pub async fn end(&mut self) -> Result<(), BlobError> {
        let (mut temporary, batch) = self.take().await?;
        self.file = State::Writing(spawn_blocking(move || {
            temporary.append(&batch)?;
            temporary.sync()?;
            Ok(temporary)
        }));
        Ok(())
    }

    /// Writes what is left, syncs the bytes, gives the blob its name and syncs the folders.
    ///
    /// # Errors
    /// Those of [`write`](Self::write); nothing is stored then.
    pub async fn finish(mut self) -> Result<DurableBlob, BlobError> {
        let (mut temporary, batch) = self.take().await?;
        let size_bytes = self.size_bytes;
        spawn_blocking(move || {
            temporary.append(&batch)?;
            temporary.sync()?;
            let id = temporary.publish()?;
            Ok(DurableBlob::after_sync(id, size_bytes))
        })
        .await?
    }

    /// Removes what was written; a batch under way is waited for.
    pub(crate) async fn abandon(mut self) {
        drop(self.settle().await);
    }

    fn push(&mut self, frame: Bytes) {
        self.batch_bytes += frame.len();
        self.batch.push(frame);
    }

    /// The file, when the batch under way is written, and the next batch.
    async fn take(&mut self) -> Result<(Temporary, Vec<Bytes>), BlobError> {
        let temporary = self.settle().await?;
        self.batch_bytes = 0;
        Ok((temporary, mem::take(&mut self.batch)))
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
        let batch_bytes: u64 = batch.iter().map(|frame| frame.len() as u64).sum();
        if batch_bytes == 0 && self.file.is_some() {
            return Ok(());
        }
        let folders = &self.inner.folders;
        let mut file = match self.file.take() {
            Some(file) => file,
            None => folders.layer.create_file(&folders.temporary(self.id))?,
        };
        let written = write_all(file.as_mut(), batch);
        self.is_synced = false;
        self.written_bytes += batch_bytes;
        if written.is_ok() && self.written_bytes - self.begun_bytes >= WRITEBACK_BYTES {
            file.begin_writeback(self.begun_bytes);
            self.begun_bytes = self.written_bytes;
        }
        self.file = Some(file);
        Ok(written?)
    }

    fn sync(&mut self) -> Result<(), BlobError> {
        if let Some(file) = &mut self.file
            && !self.is_synced
        {
            file.sync_data()?;
            self.is_synced = true;
        }
        Ok(())
    }

    /// Gives the blob, which is synced, its name.
    fn publish(mut self) -> Result<BlobId, BlobError> {
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
