//! The bytes of a copy: read from where they are, hashed, and made durable again.

use buckler_blobs::{BlobId, LocalBlobs};
use buckler_checksum::Algorithm;
use buckler_metadata::Body;
use buckler_s3::S3Error;
use futures_util::StreamExt as _;

use crate::error::{blob_error, internal};
use crate::pipeline::digests::Digests;
use crate::pipeline::upload::{Staged, StagedBody, store_stream};

/// Stages a stored body as the body of a new object.
///
/// # Errors
///
/// Those of the disk.
pub(crate) async fn restage(
    blobs: &LocalBlobs,
    body: Body,
    size_bytes: u64,
    algorithm: Algorithm,
) -> Result<Staged, S3Error> {
    let mut digests = Digests::of_copy(algorithm);
    match body {
        Body::Inline(bytes) => {
            digests.update(&bytes);
            Staged::new(StagedBody::Inline(bytes), size_bytes, digests.finish())
        }
        Body::Blob(id) => {
            let id = BlobId::parse(&id).ok_or_else(|| internal("a row names no blob", &id))?;
            let reader = blobs.read(id, 0..size_bytes).await.map_err(blob_error)?;
            let pieces = reader.map(|piece| piece.map_err(blob_error));
            let (writer, digested) = store_stream(blobs, digests, pieces).await?;
            let blob = writer.finish().await.map_err(blob_error)?;
            Staged::new(StagedBody::Blob(blob), size_bytes, digested)
        }
    }
}
