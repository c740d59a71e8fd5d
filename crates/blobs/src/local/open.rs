//! Opening a folder: who else has it open, whose blobs it holds, and what a crash left in it.

use std::{
    fs,
    io::{self, IoSlice},
    path::{Path, PathBuf},
};

use rustix::fs::{FlockOperation, flock};

use super::{FileLayer, LocalBlobs, SystemFiles, Tenancy, folders::Folders};
use crate::{BlobError, BlobId};

/// Held shared by every process that has the folder open.
const LOCK_FILE: &str = "lock";
/// Names the store whose rows name the blobs.
const STORE_FILE: &str = "store";
/// Longest name of a store, in bytes.
const STORE_ID_BYTES_MAX: u64 = 1024;

/// Opens a folder to look at it: nothing is made, nothing is cleared.
pub(crate) fn inspect(root: PathBuf, store_id: &str) -> Result<LocalBlobs, BlobError> {
    let lock = fs::File::open(root.join(LOCK_FILE))?;
    let folders = Folders::new(root, Box::new(SystemFiles));
    let tenancy = tenancy(&lock)?;
    flock(&lock, FlockOperation::LockShared).map_err(io::Error::from)?;
    if note(&folders)? != store_id.as_bytes() {
        return Err(BlobError::OtherStore);
    }
    Ok(LocalBlobs::new(folders, tenancy, lock))
}

pub(crate) fn open(
    root: PathBuf,
    store_id: &str,
    layer: Box<dyn FileLayer>,
) -> Result<LocalBlobs, BlobError> {
    let made = make(&root)?;
    let lock = fs::File::create(root.join(LOCK_FILE))?;
    let folders = Folders::new(root, layer);
    folders.create(&folders.temporary_folder())?;
    let tenancy = tenancy(&lock)?;
    // Only whoever is alone may remove unfinished writes: they could be another process's.
    if tenancy == Tenancy::Alone {
        clear_temporary(&folders)?;
    }
    flock(&lock, FlockOperation::LockShared).map_err(io::Error::from)?;
    claim(&folders, store_id)?;
    folders.layer.sync_folder(folders.root())?;
    for folder in made {
        folders.layer.sync_folder(&folder)?;
    }
    Ok(LocalBlobs::new(folders, tenancy, lock))
}

/// Makes the folder and those above it, and returns the folders whose entries must be synced for it to last.
fn make(root: &Path) -> io::Result<Vec<PathBuf>> {
    let mut parents = Vec::new();
    for folder in root.ancestors() {
        let Some(parent) = folder.parent() else { break };
        parents.push(if parent.as_os_str().is_empty() {
            PathBuf::from(".")
        } else {
            parent.to_owned()
        });
        if parent.as_os_str().is_empty() || parent.exists() {
            break;
        }
    }
    fs::create_dir_all(root)?;
    Ok(parents)
}

fn tenancy(lock: &fs::File) -> io::Result<Tenancy> {
    match flock(lock, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(Tenancy::Alone),
        Err(rustix::io::Errno::WOULDBLOCK) => Ok(Tenancy::Shared),
        Err(error) => Err(error.into()),
    }
}

fn clear_temporary(folders: &Folders) -> io::Result<()> {
    let folder = folders.temporary_folder();
    for entry in folders.entries(&folder)? {
        folders.unlink(&folder.join(entry.name))?;
    }
    Ok(())
}

/// Notes whose blobs these are, or checks that they are this store's.
fn claim(folders: &Folders, store_id: &str) -> Result<(), BlobError> {
    let noted = note(folders)?;
    if noted == store_id.as_bytes() {
        return Ok(());
    }
    if !noted.is_empty() {
        return Err(BlobError::OtherStore);
    }
    // Two gateways may do this at once; each has a file of its own.
    let temporary = folders.temporary(BlobId::random()?);
    let mut file = folders.layer.create_file(&temporary)?;
    file.append(&[IoSlice::new(store_id.as_bytes())])?;
    file.sync_data()?;
    // The caller syncs the folder.
    let path = folders.root().join(STORE_FILE);
    Ok(folders.layer.rename(&temporary, &path)?)
}

/// Whose blobs these are; empty if nobody's yet.
fn note(folders: &Folders) -> io::Result<Vec<u8>> {
    let mut noted = Vec::new();
    match folders.layer.open_file(&folders.root().join(STORE_FILE)) {
        Ok(mut file) => file.read(STORE_ID_BYTES_MAX, &mut noted)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    Ok(noted)
}
