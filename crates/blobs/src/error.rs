//! What can go wrong with bytes.

use std::io;

use crate::BlobId;

/// An operation on blobs failed.
#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    /// The disk, the quota or the file-size limit is used up. Nothing was stored.
    #[error("no space left for blobs")]
    Full,
    /// No blob of this id is stored.
    #[error("blob `{0}` does not exist")]
    NotFound(BlobId),
    /// A blob holds fewer bytes than its row promises.
    #[error("blob `{id}` is shorter than the {expected_bytes} bytes its row promises")]
    Corrupt {
        /// The damaged blob.
        id: BlobId,
        /// Bytes that should be there, counted from the start of the blob.
        expected_bytes: u64,
    },
    /// A blob's bytes are not those that were stored.
    #[error("blob `{0}` does not have the checksum its row promises")]
    WrongChecksum(BlobId),
    /// Someone copies the blobs and needs them to stay; try again later.
    #[error("blobs are not removed while a backup is under way")]
    Held,
    /// The folder holds the blobs of other rows than these: its sweep would remove them.
    #[error("the blob folder belongs to another store")]
    OtherStore,
    /// The system's source of randomness failed, so no id could be made.
    #[error("no random blob id could be made")]
    Randomness,
    /// The task that did the work was stopped, because the runtime shuts down.
    #[error("the runtime is shutting down")]
    ShuttingDown,
    /// Any other refusal of the operating system.
    #[error("blob storage failed: {0}")]
    Io(#[source] io::Error),
}

impl From<io::Error> for BlobError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull
            | io::ErrorKind::QuotaExceeded
            | io::ErrorKind::FileTooLarge => Self::Full,
            _ => Self::Io(error),
        }
    }
}

impl From<tokio::task::JoinError> for BlobError {
    fn from(_: tokio::task::JoinError) -> Self {
        Self::ShuttingDown
    }
}
