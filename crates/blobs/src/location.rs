//! Where blobs are, as the operator says it.

use std::{fmt, path::PathBuf};

use crate::{
    BlobError, Blobs, LocalBlobs, LocationError, RemoteLocation, RemoteOptions, RemovalHold,
};

/// Where blobs are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BlobLocation {
    /// In files below this folder.
    Folder(PathBuf),
    /// As objects below this prefix of a remote store.
    Remote(RemoteLocation),
}

impl BlobLocation {
    /// Reads `file://PATH`, `s3://BUCKET/PREFIX`, `gs://BUCKET/PREFIX` or `az://CONTAINER/PREFIX`; the options are those
    /// of the remote store's client.
    ///
    /// # Errors
    /// [`LocationError`]: nothing is opened yet.
    pub fn parse(url: &str, options: RemoteOptions) -> Result<Self, LocationError> {
        match url.strip_prefix("file://") {
            Some("") => Err(LocationError::Form(url.to_owned())),
            Some(path) => Ok(Self::Folder(PathBuf::from(path))),
            None => Ok(Self::Remote(RemoteLocation::parse(url, options)?)),
        }
    }

    /// Opens the place, making it if need be; `store_id` names the store whose rows name the blobs. A place never
    /// changes its store.
    ///
    /// # Errors
    /// [`BlobError::OtherStore`]; what stands in the way of using it.
    pub async fn open(&self, store_id: &str) -> Result<Blobs, BlobError> {
        match self {
            Self::Folder(root) => Ok(LocalBlobs::open(root, store_id).await?.into()),
            Self::Remote(location) => Ok(location.open(store_id).await?.into()),
        }
    }

    /// Opens the place to look at it: it must be there, and nothing in it is made or cleared.
    ///
    /// # Errors
    /// [`BlobError::OtherStore`] also if it is nobody's; what stands in the way of looking.
    pub async fn inspect(&self, store_id: &str) -> Result<Blobs, BlobError> {
        match self {
            Self::Folder(root) => Ok(LocalBlobs::inspect(root, store_id).await?.into()),
            Self::Remote(location) => Ok(location.inspect(store_id).await?.into()),
        }
    }

    /// Keeps all blobs that are named now, in every process, for as long as the answer lives.
    ///
    /// # Errors
    /// [`BlobError::Io`] and [`BlobError::Remote`], also if there is no such place.
    pub async fn hold(&self) -> Result<RemovalHold, BlobError> {
        match self {
            Self::Folder(root) => Ok(LocalBlobs::hold_folder(root).await?.into()),
            Self::Remote(location) => Ok(location.hold().await?.into()),
        }
    }
}

impl fmt::Display for BlobLocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(root) => write!(f, "blob folder `{}`", root.display()),
            Self::Remote(location) => write!(f, "blob store `{location}`"),
        }
    }
}
