//! Bodies that are objects: streamed to where they are kept, hashed on the way.

use std::pin::pin;

use buckler_blobs::{BlobWriter, Blobs, DurableBlob, write_batch_bytes};
use buckler_checksum::{Algorithm, Checksum};
use buckler_s3::integrity::Integrity;
use buckler_s3::{ErrorCode, S3Error};
use buckler_sigv4::{Payload, Trailers};
use bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt as _, TryStreamExt as _};
use tokio::sync::mpsc;

use super::digests::{Digested, Digests};
use super::form_file::FormFile;
use super::hashing::{Batch, hash_batches};
use super::payload::{PayloadReader, UnreadPayload};
use crate::error::blob_error;

/// Largest object that lives beside its row, in bytes. Above it, a file of its own costs less
/// than the row's second write in the log (facts: limits.md, "Small durable PUT").
pub(crate) const INLINE_BYTES_MAX: u64 = 64 * 1024;
/// Where the bytes of an object are, durable or on their way into the row.
#[derive(Debug)]
pub(crate) enum StagedBody {
    /// In memory, to be stored in the row itself.
    Inline(Bytes),
    /// In a file that has been synced.
    Blob(DurableBlob),
}

/// A body that came whole, is what the request claimed, and is not visible yet.
#[derive(Debug)]
pub(crate) struct Staged {
    pub(crate) body: StagedBody,
    pub(crate) size_bytes: u64,
    pub(crate) md5: [u8; 16],
    pub(crate) checksum: Checksum,
}

/// A part that came whole. Its checksum is of the upload's algorithm.
#[derive(Debug)]
pub(crate) struct StagedPart {
    pub(crate) part: Staged,
    /// The checksum that the request had, verified.
    pub(crate) claimed: Option<Checksum>,
}

impl Staged {
    /// A body with its digests.
    ///
    /// # Errors
    ///
    /// `InternalError` if a digest of every object was not computed: a broken invariant.
    pub(crate) fn new(
        body: StagedBody,
        size_bytes: u64,
        digested: Digested,
    ) -> Result<Self, S3Error> {
        match (digested.md5, digested.checksum) {
            (Some(md5), Some(checksum)) => Ok(Self {
                body,
                size_bytes,
                md5,
                checksum,
            }),
            _ => Err(S3Error::new(ErrorCode::InternalError)),
        }
    }
}

impl UnreadPayload<'_> {
    /// Reads an object's body, verifies it, and makes it durable. A body that is refused leaves
    /// nothing behind.
    ///
    /// # Errors
    ///
    /// `MissingContentLength`, `EntityTooLarge`; those of [`PayloadReader`] and of
    /// [`Digested::verify`]; `SlowDown` or `InternalError` if the disk fails.
    pub(crate) async fn stage(
        &mut self,
        blobs: &Blobs,
        integrity: &Integrity,
    ) -> Result<Staged, S3Error> {
        let digests = Digests::of_object(self.payload(), integrity);
        let (body, size_bytes, digested) = self.store(blobs, integrity, digests).await?;
        Staged::new(body, size_bytes, digested)
    }

    /// As [`UnreadPayload::stage`], for a part of an upload with checksums of this algorithm.
    ///
    /// # Errors
    ///
    /// The same.
    pub(crate) async fn stage_part(
        &mut self,
        blobs: &Blobs,
        integrity: &Integrity,
        algorithm: Algorithm,
    ) -> Result<StagedPart, S3Error> {
        let digests = Digests::of_part(self.payload(), integrity, algorithm);
        let (body, size_bytes, digested) = self.store(blobs, integrity, digests).await?;
        let mut part = Staged::new(body, size_bytes, digested)?;
        let claimed = integrity.algorithm().map(|_| part.checksum);
        if let Some(of_upload) = digested.of_upload {
            part.checksum = of_upload;
        }
        Ok(StagedPart { part, claimed })
    }

    async fn store(
        &mut self,
        blobs: &Blobs,
        integrity: &Integrity,
        digests: Digests,
    ) -> Result<(StagedBody, u64, Digested), S3Error> {
        let payload = self.payload();
        if let Some(file) = self.form_file() {
            return store_form_file(file, blobs, integrity, digests).await;
        }
        let size_bytes = self.declared_bytes()?;
        let mut reader = self.open()?;
        if size_bytes <= INLINE_BYTES_MAX {
            let (bytes, digested) = read_inline(&mut reader, digests).await?;
            digested.verify(payload, integrity, &reader.finish()?)?;
            return Ok((StagedBody::Inline(bytes), size_bytes, digested));
        }
        let pieces = reader.as_stream();
        let (writer, digested) = store_stream(blobs, digests, pieces).await?;
        digested.verify(payload, integrity, &reader.finish()?)?;
        let blob = writer.finish().await.map_err(blob_error)?;
        Ok((StagedBody::Blob(blob), size_bytes, digested))
    }
}

