//! The proof that bytes are kept.

use crate::BlobId;

/// A blob whose bytes, name and folders have been synced, or that a remote store has acknowledged.
///
/// Only a finished [`BlobWriter`](crate::BlobWriter) makes one; whoever commits a row that names a blob asks for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DurableBlob {
    id: BlobId,
    size_bytes: u64,
}

impl DurableBlob {
    // INVARIANT: called after the file, its name and its folders were synced, or after the remote store has answered
    // the put or the completion, nowhere else.
    pub(crate) const fn after_sync(id: BlobId, size_bytes: u64) -> Self {
        Self { id, size_bytes }
    }

    /// The blob's name.
    pub const fn id(&self) -> BlobId {
        self.id
    }

    /// The blob's length, in bytes.
    pub const fn size_bytes(&self) -> u64 {
        self.size_bytes
    }
}
