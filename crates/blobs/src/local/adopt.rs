//! Giving blobs of one folder a second name in another: backups, and the way back.

use std::{collections::BTreeSet, io, sync::Arc};

use tokio::task::spawn_blocking;

use super::LocalBlobs;
use crate::{BlobError, BlobId};

impl LocalBlobs {
    /// Gives blobs of `source` a second name here: no byte is copied, and neither folder's removals reach the other.
    /// Those that are here already stay. Returns `false`, with nothing done, if the folders are on different file systems.
    ///
    /// # Errors
    /// [`BlobError::NotFound`] for the first blob that `source` does not have; [`BlobError::Io`].
    pub async fn link_from(&self, source: &Self, ids: Vec<BlobId>) -> Result<bool, BlobError> {
        let (here, there) = (Arc::clone(&self.inner), Arc::clone(&source.inner));
        spawn_blocking(move || {
            let mut touched = BTreeSet::new();
            for id in ids {
                let (first, second) = id.folder();
                here.folders.make_durable(first, second)?;
                let linked = here
                    .folders
                    .layer
                    .link(&there.folders.blob(id), &here.folders.blob(id));
                match linked.map_err(|error| (error.kind(), error)) {
                    Ok(()) | Err((io::ErrorKind::AlreadyExists, _)) => {}
                    Err((io::ErrorKind::CrossesDevices, _)) => return Ok(false),
                    Err((io::ErrorKind::NotFound, _)) => return Err(BlobError::NotFound(id)),
                    Err((_, error)) => return Err(error.into()),
                }
                touched.insert((first, second));
            }
            for (first, second) in touched {
                let leaf = here.folders.leaf(first, second);
                here.folders.layer.sync_folder(&leaf)?;
            }
            Ok(true)
        })
        .await?
    }
}
