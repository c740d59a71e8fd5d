//! The parts of a stored object: which of them hold the bytes that are wanted.

use std::ops::Range;

use buckler_checksum::{Algorithm, Checksum};
use buckler_s3::{ByteRange, PartNumber, ResolvedRange, multipart::ChecksumPlan};
use bytes::Bytes;

use crate::{
    Body, Store, StoreError,
    connection::Connection,
    record::Record,
    sql::{statements, values},
};

/// That an object's bytes are the parts of an upload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PartsRef {
    pub(crate) upload: i64,
    pub(crate) count: u16,
}

impl PartsRef {
    /// How many parts there are: 1 to 10,000.
    pub const fn count(self) -> u16 {
        self.count
    }
}

/// A part of an object. Parts of objects are counted from 1 without gaps, whatever their numbers were in the upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectPart {
    /// Where it begins in the object.
    pub first_byte: u64,
    /// Its size, in bytes.
    pub size_bytes: u64,
    /// The checksum that its bytes have.
    pub stored: Checksum,
    /// The same, to show, if the upload was created with an algorithm.
    pub checksum: Option<Checksum>,
    /// Its bytes, or where they are.
    pub body: Body,
}

/// Which bytes of an object are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Wanted {
    /// All of them.
    #[default]
    Whole,
    /// A range, as the client gave it.
    Range(ByteRange),
    /// Those of a part.
    Part(PartNumber),
}

/// The columns that [`read_part`] reads.
macro_rules! select_parts {
    ($rest:literal) => {
        concat!(
            "SELECT p.first_byte, p.size_bytes, u.checksum_algorithm, p.checksum_value, p.blob_id, b.bytes
             FROM parts p JOIN uploads u ON u.number = p.upload_number LEFT JOIN bodies b ON b.id = p.body_id ",
            $rest
        )
    };
}

statements! {
    BY_PLACE = select_parts!("WHERE p.upload_number = $1 AND p.first_byte < $2 AND p.first_byte >=
            (SELECT max(q.first_byte) FROM parts q WHERE q.upload_number = $1 AND q.first_byte <= $3)
        ORDER BY p.first_byte, p.part_number");
    PAGE = select_parts!("WHERE p.upload_number = $1 AND p.first_byte IS NOT NULL
        ORDER BY p.part_number LIMIT $2 OFFSET $3");
}

impl Store {
    /// Parts of an object from the one after `after` on, `limit` at most; none if the object is gone.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn object_parts(
        &self,
        parts: PartsRef,
        after: u32,
        limit: u32,
    ) -> Result<Vec<ObjectPart>, StoreError> {
        let arguments = (parts, after, limit);
        let read = self.engine.read(&arguments, |c, (parts, after, limit)| {
            Box::pin(page(c, *parts, *after, *limit))
        });
        read.await
    }
}

async fn page(
    connection: &mut Connection,
    parts: PartsRef,
    after: u32,
    limit: u32,
) -> Result<Vec<ObjectPart>, StoreError> {
    let values = values![parts.upload, i64::from(limit), i64::from(after)];
    connection.all(PAGE, values, read_part).await
}

/// The parts that hold what is wanted of an object of `size_bytes`, in order; none where there is nothing to read.
/// `None` if the object was replaced since it was found.
pub(crate) async fn wanted(
    connection: &mut Connection,
    parts: PartsRef,
    size_bytes: u64,
    wanted: Wanted,
) -> Result<Option<Vec<ObjectPart>>, StoreError> {
    match wanted {
        Wanted::Whole => range(connection, parts, 0..size_bytes).await,
        Wanted::Range(asked) => match asked.resolve(size_bytes) {
            ResolvedRange::Whole => range(connection, parts, 0..size_bytes).await,
            ResolvedRange::Part { first, last } => range(connection, parts, first..last + 1).await,
            ResolvedRange::Unsatisfiable => Ok(Some(Vec::new())),
        },
        Wanted::Part(number) if number.get() > parts.count => Ok(Some(Vec::new())),
        Wanted::Part(number) => {
            let found = page(connection, parts, u32::from(number.get()) - 1, 1).await?;
            Ok(Some(found).filter(|found| !found.is_empty()))
        }
    }
}

async fn range(
    connection: &mut Connection,
    parts: PartsRef,
    range: Range<u64>,
) -> Result<Option<Vec<ObjectPart>>, StoreError> {
    if range.is_empty() {
        return Ok(Some(Vec::new()));
    }
    let offset = |at: u64| i64::try_from(at).unwrap_or(i64::MAX);
    let values = values![parts.upload, offset(range.end), offset(range.start)];
    let found = connection.all(BY_PLACE, values, read_part).await?;
    Ok(Some(found).filter(|found| covers(found, &range)))
}

/// Whether parts hold a range without a gap.
fn covers(parts: &[ObjectPart], range: &Range<u64>) -> bool {
    let begins = parts
        .first()
        .is_some_and(|part| part.first_byte <= range.start);
    let ends = parts
        .last()
        .is_some_and(|part| part.first_byte + part.size_bytes >= range.end);
    let joined = parts
        .iter()
        .zip(parts.iter().skip(1))
        .all(|(part, next)| part.first_byte + part.size_bytes == next.first_byte);
    begins && ends && joined
}

fn read_part(row: &Record<'_>) -> Result<ObjectPart, StoreError> {
    let asked = match row.text_or_null(2)? {
        Some(_) => Some(row.parsed(2, Algorithm::from_name)?),
        None => None,
    };
    let algorithm = asked.unwrap_or(ChecksumPlan::Default.algorithm());
    let stored = row.parsed(3, |text| Checksum::from_base64(algorithm, text).ok())?;
    let body = match (row.text_or_null(4)?, row.bytes_or_null(5)?) {
        (Some(blob), _) => Body::Blob(blob.to_owned()),
        (None, Some(bytes)) => Body::Inline(Bytes::copy_from_slice(bytes)),
        (None, None) => return Err(StoreError::Corrupt("a part has no bytes".to_owned())),
    };
    Ok(ObjectPart {
        first_byte: row.size(0)?,
        size_bytes: row.size(1)?,
        stored,
        checksum: asked.map(|_| stored),
        body,
    })
}
