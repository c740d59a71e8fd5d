//! Writing a blob, wherever it goes.

use bytes::Bytes;

use crate::{BlobError, DurableBlob, LocalWriter, RemoteWriter};

/// Least bytes that are collected before they are handed to a blocking thread, in bytes.
pub const WRITE_BATCH_BYTES: usize = 256 * 1024;
/// Most of them.
const WRITE_BATCH_BYTES_MAX: usize = 512 * 1024;
/// A blob that has become as long is a long one, in bytes.
const LONG_BYTES: u64 = 4 * 1024 * 1024;

/// Bytes that are collected before they are handed to a blocking thread, when a blob has so many already.
///
/// Small frames would otherwise cost a hop between threads each. One batch is written while the next one fills, so a
/// writer into a folder holds at most two batches and one frame. PERF: of a short blob one batch is written while
/// another comes; of a long one, hops are a tenth of what it costs.
pub const fn write_batch_bytes(size_bytes: u64) -> usize {
    if size_bytes < LONG_BYTES {
        WRITE_BATCH_BYTES
    } else {
        WRITE_BATCH_BYTES_MAX
    }
}

/// A blob being written. Dropped before [`finish`](Self::finish) has returned, it leaves nothing behind.
#[derive(Debug)]
pub struct BlobWriter(Kind);

#[derive(Debug)]
enum Kind {
    Local(LocalWriter),
    Remote(RemoteWriter),
}

impl BlobWriter {
    /// Bytes taken so far.
    pub const fn size_bytes(&self) -> u64 {
        match &self.0 {
            Kind::Local(writer) => writer.size_bytes(),
            Kind::Remote(writer) => writer.size_bytes(),
        }
    }

    /// Appends a frame of any size. An error may belong to a frame given earlier; after one, the writer stays failed.
    ///
    /// # Errors
    /// [`BlobError::Full`], [`BlobError::Io`], [`BlobError::Remote`], [`BlobError::ShuttingDown`].
    pub async fn write(&mut self, frame: Bytes) -> Result<(), BlobError> {
        match &mut self.0 {
            Kind::Local(writer) => writer.write(frame).await,
            Kind::Remote(writer) => writer.write(frame).await,
        }
    }

    /// Says that nothing follows. A store may use the time until [`finish`](Self::finish) to make the bytes durable,
    /// still without their name.
    ///
    /// # Errors
    /// Those of [`write`](Self::write).
    pub async fn end(&mut self) -> Result<(), BlobError> {
        match &mut self.0 {
            Kind::Local(writer) => writer.end().await,
            Kind::Remote(_) => Ok(()),
        }
    }

    /// Gives the blob up, and returns when nothing of it is in the way of another writer of the same name.
    pub(crate) async fn abandon(self) {
        match self.0 {
            Kind::Local(writer) => writer.abandon().await,
            // What is undone in the background is that upload's alone.
            Kind::Remote(writer) => drop(writer),
        }
    }

    /// Writes what is left and makes the blob durable under its name.
    ///
    /// # Errors
    /// Those of [`write`](Self::write); nothing is stored then.
    pub async fn finish(self) -> Result<DurableBlob, BlobError> {
        match self.0 {
            Kind::Local(writer) => writer.finish().await,
            Kind::Remote(writer) => writer.finish().await,
        }
    }
}

impl From<LocalWriter> for BlobWriter {
    fn from(writer: LocalWriter) -> Self {
        Self(Kind::Local(writer))
    }
}

impl From<RemoteWriter> for BlobWriter {
    fn from(writer: RemoteWriter) -> Self {
        Self(Kind::Remote(writer))
    }
}
