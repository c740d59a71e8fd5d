//! Blobs as objects of someone else's store: any that speaks S3's protocol, Google Cloud Storage, Azure Blob Storage.
//!
//! Below the prefix that the operator names:
//!
//! - `store` names the store whose rows name the blobs,
//! - `blobs/ID` is a blob,
//! - `unfinished/ID` holds the backend's id of a multipart upload under way, so that a crash cannot hide its parts,
//! - `holds/ID` keeps blobs from being removed,
//! - `trials/ID` is a trial write.

mod chores;
mod claim;
mod connect;
mod failure;
mod health;
mod hold;
mod location;
mod memory;
mod place;
mod promises;
mod reader;
mod sweep;
mod unfinished;
mod upload;
mod writer;

use std::{fmt, ops::Range, sync::Arc};

use buckler_checksum::Checksum;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use object_store::{Error, ObjectStore, multipart::MultipartStore, path::Path};

use self::place::Place;
use crate::{BlobError, BlobId, Unfinished};

pub use failure::RemoteFailure;
pub use location::{LocationError, RemoteLocation, RemoteOptions};
pub use promises::{Promise, Verdict};
pub use reader::RemoteReader;
pub use sweep::RemoteIds;
pub use writer::{PART_BYTES, RemoteWriter};

pub(crate) use hold::RemoteHold;

/// Questions about single blobs that are asked at the same time.
const HEADS_AT_ONCE: usize = 16;

/// What blobs need of a store: the `object_store` crate's two interfaces together.
pub trait Backend: ObjectStore + MultipartStore {}

impl<B: ObjectStore + MultipartStore> Backend for B {}

/// Blobs as objects below a prefix of a remote store. Several gateways of one store may have it open.
///
/// Clones share the connections and what they are allowed to hold in memory.
#[derive(Clone)]
pub struct RemoteBlobs {
    place: Arc<Place>,
}

impl fmt::Debug for RemoteBlobs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The backend's own form holds its configuration.
        write!(f, "RemoteBlobs({})", self.place.prefix)
    }
}

impl RemoteBlobs {
    /// Opens a prefix of a backend, and claims it if it is nobody's. `store_id` names the store whose rows name the
    /// blobs; a prefix never changes its store.
    ///
    /// # Errors
    /// [`BlobError::OtherStore`]; [`BlobError::Remote`].
    pub async fn open_on(
        backend: Arc<dyn Backend>,
        prefix: Path,
        store_id: &str,
    ) -> Result<Self, BlobError> {
        let place = Place::new(backend, prefix);
        claim::claim(&place, store_id).await?;
        Ok(Self {
            place: Arc::new(place),
        })
    }

    /// Opens a prefix of a backend to look at it.
    ///
    /// # Errors
    /// [`BlobError::OtherStore`] also if it is nobody's; [`BlobError::Remote`].
    pub async fn inspect_on(
        backend: Arc<dyn Backend>,
        prefix: Path,
        store_id: &str,
    ) -> Result<Self, BlobError> {
        let place = Place::new(backend, prefix);
        claim::check(&place, store_id).await?;
        Ok(Self {
            place: Arc::new(place),
        })
    }

    /// Starts a new blob. Nothing is sent before the first part is full.
    ///
    /// # Errors
    /// [`BlobError::Randomness`].
    pub fn writer(&self) -> Result<RemoteWriter, BlobError> {
        Ok(self.writer_of(BlobId::random()?))
    }

    /// Starts a blob with a name that it has elsewhere.
    pub(crate) fn writer_of(&self, id: BlobId) -> RemoteWriter {
        RemoteWriter::new(Arc::clone(&self.place), id)
    }

    /// Streams the bytes `range` of a blob; all of them are compared with `checksum` if there is one.
    ///
    /// # Errors
    /// [`BlobError::NotFound`]; [`BlobError::Corrupt`] if the blob ends before `range` does; [`BlobError::Remote`].
    pub(crate) async fn read(
        &self,
        id: BlobId,
        range: Range<u64>,
        checksum: Option<Checksum>,
    ) -> Result<RemoteReader, BlobError> {
        RemoteReader::open(Arc::clone(&self.place), id, range, checksum).await
    }

    /// Removes blobs, those that are not there, too. Safe to repeat.
    ///
    /// # Errors
    /// [`BlobError::Held`] while there is a hold, with nothing removed; [`BlobError::Remote`] at the first that could
    /// not be removed.
    pub async fn delete(&self, ids: Vec<BlobId>) -> Result<(), BlobError> {
        // A hold that comes after this look does no harm: what is removed now was garbage before the rows were copied.
        if self.place.is_held().await? {
            return Err(BlobError::Held);
        }
        let paths: Vec<_> = ids.into_iter().map(|id| self.place.blob(id)).collect();
        self.place.remove(paths).await
    }

    /// Lengths of blobs in bytes, in the order of `ids`; `None` for those that do not exist.
    ///
    /// # Errors
    /// [`BlobError::Remote`].
    pub async fn sizes(&self, ids: Vec<BlobId>) -> Result<Vec<Option<u64>>, BlobError> {
        let size = async |id| Ok::<_, Error>(self.place.found(id).await?.map(|meta| meta.size));
        let sizes = stream::iter(ids).map(size).buffered(HEADS_AT_ONCE);
        Ok(sizes.try_collect().await?)
    }

    /// All blobs in the order of their ids, for a sweep.
    pub fn ids(&self) -> RemoteIds {
        RemoteIds::new(Arc::clone(&self.place))
    }

    /// Keeps all blobs that are named now, in every process, for as long as the answer lives.
    ///
    /// # Errors
    /// [`BlobError::Remote`].
    pub(crate) async fn hold(&self) -> Result<RemoteHold, BlobError> {
        RemoteHold::take(Arc::clone(&self.place)).await
    }

    /// Multipart uploads to the backend that are under way, or were when their process ended.
    ///
    /// # Errors
    /// [`BlobError::Remote`].
    pub async fn unfinished(&self) -> Result<Vec<Unfinished>, BlobError> {
        unfinished::list(&self.place).await
    }

    /// Ends uploads whose writers do not exist any more, with their parts.
    ///
    /// # Errors
    /// [`BlobError::Remote`] at the first that could not be ended.
    pub async fn remove_unfinished(&self, uploads: Vec<Unfinished>) -> Result<(), BlobError> {
        unfinished::remove(&self.place, uploads).await
    }

    /// Asks the backend for something small, at most every few seconds however often this is called.
    ///
    /// # Errors
    /// [`BlobError::Remote`]; [`BlobError::Silent`].
    pub async fn glance(&self) -> Result<(), BlobError> {
        health::glance(&self.place).await
    }

    /// Writes an object, and removes it again.
    ///
    /// # Errors
    /// What stands in the way of writing.
    pub async fn try_write(&self) -> Result<(), BlobError> {
        health::try_write(&self.place).await
    }

    /// Tries whether the backend does what is built on it, each promise by name.
    pub async fn promises(&self) -> Vec<(Promise, Verdict)> {
        promises::check(&self.place).await
    }
}
