//! Where blobs are, as the operator says it.

use std::{fmt, path::PathBuf};

use crate::{BlobError, Blobs, LocalBlobs, RemovalHold};

/// Where blobs are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BlobLocation {
    /// In files below this folder.
    Folder(PathBuf),
}

impl BlobLocation {
    /// Opens the place, making it if need be; `store_id` names the store whose rows name the blobs. A place never
    /// changes its store.
    ///
    /// # Errors
    /// [`BlobError::OtherStore`]; what stands in the way of using it.
    pub async fn open(&self, store_id: &str) -> Result<Blobs, BlobError> {
        match self {
            Self::Folder(root) => Ok(LocalBlobs::open(root, store_id).await?.into()),
        }
    }

    /// Opens the place to look at it: it must be there, and nothing in it is made or cleared.
    ///
    /// # Errors
    /// [`BlobError::OtherStore`] also if it is nobody's; what stands in the way of looking.
    pub async fn inspect(&self, store_id: &str) -> Result<Blobs, BlobError> {
        match self {
            Self::Folder(root) => Ok(LocalBlobs::inspect(root, store_id).await?.into()),
        }
    }

    /// Keeps all blobs that are named now, in every process, for as long as the answer lives.
    ///
    /// # Errors
    /// [`BlobError::Io`], also if there is no such place.
    pub async fn hold(&self) -> Result<RemovalHold, BlobError> {
        match self {
            Self::Folder(root) => LocalBlobs::hold_folder(root).await,
        }
    }
}

impl fmt::Display for BlobLocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(root) => write!(f, "blob folder `{}`", root.display()),
        }
    }
}
