//! Walking all bytes that objects promise, in the order of their rows: those of an object of parts, part by part. Parts of
//! uploads in progress are not walked.

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
    /// The version's id; `null` where there is no versioning.
    pub version_id: String,
    /// How many bytes there must be.
    pub size_bytes: u64,
    /// The checksum they must have, or why the row's cannot be read.
    pub checksum: Result<Option<StoredChecksum>, StoreError>,
    /// Where they are.
    pub body: PromisedBody,
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
}

/// Whether the walk carries inline bytes, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum InlineBytes {
    /// Their lengths only.
    Measured,
    /// All of them: a page holds as many bytes as its bodies together.
    Read,
}

/// The columns that [`read`] reads.
macro_rules! select_bytes {
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

statements! {
    REST_MEASURED = select_bytes!("CASE WHEN 1 = 0 THEN i.bytes END", "v.bucket_id = $1 AND v.key = $2
        AND (v.version_order < $3 OR (v.version_order = $3 AND p.part_number > $4))
        ORDER BY v.version_order DESC, p.part_number LIMIT $5");
    REST_READ = select_bytes!("i.bytes", "v.bucket_id = $1 AND v.key = $2
        AND (v.version_order < $3 OR (v.version_order = $3 AND p.part_number > $4))
        ORDER BY v.version_order DESC, p.part_number LIMIT $5");
    NEXT_MEASURED = select_bytes!("CASE WHEN 1 = 0 THEN i.bytes END", "(v.bucket_id, v.key) > ($1, $2)
        ORDER BY v.bucket_id, v.key, v.version_order DESC, p.part_number LIMIT $3");
    NEXT_READ = select_bytes!("i.bytes", "(v.bucket_id, v.key) > ($1, $2)
        ORDER BY v.bucket_id, v.key, v.version_order DESC, p.part_number LIMIT $3");
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
    let (rest, next): (Sql, Sql) = match inline {
        InlineBytes::Measured => (REST_MEASURED, NEXT_MEASURED),
        InlineBytes::Read => (REST_READ, NEXT_READ),
    };
    let (bucket, key) = (position.bucket_id, position.key.as_slice());
    // The other versions of the key first: a page may end within it.
    let more = values![
        bucket,
        key,
        position.version_order,
        position.part_number,
        limit
    ];
    let mut found = connection.all(rest, more, read).await?;
    let left = limit.saturating_sub(i64::try_from(found.len()).unwrap_or(limit));
    if left > 0 {
        let after = values![bucket, key, left];
        found.extend(connection.all(next, after, read).await?);
    }
    Ok(found)
}

fn read(row: &Record<'_>) -> Result<StoredBytes, StoreError> {
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
        },
        bucket: row.text(3)?.to_owned(),
        key: String::from_utf8_lossy(key).into_owned(),
        version_id: row.text(4)?.to_owned(),
        size_bytes: row.size(5)?,
        checksum: objects::read_checksum(row, 6),
        body,
    })
}
