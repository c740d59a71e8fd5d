//! Versions of objects: finding and reading one.

use std::sync::Arc;

use buckler_checksum::{Algorithm, Checksum, ChecksumType, CompositeChecksum};
use buckler_policy::{AccountId, Acl, CanonicalId};
use buckler_s3::{
    ETag, ObjectChecksum, ObjectKey, StorageClass, StoredHeaders, TagSet, UserMetadata, VersionId,
    VersionSelector,
};
use bytes::Bytes;
use time::OffsetDateTime;

use crate::{
    ObjectPart, PartsRef, Store, StoreError, Wanted,
    acls::read_acl,
    connection::Connection,
    documents,
    hot_objects::{Hot, Ticket},
    object_parts,
    owners::{read_canonical_id, read_owner},
    record::Record,
    sql::{Sql, Value, statements, values},
    versions::is_null_version,
};

/// A version of an object, or a delete marker, without its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectRow {
    /// The version's id; `null` where there is no versioning.
    pub version_id: VersionId,
    /// A delete marker has no bytes, no tags and an empty entity tag's stand-in; only id, owner and time count.
    pub is_delete_marker: bool,
    /// The account that owns the object; `None` if it was written without a signature.
    pub owner: Option<AccountId>,
    /// The owner's canonical user id.
    pub owner_canonical_id: CanonicalId,
    /// When it was written: `Last-Modified`.
    pub created_at: OffsetDateTime,
    /// Length of the body.
    pub size_bytes: u64,
    /// The entity tag.
    pub etag: ETag,
    /// The checksum kept with it.
    pub checksum: Option<StoredChecksum>,
    /// System metadata, the storage class among it.
    pub headers: StoredHeaders,
    /// User metadata.
    pub user_metadata: UserMetadata,
    /// Tags.
    pub tags: TagSet,
    /// The ACL.
    pub acl: Acl,
    /// Its parts, if it was uploaded in parts.
    pub parts: Option<PartsRef>,
}

/// The checksum of a stored object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoredChecksum {
    /// Over all bytes.
    FullObject(Checksum),
    /// Over the checksums of parts.
    Composite(CompositeChecksum),
}

impl StoredChecksum {
    /// Its algorithm.
    pub const fn algorithm(&self) -> Algorithm {
        match self {
            Self::FullObject(checksum) => checksum.algorithm(),
            Self::Composite(composite) => composite.checksum().algorithm(),
        }
    }

    /// Its type.
    pub const fn checksum_type(&self) -> ChecksumType {
        match self {
            Self::FullObject(_) => ChecksumType::FullObject,
            Self::Composite(_) => ChecksumType::Composite,
        }
    }

    /// Its value as headers show it: `base64`, or `base64-N` of a composite one.
    pub fn value(&self) -> String {
        match self {
            Self::FullObject(checksum) => checksum.to_base64(),
            Self::Composite(composite) => composite.to_string(),
        }
    }
}

impl From<ObjectChecksum> for StoredChecksum {
    /// INVARIANT: no object has the checksum of one of its parts.
    fn from(checksum: ObjectChecksum) -> Self {
        match checksum {
            ObjectChecksum::FullObject(checksum) | ObjectChecksum::Part(checksum, _) => {
                Self::FullObject(checksum)
            }
            ObjectChecksum::Composite(composite) => Self::Composite(composite),
        }
    }
}

impl From<&StoredChecksum> for ObjectChecksum {
    fn from(checksum: &StoredChecksum) -> Self {
        match checksum {
            StoredChecksum::FullObject(checksum) => Self::FullObject(*checksum),
            StoredChecksum::Composite(composite) => Self::Composite(*composite),
        }
    }
}

/// Where the bytes of a version are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// Here.
    Inline(Bytes),
    /// In the blob of this name.
    Blob(String),
    /// They are the parts of an upload, each of which is one of the other two.
    Parts(PartsRef),
}

/// A version with its bytes, or where they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredObject {
    /// The version.
    pub object: ObjectRow,
    /// Its bytes; `None` for a delete marker.
    pub body: Option<Body>,
    /// Of an object of parts, those that hold the wanted bytes, in order.
    pub parts: Vec<ObjectPart>,
}

/// The columns that [`read_object`] reads, then `$more`.
macro_rules! select_version {
    ($more:literal, $rest:literal) => {
        concat!(
            "SELECT v.version_id, v.is_delete_marker, v.owner_id, a.canonical_id, v.created_at, v.size_bytes, v.etag,
                v.checksum_algorithm, v.checksum_type, v.checksum_value, v.storage_class,
                v.stored_headers, v.user_metadata, v.tags, v.upload_number, v.part_count, v.acl", $more, "
             FROM versions v LEFT JOIN accounts a ON a.id = v.owner_id ", $rest
        )
    };
}

