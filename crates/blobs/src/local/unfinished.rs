//! What writers left behind that a crash cut off.

use std::sync::Arc;

use time::OffsetDateTime;
use tokio::task::spawn_blocking;

use super::LocalBlobs;
use crate::BlobError;

/// What a writer has begun and not finished, or never will.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unfinished {
    /// Its name: in the temporary folder, or the blob's that it would be.
    pub name: String,
    /// Its length so far, in bytes; `None` in a remote store, which does not say.
    pub size_bytes: Option<u64>,
    /// When it last grew, or, in a remote store, was begun; to the second.
    pub changed_at: OffsetDateTime,
}

impl LocalBlobs {
    /// Files in the temporary folder: writes under way, and what a crash left of others.
    ///
    /// # Errors
    /// [`BlobError::Io`].
    pub async fn unfinished(&self) -> Result<Vec<Unfinished>, BlobError> {
        let inner = Arc::clone(&self.inner);
        let entries = spawn_blocking(move || {
            let folders = &inner.folders;
            folders.entries(&folders.temporary_folder())
        });
        let files = entries.await??.into_iter().map(|entry| Unfinished {
            name: entry.name,
            size_bytes: Some(entry.size_bytes),
            changed_at: entry.changed_at,
        });
        Ok(files.collect())
    }

    /// Removes unfinished files. The caller knows that no writer has them any more.
    ///
    /// # Errors
    /// [`BlobError::Io`] at the first that could not be removed.
    pub async fn remove_unfinished(&self, files: Vec<Unfinished>) -> Result<(), BlobError> {
        let inner = Arc::clone(&self.inner);
        spawn_blocking(move || {
            let folder = inner.folders.temporary_folder();
            for file in files {
                inner.folders.unlink(&folder.join(file.name))?;
            }
            Ok(())
        })
        .await?
    }
}
