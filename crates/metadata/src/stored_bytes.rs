//! Walking all bytes that rows promise, in the order of the rows: those of objects first, of an object of parts part by
//! part, and then the parts of uploads in progress.

use buckler_s3::{UPLOAD_ID_BYTES, UploadId};
use bytes::Bytes;

use crate::{
    Store, StoreError, StoredChecksum,
    connection::Connection,
    objects,
    record::Record,
    sql::{Sql, statements, values},
};

/// Bytes that a row promises, with what they must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredBytes {
    /// Where the walk stands after this one.
    pub position: BytesPosition,
    /// The bucket's name.
    pub bucket: String,
    /// The key; replacement characters stand for what is not UTF-8.
    pub key: String,
    /// What they are of.
    pub holder: BytesHolder,
    /// How many bytes there must be.
    pub size_bytes: u64,
    /// The checksum they must have, or why the row's cannot be read.
    pub checksum: Result<Option<StoredChecksum>, StoreError>,
    /// Where they are.
    pub body: PromisedBody,
}

/// What bytes are of that a row promises.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum BytesHolder {
    /// A version of an object, or one of its parts: the version's id, `null` where there is no versioning.
    Version(String),
    /// A part of an upload in progress.
    UploadPart(UploadId, i64),
}

/// Where bytes are that a row promises.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PromisedBody {
    /// In the database.
    Inline {
        /// The number of their row.
        body_id: i64,
        /// Their length in bytes; `None` if that row is missing.
        size_bytes: Option<u64>,
        /// They themselves, if asked for.
        bytes: Option<Bytes>,
    },
    /// In the blob of this name.
    Blob(String),
    /// The row says nothing: it is damaged.
    Nowhere,
}

/// A place in the order of the walk. The default is its start.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub struct BytesPosition {
    bucket_id: i64,
    key: Vec<u8>,
    version_order: i64,
    /// 0 for a version that is not made of parts.
    #[serde(default)]
    part_number: i64,
    /// Behind all versions: the upload in progress that `part_number` is of.
    #[serde(default)]
    upload_id: Option<[u8; UPLOAD_ID_BYTES]>,
}

/// Whether the walk carries inline bytes, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum InlineBytes {
    /// Their lengths only.
    Measured,
    /// All of them: a page holds as many bytes as its bodies together.
    Read,
}

/// The columns that [`read`] reads, of versions and their parts.
macro_rules! select_versions {
    ($bytes:literal, $rest:literal) => {
        concat!(
            "SELECT v.bucket_id, v.key, v.version_order, b.name, v.version_id, coalesce(p.size_bytes, v.size_bytes),
                CASE WHEN p.part_number IS NULL THEN v.checksum_algorithm
                    ELSE coalesce(u.checksum_algorithm, 'CRC64NVME') END,
                CASE WHEN p.part_number IS NULL THEN v.checksum_type ELSE 'FULL_OBJECT' END,
                CASE WHEN p.part_number IS NULL THEN v.checksum_value ELSE p.checksum_value END,
                coalesce(p.blob_id, v.blob_id), coalesce(p.body_id, v.body_id),
                CAST(length(i.bytes) AS BIGINT), ", $bytes, ", coalesce(p.part_number, 0)
             FROM versions v JOIN buckets b ON b.id = v.bucket_id
             LEFT JOIN uploads u ON u.number = v.upload_number LEFT JOIN parts p ON p.upload_number = v.upload_number
             LEFT JOIN bodies i ON i.id = coalesce(p.body_id, v.body_id)
             WHERE v.is_delete_marker = 0 AND ", $rest
        )
    };
}

