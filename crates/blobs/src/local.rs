//! Blobs as files of a local folder.

use std::{
    fs,
    io::{self, Write as _},
    ops::Range,
    path::{Path, PathBuf},
    sync::Arc,
};

use rustix::fs::{FlockOperation, flock};
use tokio::task::spawn_blocking;

use crate::{
    BlobError, BlobId, BlobIds, BlobReader, BlobWriter, Faults, NoFaults, Step, folders::Folders,
};

/// Held shared by every process that has the folder open.
const LOCK_FILE: &str = "lock";
/// Names the store whose rows name the blobs.
const STORE_FILE: &str = "store";

/// Blobs in files below one folder. Several gateways of one store may have it open.
///
/// Clones share the folder.
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
    /// Opens the folder, making it if need be. If no other process has it open, what unfinished writers left in it is
    /// removed. `store_id` names the store whose rows name the blobs; a folder never changes its store.
    ///
    /// # Errors
    /// [`BlobError::OtherStore`]; [`BlobError::Io`] or [`BlobError::Full`].
    pub async fn open(root: impl Into<PathBuf>, store_id: &str) -> Result<Self, BlobError> {
        Self::open_with_faults(root, store_id, NoFaults).await
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
        let (root, store_id) = (root.into(), store_id.to_owned());
        spawn_blocking(move || open(root, &store_id, Box::new(faults))).await?
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

fn open(root: PathBuf, store_id: &str, faults: Box<dyn Faults>) -> Result<LocalBlobs, BlobError> {
    fs::create_dir_all(&root)?;
    let lock = fs::File::create(root.join(LOCK_FILE))?;
    let folders = Folders::new(root, faults);
    fs::create_dir_all(folders.temporary_folder())?;
    // Only whoever is alone may remove unfinished writes: they could be another process's.
    match flock(&lock, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => clear_temporary(&folders)?,
        Err(rustix::io::Errno::WOULDBLOCK) => {}
        Err(error) => return Err(BlobError::from(io::Error::from(error))),
    }
    flock(&lock, FlockOperation::LockShared).map_err(io::Error::from)?;
    claim(&folders, store_id)?;
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

fn clear_temporary(folders: &Folders) -> io::Result<()> {
    for entry in fs::read_dir(folders.temporary_folder())? {
        unlink(folders, &entry?.path())?;
    }
    Ok(())
}

/// Notes whose blobs these are, or checks that they are this store's. A crash while noting leaves an empty note.
fn claim(folders: &Folders, store_id: &str) -> Result<(), BlobError> {
    let path = folders.root().join(STORE_FILE);
    let noted = match fs::read_to_string(&path) {
        Ok(noted) => noted,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(error.into()),
    };
    if noted == store_id {
        return Ok(());
    }
    if !noted.is_empty() {
        return Err(BlobError::OtherStore);
    }
    let mut file = fs::File::create(&path)?;
    file.write_all(store_id.as_bytes())?;
    Ok(file.sync_all()?)
}
