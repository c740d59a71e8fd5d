//! Everything that is bytes: streamed, durable before they are named.
//!
//! This room knows files and folders. It must never know buckets, keys, callers or HTTP.
//!
//! A body is written through a [`BlobWriter`] and becomes a [`DurableBlob`] only after its bytes, its name and the
//! folders above it have been synced: a metadata row may name a blob only with that value in hand.
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

mod adopt;
mod durable;
mod error;
mod folders;
mod health;
mod hold;
mod id;
mod layer;
mod local;
mod open;
mod reader;
mod sole;
mod sweep;
mod unfinished;
mod writer;

pub use durable::DurableBlob;
pub use error::BlobError;
pub use hold::RemovalHold;
pub use id::BlobId;
pub use layer::{Entry, Faults, FaultyFiles, FileLayer, LayerFile, Step, SystemFiles};
pub use local::{LocalBlobs, Tenancy};
pub use reader::{BlobReader, READ_BYTES};
pub use sole::SoleTenant;
pub use sweep::{BlobIds, FoundBlob};
pub use unfinished::Unfinished;
pub use writer::{BlobWriter, WRITE_BATCH_BYTES};