/// The same for the file of a form, whose length shows only at its end.
async fn store_form_file(
    file: &mut FormFile,
    blobs: &Blobs,
    integrity: &Integrity,
    mut digests: Digests,
) -> Result<(StagedBody, u64, Digested), S3Error> {
    let no_trailers = Trailers::default();
    let mut start = BytesMut::new();
    while start.len() as u64 <= INLINE_BYTES_MAX {
        let Some(piece) = file.next().await? else {
            digests.update(&start);
            let digested = digests.finish();
            digested.verify(Payload::Unsigned, integrity, &no_trailers)?;
            let size_bytes = start.len() as u64;
            return Ok((StagedBody::Inline(start.freeze()), size_bytes, digested));
        };
        start.extend_from_slice(&piece);
    }
    let start = futures_util::stream::once(async { Ok(start.freeze()) });
    let pieces = start.chain(file.as_stream());
    let (writer, digested) = store_stream(blobs, digests, pieces).await?;
    digested.verify(Payload::Unsigned, integrity, &no_trailers)?;
    let blob = writer.finish().await.map_err(blob_error)?;
    Ok((StagedBody::Blob(blob), file.bytes_read(), digested))
}

/// Reads a small body into memory. The reader lets no more through than was declared.
async fn read_inline(
    reader: &mut PayloadReader<'_>,
    mut digests: Digests,
) -> Result<(Bytes, Digested), S3Error> {
    let Some(first) = reader.next().await? else {
        return Ok((Bytes::new(), digests.finish()));
    };
    digests.update(&first);
    let Some(second) = reader.next().await? else {
        return Ok((first, digests.finish()));
    };
    let mut whole = BytesMut::from(first);
    let mut next = Some(second);
    while let Some(piece) = next {
        digests.update(&piece);
        whole.extend_from_slice(&piece);
        next = reader.next().await?;
    }
    Ok((whole.freeze(), digests.finish()))
}

/// Streams a large body into a file that is not yet durable. While one batch is hashed on one
/// thread and another is written on a second, the next is read; at most four batches are in memory.
///
/// # Errors
///
/// Those of the stream and of the disk.
pub(crate) async fn store_stream(
    blobs: &Blobs,
    digests: Digests,
    pieces: impl Stream<Item = Result<Bytes, S3Error>>,
) -> Result<(BlobWriter, Digested), S3Error> {
    let writer = blobs.writer().map_err(blob_error)?;
    let (to_hash, hashed) = mpsc::channel(1);
    let (written, digested) = tokio::join!(
        write_pieces(pieces, writer, to_hash),
        hash_batches(hashed, digests)
    );
    Ok((written?, digested?))
}

/// Hands what is read to the disk, and in batches to the thread that hashes.
async fn write_pieces(
    pieces: impl Stream<Item = Result<Bytes, S3Error>>,
    mut writer: BlobWriter,
    to_hash: mpsc::Sender<Batch>,
) -> Result<BlobWriter, S3Error> {
    let mut pieces = pin!(pieces);
    let mut batch = Batch::new();
    let mut batch_bytes = 0;
    while let Some(piece) = pieces.try_next().await? {
        batch_bytes += piece.len();
        batch.push(piece.clone());
        if batch_bytes >= write_batch_bytes(writer.size_bytes()) {
            batch_bytes = 0;
            send(&to_hash, std::mem::take(&mut batch)).await?;
        }
        writer.write(piece).await.map_err(blob_error)?;
    }
    send(&to_hash, batch).await?;
    // PERF: hashing takes longer than writing, and the disk syncs meanwhile.
    writer.end().await.map_err(blob_error)?;
    Ok(writer)
}

async fn send(to_hash: &mpsc::Sender<Batch>, batch: Batch) -> Result<(), S3Error> {
    // INVARIANT: the receiver is gone only after its own error, which is this one.
    let sent = to_hash.send(batch).await;
    sent.map_err(|_| S3Error::new(ErrorCode::InternalError))
}