/// The same columns of parts of uploads in progress; the upload's id in the place of the version's.
macro_rules! select_uploads {
    ($bytes:literal, $rest:literal) => {
        concat!(
            "SELECT u.bucket_id, u.key, CAST(0 AS BIGINT), b.name, u.id, p.size_bytes,
                coalesce(u.checksum_algorithm, 'CRC64NVME'), 'FULL_OBJECT', p.checksum_value, p.blob_id, p.body_id,
                CAST(length(i.bytes) AS BIGINT), ", $bytes, ", p.part_number
             FROM uploads u JOIN buckets b ON b.id = u.bucket_id JOIN parts p ON p.upload_number = u.number
             LEFT JOIN bodies i ON i.id = p.body_id
             WHERE u.completed_version IS NULL AND ", $rest
        )
    };
}

statements! {
    REST_MEASURED = select_versions!("CASE WHEN 1 = 0 THEN i.bytes END", "v.bucket_id = $1 AND v.key = $2
        AND (v.version_order < $3 OR (v.version_order = $3 AND p.part_number > $4))
        ORDER BY v.version_order DESC, p.part_number LIMIT $5");
    REST_READ = select_versions!("i.bytes", "v.bucket_id = $1 AND v.key = $2
        AND (v.version_order < $3 OR (v.version_order = $3 AND p.part_number > $4))
        ORDER BY v.version_order DESC, p.part_number LIMIT $5");
    NEXT_MEASURED = select_versions!("CASE WHEN 1 = 0 THEN i.bytes END", "(v.bucket_id, v.key) > ($1, $2)
        ORDER BY v.bucket_id, v.key, v.version_order DESC, p.part_number LIMIT $3");
    NEXT_READ = select_versions!("i.bytes", "(v.bucket_id, v.key) > ($1, $2)
        ORDER BY v.bucket_id, v.key, v.version_order DESC, p.part_number LIMIT $3");
    UPLOAD_REST_MEASURED = select_uploads!("CASE WHEN 1 = 0 THEN i.bytes END", "u.bucket_id = $1 AND u.key = $2
        AND u.id = $3 AND p.part_number > $4 ORDER BY p.part_number LIMIT $5");
    UPLOAD_REST_READ = select_uploads!("i.bytes", "u.bucket_id = $1 AND u.key = $2
        AND u.id = $3 AND p.part_number > $4 ORDER BY p.part_number LIMIT $5");
    UPLOAD_NEXT_MEASURED = select_uploads!("CASE WHEN 1 = 0 THEN i.bytes END", "(u.bucket_id, u.key, u.id) > ($1, $2, $3)
        ORDER BY u.bucket_id, u.key, u.id, p.part_number LIMIT $4");
    UPLOAD_NEXT_READ = select_uploads!("i.bytes", "(u.bucket_id, u.key, u.id) > ($1, $2, $3)
        ORDER BY u.bucket_id, u.key, u.id, p.part_number LIMIT $4");
}

impl Store {
    /// Up to `limit` promises after `position`; none at the end of the walk. What is written behind it meanwhile is not
    /// seen.
    ///
    /// # Errors
    /// If the database fails. A row that cannot be read is not an error but damage, and part of the answer.
    pub async fn stored_bytes(
        &self,
        position: &BytesPosition,
        inline: InlineBytes,
        limit: u32,
    ) -> Result<Vec<StoredBytes>, StoreError> {
        let arguments = (position.clone(), inline, i64::from(limit));
        let read = self
            .engine
            .read(&arguments, |c, (position, inline, limit)| {
                Box::pin(page(c, position, *inline, *limit))
            });
        read.await
    }
}

async fn page(
    connection: &mut Connection,
    position: &BytesPosition,
    inline: InlineBytes,
    limit: i64,
) -> Result<Vec<StoredBytes>, StoreError> {
    let mut found = Vec::new();
    let start = BytesPosition::default();
    let mut uploads_after = &start;
    match position.upload_id {
        None => versions(connection, position, inline, limit, &mut found).await?,
        Some(_) => uploads_after = position,
    }
    uploads(connection, uploads_after, inline, limit, &mut found).await?;
    Ok(found)
}

/// How many of a page are still to be found.
fn left(limit: i64, found: &[StoredBytes]) -> Option<i64> {
    let left = limit.saturating_sub(i64::try_from(found.len()).unwrap_or(limit));
    (left > 0).then_some(left)
}

async fn versions(
    connection: &mut Connection,
    after: &BytesPosition,
    inline: InlineBytes,
    limit: i64,
    found: &mut Vec<StoredBytes>,
) -> Result<(), StoreError> {
    let (rest, next): (Sql, Sql) = match inline {
        InlineBytes::Measured => (REST_MEASURED, NEXT_MEASURED),
        InlineBytes::Read => (REST_READ, NEXT_READ),
    };
    let (bucket, key) = (after.bucket_id, after.key.as_slice());
    // The other versions of the key first: a page may end within it.
    let more = values![bucket, key, after.version_order, after.part_number, limit];
    found.extend(connection.all(rest, more, read_version).await?);
    if let Some(left) = left(limit, found) {
        let more = values![bucket, key, left];
        found.extend(connection.all(next, more, read_version).await?);
    }
    Ok(())
}

async fn uploads(
    connection: &mut Connection,
    after: &BytesPosition,
    inline: InlineBytes,
    limit: i64,
    found: &mut Vec<StoredBytes>,
) -> Result<(), StoreError> {
    let (rest, next): (Sql, Sql) = match inline {
        InlineBytes::Measured => (UPLOAD_REST_MEASURED, UPLOAD_NEXT_MEASURED),
        InlineBytes::Read => (UPLOAD_REST_READ, UPLOAD_NEXT_READ),
    };
    let (bucket, key) = (after.bucket_id, after.key.as_slice());
    let id = after.upload_id.as_ref().map_or(&[][..], |id| &id[..]);
    if let Some(left) = left(limit, found) {
        let more = values![bucket, key, id, after.part_number, left];
        found.extend(connection.all(rest, more, read_upload_part).await?);
    }
    if let Some(left) = left(limit, found) {
        let more = values![bucket, key, id, left];
        found.extend(connection.all(next, more, read_upload_part).await?);
    }
    Ok(())
}

fn read_version(row: &Record<'_>) -> Result<StoredBytes, StoreError> {
    let holder = BytesHolder::Version(row.text(4)?.to_owned());
    read(row, holder, None)
}

fn read_upload_part(row: &Record<'_>) -> Result<StoredBytes, StoreError> {
    let id = row.bytes(4)?.try_into();
    let id = id.map_err(|_| StoreError::Corrupt("an upload id is not one".to_owned()))?;
    let holder = BytesHolder::UploadPart(UploadId::from_bytes(id), row.int(13)?);
    read(row, holder, Some(id))
}

fn read(
    row: &Record<'_>,
    holder: BytesHolder,
    upload_id: Option<[u8; UPLOAD_ID_BYTES]>,
) -> Result<StoredBytes, StoreError> {
    let body = match (row.text_or_null(9)?, row.int_or_null(10)?) {
        (Some(blob), _) => PromisedBody::Blob(blob.to_owned()),
        (None, Some(body_id)) => PromisedBody::Inline {
            body_id,
            size_bytes: row.int_or_null(11)?.map(i64::unsigned_abs),
            bytes: row.bytes_or_null(12)?.map(Bytes::copy_from_slice),
        },
        (None, None) => PromisedBody::Nowhere,
    };
    let key = row.bytes(1)?;
    Ok(StoredBytes {
        position: BytesPosition {
            bucket_id: row.int(0)?,
            key: key.to_vec(),
            version_order: row.int(2)?,
            part_number: row.int(13)?,
            upload_id,
        },
        bucket: row.text(3)?.to_owned(),
        key: String::from_utf8_lossy(key).into_owned(),
        holder,
        size_bytes: row.size(5)?,
        checksum: objects::read_checksum(row, 6),
        body,
    })
}
