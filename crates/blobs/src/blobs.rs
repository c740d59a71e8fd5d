//! Blobs, wherever they are kept.

use std::{ops::Range, pin::Pin};

use buckler_checksum::Checksum;
use futures_core::Stream;

use crate::{
    BlobError, BlobId, BlobIds, BlobReader, BlobWriter, DurableBlob, LocalBlobs, Promise,
    RemoteBlobs, RemovalHold, SoleTenant, Tenancy, Unfinished, Verdict,
};

/// The blobs of one store. Clones share them.
///
/// PERF: an enum, so that what one machine does with its own folder costs no box and no call through a table.
#[derive(Debug, Clone)]
pub enum Blobs {
    /// In files of a folder.
    Local(LocalBlobs),
    /// As objects of a remote store.
    Remote(RemoteBlobs),
}

impl From<LocalBlobs> for Blobs {
    fn from(blobs: LocalBlobs) -> Self {
        Self::Local(blobs)
    }
}

impl From<RemoteBlobs> for Blobs {
    fn from(blobs: RemoteBlobs) -> Self {
        Self::Remote(blobs)
    }
}

impl Blobs {
    /// Who else had the place open when this was opened.
    pub fn tenancy(&self) -> Tenancy {
        match self {
            Self::Local(blobs) => blobs.tenancy(),
            // Nobody can say.
            Self::Remote(_) => Tenancy::Shared,
        }
    }

    /// Whether a blob that is being read can be read to its end although it is removed.
    pub const fn open_ones_stay(&self) -> bool {
        match self {
            Self::Local(_) => true,
            // Whether a body under way is cut off is the backend's matter; one that broke off is asked for again.
            Self::Remote(_) => false,
        }
    }

    /// Starts a new blob. Nothing is sent anywhere before the first batch is full.
    ///
    /// # Errors
    /// [`BlobError::Randomness`].
    pub fn writer(&self) -> Result<BlobWriter, BlobError> {
        Ok(self.writer_of(BlobId::random()?))
    }

    fn writer_of(&self, id: BlobId) -> BlobWriter {
        match self {
            Self::Local(blobs) => blobs.writer_of(id).into(),
            Self::Remote(blobs) => blobs.writer_of(id).into(),
        }
    }

    /// Streams the bytes `range` of a blob.
    ///
    /// # Errors
    /// [`BlobError::NotFound`]; [`BlobError::Corrupt`] if the blob ends before `range` does; those of the disk.
    pub async fn read(&self, id: BlobId, range: Range<u64>) -> Result<BlobReader, BlobError> {
        match self {
            Self::Local(blobs) => Ok(blobs.read(id, range).await?.into()),
            Self::Remote(blobs) => Ok(blobs.read(id, range, None).await?.into()),
        }
    }

    /// Streams a whole blob; the last piece comes only if all bytes together have this checksum.
    ///
    /// # Errors
    /// Those of [`read`](Self::read); [`BlobError::WrongChecksum`], mostly in place of the last piece.
    pub async fn read_verified(
        &self,
        id: BlobId,
        size_bytes: u64,
        checksum: Checksum,
    ) -> Result<BlobReader, BlobError> {
        match self {
            Self::Local(blobs) => Ok(blobs.read_verified(id, size_bytes, checksum).await?.into()),
            Self::Remote(blobs) => {
                let reader = blobs.read(id, 0..size_bytes, Some(checksum)).await?;
                Ok(reader.into())
            }
        }
    }

    /// Removes blobs. Safe to repeat.
    ///
    /// # Errors
    /// [`BlobError::Held`] while there is a [`RemovalHold`], with nothing removed; those of the disk at the first blob
    /// that could not be removed.
    pub async fn delete(&self, ids: Vec<BlobId>) -> Result<(), BlobError> {
        match self {
            Self::Local(blobs) => blobs.delete(ids).await.map(drop),
            Self::Remote(blobs) => blobs.delete(ids).await,
        }
    }

    /// Keeps all blobs that are named now, in every process, for as long as the answer lives.
    ///
    /// # Errors
    /// Those of the disk.
    pub async fn hold(&self) -> Result<RemovalHold, BlobError> {
        match self {
            Self::Local(blobs) => Ok(blobs.hold().await?.into()),
            Self::Remote(blobs) => Ok(blobs.hold().await?.into()),
        }
    }

    /// Lengths of blobs in bytes, in the order of `ids`; `None` for those that do not exist.
    ///
    /// # Errors
    /// Those of the disk.
    pub async fn sizes(&self, ids: Vec<BlobId>) -> Result<Vec<Option<u64>>, BlobError> {
        match self {
            Self::Local(blobs) => blobs.sizes(ids).await,
            Self::Remote(blobs) => blobs.sizes(ids).await,
        }
    }

