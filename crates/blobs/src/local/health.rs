//! Whether blobs can be written, for whoever watches the server.

use std::{
    io::{self, IoSlice},
    sync::Arc,
};

use rustix::fs::{StatVfsMountFlags, statvfs};
use tokio::task::spawn_blocking;

use super::{Inner, LocalBlobs};
use crate::{BlobError, BlobId};

/// Bytes of a trial write: enough that a disk on which it succeeds has room for ordinary objects.
const TRIAL_BYTES: usize = 1024 * 1024;

impl LocalBlobs {
    /// Looks whether the folder's file system could take a write: two system calls, and nothing is written.
    ///
    /// # Errors
    /// [`BlobError::Full`]; [`BlobError::Io`] if it is read-only or gone.
    pub async fn glance(&self) -> Result<(), BlobError> {
        let inner = Arc::clone(&self.inner);
        spawn_blocking(move || {
            let status = statvfs(inner.folders.temporary_folder()).map_err(io::Error::from)?;
            if status.f_flag.contains(StatVfsMountFlags::RDONLY) {
                return Err(io::Error::from(io::ErrorKind::ReadOnlyFilesystem).into());
            }
            if status.f_bavail == 0 {
                return Err(BlobError::Full);
            }
            Ok(())
        })
        .await?
    }

    /// Bytes that the folder's file system has room for.
    ///
    /// # Errors
    /// [`BlobError::Io`].
    pub async fn room_bytes(&self) -> Result<u64, BlobError> {
        let inner = Arc::clone(&self.inner);
        spawn_blocking(move || {
            let status = statvfs(inner.folders.temporary_folder()).map_err(io::Error::from)?;
            Ok(status.f_bavail.saturating_mul(status.f_frsize))
        })
        .await?
    }

    /// Writes and syncs a file, and removes it again.
    ///
    /// # Errors
    /// What stands in the way of writing.
    pub async fn try_write(&self) -> Result<(), BlobError> {
        let inner = Arc::clone(&self.inner);
        spawn_blocking(move || {
            let name = BlobId::random()?;
            let written = trial(&inner, name);
            let removed = inner.folders.unlink(&inner.folders.temporary(name));
            written?;
            Ok(removed.map(drop)?)
        })
        .await?
    }
}

fn trial(inner: &Inner, name: BlobId) -> io::Result<()> {
    let layer = &inner.folders.layer;
    let mut file = layer.create_file(&inner.folders.temporary(name))?;
    let bytes = vec![0; TRIAL_BYTES];
    let mut left = bytes.as_slice();
    while !left.is_empty() {
        let written = file.append(&[IoSlice::new(left)])?;
        if written == 0 {
            return Err(io::ErrorKind::WriteZero.into());
        }
        left = left.get(written..).unwrap_or_default();
    }
    file.sync_data()?;
    layer.sync_folder(&inner.folders.temporary_folder())
}
