//! The bytes of a copy: read from where they are, hashed, and made durable again.

use std::ops::Range;

use buckler_blobs::Blobs;
use buckler_checksum::Algorithm;
use buckler_metadata::ObjectRow;
use buckler_s3::S3Error;
use bytes::BytesMut;
use futures_util::{StreamExt as _, TryStreamExt as _};

use crate::error::blob_error;
use crate::pipeline::digests::Digests;
use crate::pipeline::upload::{INLINE_BYTES_MAX, Staged, StagedBody, store_stream};
use crate::stored_bytes::{OpenBytes, StoredBytes};
use crate::verified::Compare;

/// Stages a range of a stored object as the body of a new object or part. What is read whole is compared with its
/// checksum first, so that no damage gets a checksum of its own.
///
/// # Errors
///
/// Those of the disk; `InternalError` if the bytes are not those that were stored.
pub(crate) async fn restage(
    blobs: &Blobs,
    (object, source): (&ObjectRow, StoredBytes),
    range: Range<u64>,
    algorithm: Algorithm,
) -> Result<Staged, S3Error> {
    let size_bytes = range.end - range.start;
    let mut digests = Digests::of_copy(algorithm);
    let open = source.open(blobs, object, range, Compare::Always).await?;
    if size_bytes > INLINE_BYTES_MAX {
        let pieces = open.into_pieces().map_err(blob_error);
        let (writer, digested) = store_stream(blobs, digests, pieces).await?;
        let blob = writer.finish().await.map_err(blob_error)?;
        return Staged::new(StagedBody::Blob(blob), size_bytes, digested);
    }
    let bytes = match open {
        OpenBytes::Whole(bytes) => bytes,
        OpenBytes::Pieces(mut pieces) => {
            let mut bytes = BytesMut::new();
            while let Some(piece) = pieces.next().await {
                bytes.extend_from_slice(&piece.map_err(blob_error)?);
            }
            bytes.freeze()
        }
    };
    digests.update(&bytes);
    Staged::new(StagedBody::Inline(bytes), size_bytes, digests.finish())
}
