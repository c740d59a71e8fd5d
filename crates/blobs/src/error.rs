//! What can go wrong with bytes.

use std::io;

use crate::{BlobId, LocationError, RemoteFailure};

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
    /// The place holds the blobs of other rows than these: its sweep would remove them.
    #[error("the blobs there belong to another store")]
    OtherStore,
    /// The system's source of randomness failed, so no id could be made.
    #[error("no random blob id could be made")]
    Randomness,
    /// A remote store refused a request, or could not be reached, after all tries.
    #[error("the blob store: {0}")]
    Remote(#[source] RemoteFailure),
    /// A remote store has not answered in time.
    #[error("the blob store does not answer")]
    Silent,
    /// There is no memory for another body on its way to a remote store: the ones before it do not end.
    #[error("too many bodies are on their way to the blob store")]
    Busy,
    /// A remote store cannot be used as it is configured.
    #[error(transparent)]
    Location(#[from] LocationError),
    /// Writing goes on after a failure.
    #[error("an earlier write failed")]
    GivenUp,
    /// The task that did the work was stopped, because the runtime shuts down.
    #[error("the runtime is shutting down")]
    ShuttingDown,
    /// Any other refusal of the operating system.
    #[error("blob storage failed: {0}")]
    Io(#[source] io::Error),
}

impl BlobError {
    /// Whether it says nothing of the blob that was asked for: nothing can be had where the blobs are.
    pub const fn is_outage(&self) -> bool {
        matches!(
            self,
            Self::Remote(_) | Self::Silent | Self::Busy | Self::ShuttingDown
        )
    }

    /// Whether the same may succeed later, so that a client is told to come back.
    pub const fn is_passing(&self) -> bool {
        match self {
            Self::Full | Self::Silent | Self::Busy | Self::Held => true,
            Self::Remote(failure) => failure.is_passing(),
            Self::NotFound(_)
            | Self::Corrupt { .. }
            | Self::WrongChecksum(_)
            | Self::OtherStore
            | Self::Randomness
            | Self::Location(_)
            | Self::GivenUp
            | Self::ShuttingDown
            | Self::Io(_) => false,
        }
    }
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