    /// All blobs in the order of their ids, for a sweep.
    pub fn ids(&self) -> BlobIds {
        match self {
            Self::Local(blobs) => blobs.ids().into(),
            Self::Remote(blobs) => blobs.ids().into(),
        }
    }

    /// Gives blobs of `source` a second name here, where no byte has to be copied for it. Returns `false`, with nothing
    /// done, where that is not so.
    ///
    /// # Errors
    /// [`BlobError::NotFound`] for the first blob that `source` does not have; those of the disk.
    pub async fn link_from(&self, source: &Self, ids: Vec<BlobId>) -> Result<bool, BlobError> {
        match (self, source) {
            (Self::Local(here), Self::Local(there)) => here.link_from(there, ids).await,
            (Self::Local(_) | Self::Remote(_), _) => Ok(false),
        }
    }

    /// Copies a blob of `source` under its own name, and compares its bytes with `checksum` on the way.
    ///
    /// # Errors
    /// Those of reading and writing; nothing is stored then.
    pub async fn copy_from(
        &self,
        source: &Self,
        id: BlobId,
        size_bytes: u64,
        checksum: Option<Checksum>,
    ) -> Result<DurableBlob, BlobError> {
        let mut reader = match checksum {
            Some(checksum) => source.read_verified(id, size_bytes, checksum).await?,
            None => source.read(id, 0..size_bytes).await?,
        };
        let mut writer = self.writer_of(id);
        match write_all(&mut reader, &mut writer).await {
            Ok(()) => writer.finish().await,
            Err(error) => {
                writer.abandon().await;
                Err(error)
            }
        }
    }

    /// Keeps other processes out, if it is known that none is in: never with a remote store.
    ///
    /// # Errors
    /// Those of the disk.
    pub async fn sole_tenant(&self) -> Result<Option<SoleTenant>, BlobError> {
        match self {
            Self::Local(blobs) => blobs.sole_tenant().await,
            Self::Remote(_) => Ok(None),
        }
    }

    /// What writers have begun and not finished, or never will.
    ///
    /// # Errors
    /// Those of the disk.
    pub async fn unfinished(&self) -> Result<Vec<Unfinished>, BlobError> {
        match self {
            Self::Local(blobs) => blobs.unfinished().await,
            Self::Remote(blobs) => blobs.unfinished().await,
        }
    }

    /// Removes what was not finished. The caller knows that no writer has it any more.
    ///
    /// # Errors
    /// Those of the disk at the first that could not be removed.
    pub async fn remove_unfinished(&self, unfinished: Vec<Unfinished>) -> Result<(), BlobError> {
        match self {
            Self::Local(blobs) => blobs.remove_unfinished(unfinished).await,
            Self::Remote(blobs) => blobs.remove_unfinished(unfinished).await,
        }
    }

    /// Tries whether a remote store does what is built on it, each promise by name; a folder makes none to be tried.
    pub async fn promises(&self) -> Vec<(Promise, Verdict)> {
        match self {
            Self::Local(_) => Vec::new(),
            Self::Remote(blobs) => blobs.promises().await,
        }
    }

    /// Bytes that there is room for; `None` where nobody can say.
    ///
    /// # Errors
    /// Those of the disk.
    pub async fn room_bytes(&self) -> Result<Option<u64>, BlobError> {
        match self {
            Self::Local(blobs) => Ok(Some(blobs.room_bytes().await?)),
            Self::Remote(_) => Ok(None),
        }
    }

    /// Looks whether a write could succeed; next to nothing is done for it.
    ///
    /// # Errors
    /// What stands in the way.
    pub async fn glance(&self) -> Result<(), BlobError> {
        match self {
            Self::Local(blobs) => blobs.glance().await,
            Self::Remote(blobs) => blobs.glance().await,
        }
    }

    /// Writes something durably, and removes it again.
    ///
    /// # Errors
    /// What stands in the way of writing.
    pub async fn try_write(&self) -> Result<(), BlobError> {
        match self {
            Self::Local(blobs) => blobs.try_write().await,
            Self::Remote(blobs) => blobs.try_write().await,
        }
    }
}

async fn write_all(reader: &mut BlobReader, writer: &mut BlobWriter) -> Result<(), BlobError> {
    while let Some(piece) = next(reader).await {
        writer.write(piece?).await?;
    }
    Ok(())
}

async fn next(reader: &mut BlobReader) -> Option<<BlobReader as Stream>::Item> {
    std::future::poll_fn(|cx| Pin::new(&mut *reader).poll_next(cx)).await
}
