//! Blobs as files of a local folder.

use std::{
    fs, io,
    ops::Range,
    path::{Path, PathBuf},
    sync::Arc,
};

use rustix::fs::{FlockOperation, flock};
use tokio::task::spawn_blocking;

use crate::{
    BlobError, BlobId, BlobIds, BlobReader, BlobWriter, Faults, NoFaults, Step, folders::Folders,
};

/// Blobs in files below one folder, which only one process at a time may open.
///
/// Clones share the folder. It is unlocked when the last clone, reader and writer is gone.
#[derive(Debug, Clone)]
pub struct LocalBlobs {
    inner: Arc<Inner>,
}

#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) folders: Folders,
    _lock: fs::File,
}

impl LocalBlobs {
    /// Opens the folder, making it if need be, and removes what unfinished writers left in it.
    ///
    /// # Errors
    /// [`BlobError::Locked`] if another process has it open; [`BlobError::Io`] or [`BlobError::Full`].
    pub async fn open(root: impl Into<PathBuf>) -> Result<Self, BlobError> {
        Self::open_with_faults(root, NoFaults).await
    }

    /// As [`open`](Self::open), with steps that fail on purpose; for tests.
    ///
    /// # Errors
    /// Those of [`open`](Self::open).
    pub async fn open_with_faults(
        root: impl Into<PathBuf>,
        faults: impl Faults,
    ) -> Result<Self, BlobError> {
        let root = root.into();
        spawn_blocking(move || open(root, Box::new(faults))).await?
    }

    /// Starts a new blob. Nothing touches the disk before the first batch is full.
    ///
    /// # Errors
    /// [`BlobError::Randomness`].
    pub fn writer(&self) -> Result<BlobWriter, BlobError> {
        Ok(BlobWriter::new(Arc::clone(&self.inner), BlobId::random()?))
    }

    /// Streams the bytes `range` of a blob.
    ///
    /// # Errors
    /// [`BlobError::NotFound`]; [`BlobError::Corrupt`] if the blob ends before `range` does; [`BlobError::Io`].
    pub async fn read(&self, id: BlobId, range: Range<u64>) -> Result<BlobReader, BlobError> {
        BlobReader::open(Arc::clone(&self.inner), id, range).await
    }

    /// Removes blobs and says how many of them existed. Safe to repeat.
    ///
    /// # Errors
    /// [`BlobError::Io`] at the first blob that could not be removed.
    pub async fn delete(&self, ids: Vec<BlobId>) -> Result<usize, BlobError> {
        let inner = Arc::clone(&self.inner);
        spawn_blocking(move || {
            let mut removed = 0;
            for id in ids {
                removed += usize::from(unlink(&inner.folders, &inner.folders.blob(id))?);
            }
            Ok(removed)
        })
        .await?
    }

    /// All blobs, folder by folder, for a sweep.
    pub fn ids(&self) -> BlobIds {
        BlobIds::new(Arc::clone(&self.inner))
    }
}

/// Removes one file; `false` if it was not there.
pub(crate) fn unlink(folders: &Folders, path: &Path) -> io::Result<bool> {
    folders.before(Step::Unlink, path)?;
    match fs::remove_file(path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

fn open(root: PathBuf, faults: Box<dyn Faults>) -> Result<LocalBlobs, BlobError> {
    fs::create_dir_all(&root)?;
    let lock = lock(&root)?;
    let folders = Folders::new(root, faults);
    let temporary = folders.temporary_folder();
    fs::create_dir_all(&temporary)?;
    for entry in fs::read_dir(&temporary)? {
        unlink(&folders, &entry?.path())?;
    }
    folders.sync(folders.root())?;
    if let Some(parent) = folders
        .root()
        .parent()
        .filter(|p| !p.as_os_str().is_empty())
    {
        folders.sync(parent)?;
    }
    let inner = Inner {
        folders,
        _lock: lock,
    };
    Ok(LocalBlobs {
        inner: Arc::new(inner),
    })
}

fn lock(root: &Path) -> Result<fs::File, BlobError> {
    let file = fs::File::create(root.join("lock"))?;
    match flock(&file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(file),
        Err(rustix::io::Errno::WOULDBLOCK) => Err(BlobError::Locked),
        Err(error) => Err(BlobError::from(io::Error::from(error))),
    }
}
