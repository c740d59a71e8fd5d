//! The bytes of stored objects, wherever they are: in the row, in a blob, in the parts of an upload.

use std::ops::Range;

use buckler_blobs::{BlobError, BlobId, BlobReader, Blobs};
use buckler_checksum::Checksum;
use buckler_metadata::{Body, ObjectPart, ObjectRow, StoredObject};
use buckler_s3::S3Error;
use bytes::Bytes;
use futures_util::future::Either;
use futures_util::stream::{self, BoxStream, StreamExt as _, TryStreamExt as _};

use crate::error::{blob_error, internal};
use crate::verified::{Compare, verify, whole_checksum};

/// Where the bytes of an object are, as far as they are wanted.
#[derive(Debug)]
pub(crate) enum StoredBytes {
    /// Here: all of them.
    Inline(Bytes),
    /// All of them are in this blob.
    Blob(String),
    /// Those that are wanted are in these parts, which follow each other.
    Parts(Vec<ObjectPart>),
}

/// Bytes that can be had: at once, or piece by piece.
pub(crate) enum OpenBytes {
    /// All of them.
    Whole(Bytes),
    /// Pieces, which hold exactly as many bytes as were asked for or end with an error.
    Pieces(BoxStream<'static, Result<Bytes, BlobError>>),
}

impl StoredBytes {
    /// Takes the bytes from the row.
    pub(crate) fn of(stored: StoredObject) -> (ObjectRow, Option<Self>) {
        let bytes = stored.body.map(|body| match body {
            Body::Inline(bytes) => Self::Inline(bytes),
            Body::Blob(id) => Self::Blob(id),
            Body::Parts(_) => Self::Parts(stored.parts),
        });
        (stored.object, bytes)
    }

    /// Whether reading them can be cut off by their removal: they lie in several places, or in one where what is being
    /// read does not stay.
    pub(crate) fn can_be_cut_off(&self, blobs: &Blobs) -> bool {
        match self {
            Self::Inline(_) => false,
            Self::Blob(_) => !blobs.open_ones_stay(),
            Self::Parts(parts) => parts.len() > 1 || !blobs.open_ones_stay(),
        }
    }

    /// Opens a range of the bytes of `object`. What is read whole, the object or a part of it, is compared with its
    /// checksum.
    ///
    /// # Errors
    ///
    /// `InternalError` if bytes are missing or damaged; those of the disk.
    pub(crate) async fn open(
        self,
        blobs: &Blobs,
        object: &ObjectRow,
        range: Range<u64>,
        compare: Compare,
    ) -> Result<OpenBytes, S3Error> {
        let checksum = whole_checksum(object)
            .filter(|_| range == (0..object.size_bytes))
            .and_then(|checksum| compare.with(checksum));
        match self {
            Self::Inline(bytes) => {
                if let Some(checksum) = checksum {
                    verify(&bytes, checksum)?;
                }
                slice(&bytes, &range).map(OpenBytes::Whole)
            }
            Self::Blob(id) => {
                let id = BlobId::parse(&id).ok_or_else(|| internal("a row names no blob", &id))?;
                let reader = read_blob(blobs, id, range, checksum).await;
                Ok(OpenBytes::Pieces(reader.map_err(blob_error)?.boxed()))
            }
            Self::Parts(parts) => open_parts(blobs, parts, range, compare).await,
        }
    }
}

impl OpenBytes {
    /// The bytes as a stream.
    pub(crate) fn into_pieces(self) -> BoxStream<'static, Result<Bytes, BlobError>> {
        match self {
            Self::Whole(bytes) => stream::once(async { Ok(bytes) }).boxed(),
            Self::Pieces(pieces) => pieces,
        }
    }
}

/// The parts one after the other; one of them is open at a time.
async fn open_parts(
    blobs: &Blobs,
    parts: Vec<ObjectPart>,
    range: Range<u64>,
    compare: Compare,
) -> Result<OpenBytes, S3Error> {
    let mut rest = parts
        .into_iter()
        .filter_map(move |part| within(&part, &range).map(|wanted| (part, wanted)));
    let Some((part, wanted)) = rest.next() else {
        return Ok(OpenBytes::Whole(Bytes::new()));
    };
    let first = open_part(blobs, part, wanted, compare).await;
    let first = first.map_err(blob_error)?;
    let blobs = blobs.clone();
    let rest = stream::iter(rest).then(move |(part, wanted)| {
        let blobs = blobs.clone();
        async move { open_part(&blobs, part, wanted, compare).await }
    });
    let pieces = stream::once(async { Ok(first) }).chain(rest).try_flatten();
    Ok(OpenBytes::Pieces(pieces.boxed()))
}

/// The bytes of a part that lie in the range, counted from the part's beginning.
fn within(part: &ObjectPart, range: &Range<u64>) -> Option<Range<u64>> {
    let end = part.first_byte.saturating_add(part.size_bytes);
    let wanted = range.start.max(part.first_byte)..range.end.min(end);
    (!wanted.is_empty()).then(|| wanted.start - part.first_byte..wanted.end - part.first_byte)
}

type Piece = Result<Bytes, BlobError>;

async fn open_part(
    blobs: &Blobs,
    part: ObjectPart,
    wanted: Range<u64>,
    compare: Compare,
) -> Result<Either<stream::Once<std::future::Ready<Piece>>, BlobReader>, BlobError> {
    let damaged = || BlobError::Io(std::io::Error::other("a part is not what its row says"));
    let checksum = compare
        .with(part.stored)
        .filter(|_| wanted == (0..part.size_bytes));
    match part.body {
        Body::Inline(bytes) => {
            if let Some(checksum) = checksum {
                verify(&bytes, checksum).map_err(|_| damaged())?;
            }
            let bytes = slice(&bytes, &wanted).map_err(|_| damaged())?;
            Ok(Either::Left(stream::once(std::future::ready(Ok(bytes)))))
        }
        Body::Blob(id) => {
            let id = BlobId::parse(&id).ok_or_else(damaged)?;
            read_blob(blobs, id, wanted, checksum)
                .await
                .map(Either::Right)
        }
        Body::Parts(_) => Err(damaged()),
    }
}

/// With a checksum, `range` is all of the blob.
async fn read_blob(
    blobs: &Blobs,
    id: BlobId,
    range: Range<u64>,
    checksum: Option<Checksum>,
) -> Result<BlobReader, BlobError> {
    match checksum {
        Some(checksum) => blobs.read_verified(id, range.end, checksum).await,
        None => blobs.read(id, range).await,
    }
}

fn slice(bytes: &Bytes, range: &Range<u64>) -> Result<Bytes, S3Error> {
    let index = |at: u64| usize::try_from(at).ok().filter(|at| *at <= bytes.len());
    match (index(range.start), index(range.end)) {
        (Some(first), Some(end)) if first <= end => Ok(bytes.slice(first..end)),
        _ => Err(internal(
            "a stored body is shorter than its row says",
            &bytes.len(),
        )),
    }
}
