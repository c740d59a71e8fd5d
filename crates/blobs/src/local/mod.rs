//! Blobs as files of a local folder.

mod adopt;
mod folders;
mod health;
mod hold;
mod layer;
mod open;
mod reader;
mod sole;
mod sweep;
mod unfinished;
mod writer;

use std::{fs, ops::Range, path::PathBuf, sync::Arc};

use buckler_checksum::Checksum;
use tokio::task::spawn_blocking;

use self::folders::Folders;
use crate::{BlobError, BlobId};

pub(crate) use hold::LocalHold;
pub use layer::{Entry, Faults, FaultyFiles, FileLayer, LayerFile, Step, SystemFiles};
pub use reader::LocalReader;
pub use sole::SoleTenant;
pub use sweep::LocalIds;
pub use unfinished::Unfinished;
pub use writer::LocalWriter;

/// Blobs in files below one folder. Several gateways of one store may have it open.
///
/// Clones share the folder.
#[derive(Debug, Clone)]
pub struct LocalBlobs {
    pub(crate) inner: Arc<Inner>,
}

#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) folders: Folders,
    pub(crate) tenancy: Tenancy,
    pub(crate) lock: fs::File,
}

/// Who else had the folder open when it was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tenancy {
    /// Nobody: what was unfinished then, nobody was writing.
    Alone,
    /// Another process.
    Shared,
}

impl LocalBlobs {
    /// Opens the folder, making it if need be. If no other process has it open, what unfinished writers left in it is
    /// removed. `store_id` names the store whose rows name the blobs; a folder never changes its store.
    ///
    /// # Errors
    /// [`BlobError::OtherStore`]; [`BlobError::Io`] or [`BlobError::Full`].
    pub async fn open(root: impl Into<PathBuf>, store_id: &str) -> Result<Self, BlobError> {
        Self::open_on(SystemFiles, root, store_id).await
    }

    /// As [`open`](Self::open), with steps that fail on purpose; for tests.
    ///
    /// # Errors
    /// Those of [`open`](Self::open).
    pub async fn open_with_faults(
        root: impl Into<PathBuf>,
        store_id: &str,
        faults: impl Faults,
    ) -> Result<Self, BlobError> {
        Self::open_on(FaultyFiles::new(faults), root, store_id).await
    }

    /// As [`open`](Self::open), on a file system of the caller's. Only the lock files are the operating system's, always.
    ///
    /// # Errors
    /// Those of [`open`](Self::open).
    pub async fn open_on(
        layer: impl FileLayer,
        root: impl Into<PathBuf>,
        store_id: &str,
    ) -> Result<Self, BlobError> {
        let (root, store_id) = (root.into(), store_id.to_owned());
        spawn_blocking(move || open::open(root, &store_id, Box::new(layer))).await?
    }

    /// Opens a folder to look at it: it must be there, and nothing in it is made or cleared.
    ///
    /// # Errors
    /// [`BlobError::OtherStore`] also if the folder is nobody's; [`BlobError::Io`].
    pub async fn inspect(root: impl Into<PathBuf>, store_id: &str) -> Result<Self, BlobError> {
        let (root, store_id) = (root.into(), store_id.to_owned());
        spawn_blocking(move || open::inspect(root, &store_id)).await?
    }

    pub(crate) fn new(folders: Folders, tenancy: Tenancy, lock: fs::File) -> Self {
        Self {
            inner: Arc::new(Inner {
                folders,
                tenancy,
                lock,
            }),
        }
    }

    /// Who else had the folder open when this was opened.
    pub fn tenancy(&self) -> Tenancy {
        self.inner.tenancy
    }

    /// Starts a new blob. Nothing touches the disk before the first batch is full.
    ///
    /// # Errors
    /// [`BlobError::Randomness`].
    pub fn writer(&self) -> Result<LocalWriter, BlobError> {
        Ok(self.writer_of(BlobId::random()?))
    }

    /// Starts a blob with a name that it has elsewhere.
    pub(crate) fn writer_of(&self, id: BlobId) -> LocalWriter {
        LocalWriter::new(Arc::clone(&self.inner), id)
    }

    /// Streams the bytes `range` of a blob.
    ///
    /// # Errors
    /// [`BlobError::NotFound`]; [`BlobError::Corrupt`] if the blob ends before `range` does; [`BlobError::Io`].
    pub async fn read(&self, id: BlobId, range: Range<u64>) -> Result<LocalReader, BlobError> {
        LocalReader::open(Arc::clone(&self.inner), id, range, None).await
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
    ) -> Result<LocalReader, BlobError> {
        LocalReader::open(Arc::clone(&self.inner), id, 0..size_bytes, Some(checksum)).await
    }

    /// Removes blobs and says how many of them existed. Safe to repeat.
    ///
    /// # Errors
    /// [`BlobError::Held`] while there is a hold, with nothing removed; [`BlobError::Io`] at the first blob
    /// that could not be removed.
    pub async fn delete(&self, ids: Vec<BlobId>) -> Result<usize, BlobError> {
        let inner = Arc::clone(&self.inner);
        spawn_blocking(move || {
            let folders = &inner.folders;
            let _removing = LocalHold::exclusive(folders.root())?.ok_or(BlobError::Held)?;
            let mut removed = 0;
            for id in ids {
                removed += usize::from(folders.unlink(&folders.blob(id))?);
            }
            Ok(removed)
        })
        .await?
    }

    /// Keeps all blobs that are named now, in every process, for as long as the answer lives.
    ///
    /// # Errors
    /// [`BlobError::Io`].
    pub(crate) async fn hold(&self) -> Result<LocalHold, BlobError> {
        let inner = Arc::clone(&self.inner);
        Ok(spawn_blocking(move || LocalHold::shared(inner.folders.root())).await??)
    }

    /// As [`hold`](Self::hold), for a folder whose store is not known yet.
    ///
    /// # Errors
    /// [`BlobError::Io`], also if there is no such folder.
    pub(crate) async fn hold_folder(root: impl Into<PathBuf>) -> Result<LocalHold, BlobError> {
        let root = root.into();
        Ok(spawn_blocking(move || LocalHold::shared(&root)).await??)
    }

    /// Lengths of blobs in bytes, in the order of `ids`; `None` for those that do not exist.
    ///
    /// # Errors
    /// [`BlobError::Io`].
    pub async fn sizes(&self, ids: Vec<BlobId>) -> Result<Vec<Option<u64>>, BlobError> {
        let inner = Arc::clone(&self.inner);
        spawn_blocking(move || {
            let folders = &inner.folders;
            let sizes = ids
                .into_iter()
                .map(|id| folders.layer.size_bytes(&folders.blob(id)));
            Ok(sizes.collect::<Result<_, _>>()?)
        })
        .await?
    }

    /// All blobs, folder by folder, for a sweep.
    pub fn ids(&self) -> LocalIds {
        LocalIds::new(Arc::clone(&self.inner))
    }
}
