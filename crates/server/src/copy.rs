//! The bytes of a copy: read from where they are, hashed, and made durable again.

use buckler_blobs::{BlobId, LocalBlobs};
use buckler_checksum::{Algorithm, Checksum};
use buckler_metadata::Body;
use buckler_s3::S3Error;
use futures_util::StreamExt as _;

use crate::error::{blob_error, internal};
use crate::pipeline::digests::Digests;
use crate::pipeline::upload::{Staged, StagedBody, store_stream};
use crate::verified::verify;

/// Stages a stored body as the body of a new object. Its bytes are compared with the `stored` checksum first, so that no
/// damage gets a checksum of its own.
///
/// # Errors
///
/// Those of the disk; `InternalError` if the bytes are not those that were stored.
pub(crate) async fn restage(
    blobs: &LocalBlobs,
    body: Body,
    size_bytes: u64,
    stored: Option<Checksum>,
    algorithm: Algorithm,
) -> Result<Staged, S3Error> {
    let mut digests = Digests::of_copy(algorithm);
    match body {
        Body::Inline(bytes) => {
            if let Some(stored) = stored {
                verify(&bytes, stored)?;
            }
            digests.update(&bytes);
            Staged::new(StagedBody::Inline(bytes), size_bytes, digests.finish())
        }
        Body::Blob(id) => {
            let id = BlobId::parse(&id).ok_or_else(|| internal("a row names no blob", &id))?;
            let reader = match stored {
                Some(stored) => blobs.read_verified(id, size_bytes, stored).await,
                None => blobs.read(id, 0..size_bytes).await,
            };
            let reader = reader.map_err(blob_error)?;
            let pieces = reader.map(|piece| piece.map_err(blob_error));
            let (writer, digested) = store_stream(blobs, digests, pieces).await?;
            let blob = writer.finish().await.map_err(blob_error)?;
            Staged::new(StagedBody::Blob(blob), size_bytes, digested)
        }
    }
}
