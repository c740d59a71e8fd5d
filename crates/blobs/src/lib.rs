//! Everything that is bytes: streamed, durable before they are named.
//!
//! This room knows files, folders and the objects of a remote store. It must never know buckets, keys, callers or HTTP.
//!
//! A body is written through a [`BlobWriter`] and becomes a [`DurableBlob`] only after its bytes, its name and the
//! folders above it have been synced, or the remote store has acknowledged it: a metadata row may name a blob only with
//! that value in hand.
//!
//! ```
//! # tokio::runtime::Builder::new_multi_thread().build().unwrap().block_on(async {
//! # let folder = tempfile::tempdir().unwrap();
//! let blobs = buckler_blobs::LocalBlobs::open(folder.path(), "store").await?;
//! let mut writer = blobs.writer()?;
//! writer.write(bytes::Bytes::from_static(b"hello")).await?;
//! let blob = writer.finish().await?;
//! assert_eq!(blob.size_bytes(), 5);
//! # Ok::<(), buckler_blobs::BlobError>(()) }).unwrap();
//! ```

mod blobs;
mod durable;
mod error;
mod hold;
mod id;
mod local;
mod location;
mod reader;
mod remote;
mod sweep;
mod verification;
mod writer;

pub use blobs::Blobs;
pub use durable::DurableBlob;
pub use error::BlobError;
pub use hold::RemovalHold;
pub use id::BlobId;
pub use local::{
    Entry, Faults, FaultyFiles, FileLayer, LayerFile, LocalBlobs, LocalIds, LocalReader,
    LocalWriter, SoleTenant, Step, SystemFiles, Tenancy, Unfinished,
};
pub use location::BlobLocation;
pub use reader::{BlobReader, READ_BYTES};
pub use remote::{
    Backend, LocationError, PART_BYTES, Promise, RemoteBlobs, RemoteFailure, RemoteIds,
    RemoteLocation, RemoteOptions, RemoteReader, RemoteWriter, Verdict,
};
pub use sweep::{BlobIds, FoundBlob};
pub use writer::{BlobWriter, WRITE_BATCH_BYTES, write_batch_bytes};