statements! {
    HEAD_LATEST = select_version!("", "WHERE v.bucket_id = $1 AND v.key = $2
        ORDER BY v.version_order DESC LIMIT 1");
    HEAD_NULL = concat!(select_version!("", "WHERE v.bucket_id = $1 AND v.key = $2 AND "), is_null_version!());
    // The last condition is that of the index.
    HEAD_NUMBERED = select_version!("", "WHERE v.bucket_id = $1 AND v.key = $2
        AND v.version_id = $3 AND v.version_id <> 'null'");
    GET_LATEST = select_version!(", v.blob_id, b.bytes", "LEFT JOIN bodies b ON b.id = v.body_id
        WHERE v.bucket_id = $1 AND v.key = $2 ORDER BY v.version_order DESC LIMIT 1");
    GET_NULL = concat!(select_version!(", v.blob_id, b.bytes", "LEFT JOIN bodies b ON b.id = v.body_id
        WHERE v.bucket_id = $1 AND v.key = $2 AND "), is_null_version!());
    GET_NUMBERED = select_version!(", v.blob_id, b.bytes", "LEFT JOIN bodies b ON b.id = v.body_id
        WHERE v.bucket_id = $1 AND v.key = $2 AND v.version_id = $3 AND v.version_id <> 'null'");
}

/// The statements that find the current version, the null version, and another by its id.
#[derive(Clone, Copy)]
struct Find {
    latest: Sql,
    null: Sql,
    numbered: Sql,
}

impl Store {
    /// A version without its bytes. With [`VersionSelector::Latest`] it may be a delete marker.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn head_object(
        &self,
        bucket_id: i64,
        key: &ObjectKey,
        version: &VersionSelector,
    ) -> Result<Option<ObjectRow>, StoreError> {
        let (known, ticket) = self.look_up(bucket_id, key, version);
        if let Some(hot) = known {
            return Ok(Some(hot.object.clone()));
        }
        let arguments = (bucket_id, key.clone(), version.clone());
        let read = self.engine.read(&arguments, |c, (bucket, key, version)| {
            const FIND: Find = Find {
                latest: HEAD_LATEST,
                null: HEAD_NULL,
                numbered: HEAD_NUMBERED,
            };
            Box::pin(find(c, FIND, *bucket, key, version, read_object))
        });
        let read = read.await?;
        if let (Some(ticket), Some(object)) = (ticket, &read) {
            ticket.add_head(object);
        }
        Ok(read)
    }

    /// A version with its bytes, or where they are. With [`VersionSelector::Latest`] it may be a delete marker.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn get_object(
        &self,
        bucket_id: i64,
        key: &ObjectKey,
        version: &VersionSelector,
    ) -> Result<Option<StoredObject>, StoreError> {
        self.read_object(bucket_id, key, version, Wanted::Whole)
            .await
    }

    /// As [`Store::get_object`], where only some of the bytes are wanted: of an object of parts, only the parts that
    /// hold them are named.
    ///
    /// # Errors
    /// [`StoreError::Contended`] if the object is replaced again and again; others if the database fails.
    pub async fn read_object(
        &self,
        bucket_id: i64,
        key: &ObjectKey,
        version: &VersionSelector,
        wanted: Wanted,
    ) -> Result<Option<StoredObject>, StoreError> {
        let (known, ticket) = self.look_up(bucket_id, key, version);
        if let Some(stored) = known.and_then(|hot| hot.with_body()) {
            return Ok(Some(stored));
        }
        let arguments = (bucket_id, key.clone(), version.clone(), wanted);
        let read = self
            .engine
            .read(&arguments, |c, (bucket, key, version, wanted)| {
                Box::pin(read_with_parts(c, *bucket, key, version, *wanted))
            });
        let read = read.await?;
        if let (Some(ticket), Some(stored)) = (ticket, &read) {
            ticket.add(stored);
        }
        Ok(read)
    }

    /// The current version, if it is in memory, and the right to add it.
    fn look_up<'k>(
        &self,
        bucket_id: i64,
        key: &'k ObjectKey,
        version: &VersionSelector,
    ) -> (Option<Arc<Hot>>, Option<Ticket<'k>>) {
        match (self.engine.hot_objects(), version) {
            (Some(hots), VersionSelector::Latest) => {
                let (known, ticket) = hots.get(bucket_id, key);
                (known, Some(ticket))
            }
            (None, _) | (_, VersionSelector::Id(_)) => (None, None),
        }
    }
}

/// How often a read begins again because the object was replaced between its row and its parts.
const READ_TRIES_MAX: u32 = 16;

async fn read_with_parts(
    connection: &mut Connection,
    bucket: i64,
    key: &ObjectKey,
    version: &VersionSelector,
    wanted: Wanted,
) -> Result<Option<StoredObject>, StoreError> {
    const FIND: Find = Find {
        latest: GET_LATEST,
        null: GET_NULL,
        numbered: GET_NUMBERED,
    };
    for _ in 0..READ_TRIES_MAX {
        let found = find(connection, FIND, bucket, key, version, read_stored).await?;
        let Some(mut stored) = found else {
            return Ok(None);
        };
        let Some(parts) = stored.object.parts else {
            return Ok(Some(stored));
        };
        let size_bytes = stored.object.size_bytes;
        let holding = object_parts::wanted(connection, parts, size_bytes, wanted).await?;
        if let Some(holding) = holding {
            stored.parts = holding;
            return Ok(Some(stored));
        }
    }
    Err(StoreError::Contended)
}

async fn find<T: Send>(
    connection: &mut Connection,
    sql: Find,
    bucket: i64,
    key: &ObjectKey,
    version: &VersionSelector,
    read: fn(&Record<'_>) -> Result<T, StoreError>,
) -> Result<Option<T>, StoreError> {
    let key = key.as_str().as_bytes();
    match version {
        VersionSelector::Latest => connection.one(sql.latest, values![bucket, key], read).await,
        VersionSelector::Id(id) if id.is_null() => {
            connection.one(sql.null, values![bucket, key], read).await
        }
        VersionSelector::Id(id) => {
            let values: &[Value<'_>] = values![bucket, key, id.as_str()];
            connection.one(sql.numbered, values, read).await
        }
    }
}

fn read_stored(row: &Record<'_>) -> Result<StoredObject, StoreError> {
    let object = read_object(row)?;
    let body = match (row.text_or_null(17)?, row.bytes_or_null(18)?) {
        (Some(blob), _) => Some(Body::Blob(blob.to_owned())),
        (None, Some(bytes)) => Some(Body::Inline(Bytes::copy_from_slice(bytes))),
        (None, None) => object.parts.map(Body::Parts),
    };
    Ok(StoredObject {
        object,
        body,
        parts: Vec::new(),
    })
}

fn read_object(row: &Record<'_>) -> Result<ObjectRow, StoreError> {
    let mut headers = documents::read_headers(row.text_or_null(11)?)?;
    headers.storage_class = row.parsed(10, StorageClass::from_name)?;
    let owner = read_owner(row, 2)?;
    Ok(ObjectRow {
        version_id: row.parsed(0, |text| VersionId::parse(text).ok())?,
        is_delete_marker: row.flag(1)?,
        owner_canonical_id: read_canonical_id(row, 3, owner.as_ref())?,
        owner,
        created_at: row.time(4)?,
        size_bytes: row.size(5)?,
        etag: row.parsed(6, |text| ETag::parse(text).ok())?,
        checksum: read_checksum(row, 7)?,
        headers,
        user_metadata: documents::read_metadata(row.text_or_null(12)?)?,
        tags: documents::read_tags(row.text_or_null(13)?)?,
        parts: read_parts(row, 14)?,
        acl: read_acl(row, 16)?,
    })
}

fn read_parts(row: &Record<'_>, first: usize) -> Result<Option<PartsRef>, StoreError> {
    let Some(upload) = row.int_or_null(first)? else {
        return Ok(None);
    };
    let count = u16::try_from(row.int(first + 1)?)
        .map_err(|error| StoreError::Corrupt(error.to_string()))?;
    Ok(Some(PartsRef { upload, count }))
}

/// Reads algorithm, type and value from three columns.
pub(crate) fn read_checksum(
    row: &Record<'_>,
    first: usize,
) -> Result<Option<StoredChecksum>, StoreError> {
    if row.text_or_null(first)?.is_none() {
        return Ok(None);
    }
    let algorithm = row.parsed(first, Algorithm::from_name)?;
    let checksum = match row.parsed(first + 1, ChecksumType::from_name)? {
        ChecksumType::FullObject => row.parsed(first + 2, |text| {
            let checksum = Checksum::from_base64(algorithm, text).ok()?;
            Some(StoredChecksum::FullObject(checksum))
        })?,
        ChecksumType::Composite => row.parsed(first + 2, |text| {
            let (checksum, part_count) = CompositeChecksum::parse(algorithm, text).ok()?;
            let composite = CompositeChecksum::from_stored(checksum, part_count?).ok()?;
            Some(StoredChecksum::Composite(composite))
        })?,
    };
    Ok(Some(checksum))
}
