//! Taking blobs over from another folder, under their own names: backups, and the way back.

use std::{collections::BTreeSet, io, sync::Arc};

use buckler_checksum::Checksum;
use futures_core::Stream;
use tokio::task::spawn_blocking;

use crate::{BlobError, BlobId, BlobReader, BlobWriter, DurableBlob, LocalBlobs};

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
        let mut writer = BlobWriter::new(Arc::clone(&self.inner), id);
        while let Some(piece) = next(&mut reader).await {
            writer.write(piece?).await?;
        }
        writer.finish().await
    }
}

async fn next(reader: &mut BlobReader) -> Option<<BlobReader as Stream>::Item> {
    std::future::poll_fn(|cx| std::pin::Pin::new(&mut *reader).poll_next(cx)).await
}
