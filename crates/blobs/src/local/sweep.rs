//! Walking all blobs, to find those that no row names.

use std::{collections::VecDeque, io, sync::Arc};

use tokio::task::spawn_blocking;

use super::{Entry, Inner};
use crate::{BlobError, BlobId, FoundBlob};

/// All blobs in the order of their ids, one leaf folder (1/65,536 of them) at a time.
#[derive(Debug)]
pub struct LocalIds {
    inner: Arc<Inner>,
    /// Top folders not yet listed.
    branches: VecDeque<u8>,
    /// Leaf folders of the last listed one that are still to be read.
    leaves: VecDeque<(u8, u8)>,
}

impl LocalIds {
    pub(crate) fn new(inner: Arc<Inner>) -> Self {
        Self {
            inner,
            branches: (0..=u8::MAX).collect(),
            leaves: VecDeque::new(),
        }
    }

    /// The next batch, never empty; `None` after the last one. Blobs made meanwhile may be missing.
    ///
    /// # Errors
    /// [`BlobError::Io`]; the walk goes on after the folder that failed.
    pub async fn next_batch(&mut self) -> Result<Option<Vec<FoundBlob>>, BlobError> {
        let mut walk = Self {
            inner: Arc::clone(&self.inner),
            branches: std::mem::take(&mut self.branches),
            leaves: std::mem::take(&mut self.leaves),
        };
        let (walk, found) = spawn_blocking(move || {
            let found = walk.next_leaf();
            (walk, found)
        })
        .await?;
        *self = walk;
        Ok(found?)
    }

    fn next_leaf(&mut self) -> io::Result<Option<Vec<FoundBlob>>> {
        let folders = &self.inner.folders;
        loop {
            while let Some((first, second)) = self.leaves.pop_front() {
                let found = blobs(folders.entries(&folders.leaf(first, second))?);
                if !found.is_empty() {
                    return Ok(Some(found));
                }
            }
            let Some(first) = self.branches.pop_front() else {
                return Ok(None);
            };
            let mut leaves: Vec<u8> = folders
                .entries(&folders.branch(first))?
                .iter()
                .filter_map(|entry| u8::from_str_radix(&entry.name, 16).ok())
                .collect();
            leaves.sort_unstable();
            self.leaves = leaves.into_iter().map(|second| (first, second)).collect();
        }
    }
}

/// The entries that are blobs, in the order of their ids.
fn blobs(entries: Vec<Entry>) -> Vec<FoundBlob> {
    let mut found: Vec<_> = entries
        .into_iter()
        .filter_map(|entry| {
            Some(FoundBlob {
                id: BlobId::parse(&entry.name)?,
                size_bytes: entry.size_bytes,
                named_at: entry.changed_at,
            })
        })
        .collect();
    found.sort_unstable_by_key(|blob| blob.id);
    found
}
