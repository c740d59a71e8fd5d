//! Walking all blobs, to find those that no row names.

use std::{fs, io, path::Path, sync::Arc};

use time::OffsetDateTime;
use tokio::task::spawn_blocking;

use crate::{BlobError, BlobId, local::Inner};

/// A blob that is on disk, whether a row names it or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundBlob {
    /// Its name.
    pub id: BlobId,
    /// Its length, in bytes.
    pub size_bytes: u64,
    /// When its last byte was written. A blob younger than the longest request may still get its row.
    pub written_at: OffsetDateTime,
}

/// All blobs in the order of their ids, one leaf folder (1/65,536 of them) at a time.
#[derive(Debug)]
pub struct BlobIds {
    inner: Arc<Inner>,
    next: Option<(u8, u8)>,
}

impl BlobIds {
    pub(crate) const fn new(inner: Arc<Inner>) -> Self {
        Self {
            inner,
            next: Some((0, 0)),
        }
    }

    /// The next batch, never empty; `None` after the last one. Blobs made meanwhile may be missing.
    ///
    /// # Errors
    /// [`BlobError::Io`]; the walk goes on after the folder that failed.
    pub async fn next_batch(&mut self) -> Result<Option<Vec<FoundBlob>>, BlobError> {
        let Some(from) = self.next.take() else {
            return Ok(None);
        };
        let inner = Arc::clone(&self.inner);
        let (found, next) = spawn_blocking(move || batch(&inner, from)).await?;
        self.next = next;
        let found = found?;
        Ok((!found.is_empty()).then_some(found))
    }
}

type Place = Option<(u8, u8)>;

/// Reads leaf folders from `place` on until one holds a blob.
fn batch(inner: &Inner, from: (u8, u8)) -> (Result<Vec<FoundBlob>, BlobError>, Place) {
    let mut place = Some(from);
    while let Some((first, second)) = place {
        if second == 0 && !inner.folders.branch(first).exists() {
            place = first.checked_add(1).map(|first| (first, 0));
            continue;
        }
        place = match second.checked_add(1) {
            Some(second) => Some((first, second)),
            None => first.checked_add(1).map(|first| (first, 0)),
        };
        match leaf(&inner.folders.leaf(first, second)) {
            Ok(found) if found.is_empty() => {}
            Ok(found) => return (Ok(found), place),
            Err(error) => return (Err(error.into()), place),
        }
    }
    (Ok(Vec::new()), None)
}

fn leaf(folder: &Path) -> io::Result<Vec<FoundBlob>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry?;
        let Some(id) = entry.file_name().to_str().and_then(BlobId::parse) else {
            continue;
        };
        let metadata = match entry.metadata() {
            Ok(metadata) => metadata,
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(error),
        };
        found.push(FoundBlob {
            id,
            size_bytes: metadata.len(),
            written_at: metadata.modified()?.into(),
        });
    }
    found.sort_unstable_by_key(|blob| blob.id);
    Ok(found)
}
