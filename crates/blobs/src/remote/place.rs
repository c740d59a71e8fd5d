//! The objects of one store below its prefix, and the requests about them.

use std::{ops::Range, sync::Arc};

use bytes::Bytes;
use futures_util::{StreamExt as _, TryStreamExt as _, stream::BoxStream};
use object_store::{
    Error, GetOptions, GetRange, GetResult, ObjectMeta, PutMode, PutPayload, PutResult, path::Path,
};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

use super::{
    Backend,
    chores::Chores,
    failure::{found, unless_absent},
    health::{Glance, within_patience},
    hold::HoldsSeen,
    memory::{Memory, PATIENCE},
};
use crate::{BlobError, BlobId};

/// Requests with a body that one process has under way at once.
const BODIES_AT_ONCE: usize = 64;
/// Longest small object that is read whole: a note or the id of an upload, in bytes.
const NOTE_BYTES_MAX: u64 = 4096;

pub(crate) struct Place {
    pub(super) backend: Arc<dyn Backend>,
    pub(super) prefix: Path,
    bodies: Arc<Semaphore>,
    pub(super) memory: Memory,
    pub(super) chores: Chores,
    pub(super) glance: Glance,
    pub(super) holds: HoldsSeen,
}

impl Place {
    pub(super) fn new(backend: Arc<dyn Backend>, prefix: Path) -> Self {
        Self {
            backend,
            prefix,
            bodies: Arc::new(Semaphore::new(BODIES_AT_ONCE)),
            memory: Memory::default(),
            chores: Chores::default(),
            glance: Glance::default(),
            holds: HoldsSeen::default(),
        }
    }

    pub(super) fn note(&self) -> Path {
        self.prefix.clone().join("store")
    }

    pub(super) fn blobs(&self) -> Path {
        self.prefix.clone().join("blobs")
    }

    pub(super) fn blob(&self, id: BlobId) -> Path {
        self.blobs().join(id.to_string())
    }

    pub(super) fn uploads(&self) -> Path {
        self.prefix.clone().join("unfinished")
    }

    pub(super) fn upload(&self, id: BlobId) -> Path {
        self.uploads().join(id.to_string())
    }

    pub(super) fn holds(&self) -> Path {
        self.prefix.clone().join("holds")
    }

    pub(super) fn trials(&self) -> Path {
        self.prefix.clone().join("trials")
    }

    /// Waits for the turn of a request with a body.
    ///
    /// # Errors
    /// [`BlobError::Busy`] if those before it take for ever.
    pub(super) async fn turn(&self) -> Result<OwnedSemaphorePermit, BlobError> {
        match timeout(PATIENCE, Arc::clone(&self.bodies).acquire_owned()).await {
            Ok(permit) => permit.map_err(|_| BlobError::ShuttingDown),
            Err(_) => Err(BlobError::Busy),
        }
    }

    /// Stores an object, replacing what has its name.
    pub(super) async fn put(
        &self,
        path: &Path,
        payload: impl Into<PutPayload>,
    ) -> Result<PutResult, Error> {
        let mode = PutMode::Overwrite;
        self.backend
            .put_opts(path, payload.into(), mode.into())
            .await
    }

    /// Stores an object that must not be there yet: [`Error::AlreadyExists`].
    pub(super) async fn create(
        &self,
        path: &Path,
        payload: impl Into<PutPayload>,
    ) -> Result<PutResult, Error> {
        let mode = PutMode::Create;
        self.backend
            .put_opts(path, payload.into(), mode.into())
            .await
    }

    pub(super) async fn head(&self, id: BlobId) -> Result<ObjectMeta, Error> {
        self.head_of(&self.blob(id)).await
    }

    /// Whether the blob is there, and how many bytes it has. The backend has a few seconds for the answer.
    pub(super) async fn size(&self, id: BlobId) -> Result<Option<u64>, BlobError> {
        within_patience(async { Ok(self.found(id).await?.map(|meta| meta.size)) }).await
    }

    /// `None` for a blob that is not there, although the place is.
    pub(super) async fn found(&self, id: BlobId) -> Result<Option<ObjectMeta>, Error> {
        let there = found(self.head(id).await)?;
        if there.is_none() {
            self.is_there().await?;
        }
        Ok(there)
    }

    /// Whether the place itself is there: of a bucket that is gone, every object is "not found", and would be damage.
    pub(super) async fn is_there(&self) -> Result<(), Error> {
        self.head_of(&self.note()).await.map(drop)
    }

    pub(super) async fn head_of(&self, path: &Path) -> Result<ObjectMeta, Error> {
        let options = GetOptions::new().with_head(true);
        Ok(self.backend.get_opts(path, options).await?.meta)
    }

    /// A range that is not empty.
    pub(super) async fn get(&self, path: &Path, range: Range<u64>) -> Result<GetResult, Error> {
        let range = Some(GetRange::Bounded(range));
        let options = GetOptions::new().with_range(range);
        self.backend.get_opts(path, options).await
    }

    /// A small object, whole. One that is longer than anything written here is cut off.
    pub(super) async fn small(&self, path: &Path) -> Result<Vec<u8>, Error> {
        let whole = self.backend.get_opts(path, GetOptions::new()).await?;
        let mut pieces = whole.into_stream();
        let mut bytes = Vec::new();
        while let Some(piece) = pieces.try_next().await? {
            let room = usize::try_from(NOTE_BYTES_MAX).unwrap_or(usize::MAX) - bytes.len();
            bytes.extend_from_slice(piece.get(..room).unwrap_or(&piece));
            if bytes.len() as u64 >= NOTE_BYTES_MAX {
                break;
            }
        }
        Ok(bytes)
    }

    /// The objects below a folder, in no order.
    pub(super) fn list(&self, folder: &Path) -> BoxStream<'static, Result<ObjectMeta, Error>> {
        self.backend.list(Some(folder))
    }

    /// Removes objects, in the backend's batches. Those that are not there are no error.
    pub(super) async fn remove(&self, paths: Vec<Path>) -> Result<(), BlobError> {
        remove(&*self.backend, paths).await
    }
}

/// As [`Place::remove`], for what outlives its place.
pub(super) async fn remove(backend: &dyn Backend, paths: Vec<Path>) -> Result<(), BlobError> {
    let paths = futures_util::stream::iter(paths.into_iter().map(Ok)).boxed();
    let mut removed = backend.delete_stream(paths);
    while let Some(removed) = removed.next().await {
        unless_absent(removed.map(drop))?;
    }
    Ok(())
}

/// The name that an object has in this folder itself, if it is a blob's. Others may have put something there, too.
pub(super) fn id_of(meta: &ObjectMeta, folder: &Path) -> Option<BlobId> {
    let mut names = meta.location.prefix_match(folder)?;
    let id = BlobId::parse(names.next()?.as_ref())?;
    names.next().is_none().then_some(id)
}

/// A static payload.
pub(super) fn payload(text: &str) -> PutPayload {
    PutPayload::from_bytes(Bytes::copy_from_slice(text.as_bytes()))
}
