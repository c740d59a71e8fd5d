//! Writing an object.

use buckler_policy::AccountId;
use buckler_s3::{ETag, ObjectKey, StoredHeaders, TagSet, UserMetadata, VersionId};
use time::OffsetDateTime;

use crate::{
    Body, IfMatch, Store, StoreError, StoredChecksum,
    connection::Connection,
    documents, garbage,
    sql::{statements, values},
    times,
};

/// An object to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewObject {
    /// The bucket's number; the bucket may be gone by now.
    pub bucket_id: i64,
    /// The key.
    pub key: ObjectKey,
    /// The account that owns the object.
    pub owner: AccountId,
    /// Now: `Last-Modified`.
    pub created_at: OffsetDateTime,
    /// Length of the body.
    pub size_bytes: u64,
    /// The entity tag.
    pub etag: ETag,
    /// The checksum to keep.
    pub checksum: Option<StoredChecksum>,
    /// System metadata, the storage class among it.
    pub headers: StoredHeaders,
    /// User metadata.
    pub user_metadata: UserMetadata,
    /// Tags.
    pub tags: TagSet,
    /// The bytes, or the name of the blob that holds them durably.
    pub body: Body,
    /// What must be true of the current version.
    pub precondition: WritePrecondition,
}

/// What must be true of the current version for a write to happen. Judged within the write's own transaction.
///
/// Source: facts: s3-behaviour.md 8.1.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum WritePrecondition {
    /// Nothing.
    #[default]
    None,
    /// `If-None-Match: *`: there is none, or it is a delete marker.
    IfNoneMatchAny,
    /// `If-Match`: there is one, and it has this entity tag.
    IfMatch(IfMatch),
}

/// Which way a precondition was not met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unmet {
    /// `If-Match`, and there is no object: `NoSuchKey`.
    NoSuchKey,
    /// `If-Match`, and the entity tag differs.
    IfMatch,
    /// `If-None-Match: *`, and there is an object.
    IfNoneMatch,
}

/// What became of writing an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PutObject {
    /// It is stored and current. What it replaced is garbage.
    Stored {
        /// Its version id; `null` where there is no versioning.
        version_id: VersionId,
    },
    /// Nothing changed; a blob given as body is the caller's to delete.
    PreconditionFailed(Unmet),
    /// The bucket is gone; a blob given as body is the caller's to delete.
    NoSuchBucket,
}

/// The part of the current version that writes look at.
#[derive(Debug)]
pub(crate) struct Current {
    pub(crate) order: i64,
    pub(crate) is_delete_marker: bool,
    pub(crate) is_null: bool,
    pub(crate) etag: String,
    pub(crate) size_bytes: i64,
    pub(crate) body_id: Option<i64>,
    pub(crate) blob_id: Option<String>,
}

statements! {
    CURRENT = "SELECT version_order, is_delete_marker, version_id, etag, size_bytes, body_id, blob_id
        FROM versions WHERE bucket_id = $1 AND key = $2 ORDER BY version_order DESC LIMIT 1";
    BODY = "INSERT INTO bodies (bytes) VALUES ($1) RETURNING id";
    INSERT = "INSERT INTO versions (bucket_id, key, version_order, version_id, is_delete_marker, owner_id, created_at,
            size_bytes, etag, checksum_algorithm, checksum_type, checksum_value, storage_class, stored_headers,
            user_metadata, tags, body_id, blob_id)
        VALUES ($1, $2, $3, 'null', 0, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";
    REMOVE = "DELETE FROM versions WHERE bucket_id = $1 AND key = $2 AND version_order = $3";
    REMOVE_BODY = "DELETE FROM bodies WHERE id = $1";
}

impl Store {
    /// Writes an object, replacing the null version of its key, whose blob becomes garbage in the same transaction.
    ///
    /// # Errors
    /// If the database fails; a blob given as body may then be named by a row or not, and is found by the sweep.
    pub async fn put_object(&self, object: NewObject) -> Result<PutObject, StoreError> {
        let write = self
            .engine
            .write(object, |c, object| Box::pin(put(c, object)));
        match write.await {
            Err(StoreError::MissingParent) => Ok(PutObject::NoSuchBucket),
            other => other,
        }
    }
}

async fn put(connection: &mut Connection, object: &NewObject) -> Result<PutObject, StoreError> {
    let (bucket, key) = (object.bucket_id, object.key.as_str().as_bytes());
    connection.lock_object(bucket, key).await?;
    let current = current(connection, bucket, key).await?;
    if let Some(unmet) = object.precondition.unmet_by(current.as_ref()) {
        return Ok(PutObject::PreconditionFailed(unmet));
    }
    if let Some(replaced) = current.as_ref().filter(|current| current.is_null) {
        remove(connection, bucket, key, replaced, object.created_at).await?;
    }
    let order = order_after(current.as_ref(), object.created_at);
    insert(connection, object, order).await?;
    Ok(PutObject::Stored {
        version_id: VersionId::null(),
    })
}

impl WritePrecondition {
    fn unmet_by(&self, current: Option<&Current>) -> Option<Unmet> {
        let live = current.filter(|current| !current.is_delete_marker);
        match (self, live) {
            (Self::None, _) | (Self::IfNoneMatchAny, None) => None,
            (Self::IfNoneMatchAny, Some(_)) => Some(Unmet::IfNoneMatch),
            (Self::IfMatch(condition), live) => {
                condition.unmet_by(live.map(|live| live.etag.as_str()))
            }
        }
    }
}

pub(crate) async fn current(
    connection: &mut Connection,
    bucket: i64,
    key: &[u8],
) -> Result<Option<Current>, StoreError> {
    let values = values![bucket, key];
    let read = connection.one(CURRENT, values, |row| {
        Ok(Current {
            order: row.int(0)?,
            is_delete_marker: row.flag(1)?,
            is_null: row.text(2)? == VersionId::NULL,
            etag: row.text(3)?.to_owned(),
            size_bytes: row.int(4)?,
            body_id: row.int_or_null(5)?,
            blob_id: row.text_or_null(6)?.map(str::to_owned),
        })
    });
    read.await
}

/// Later versions sort first; two writes within a microsecond, or a clock that was set back, must not change that.
fn order_after(current: Option<&Current>, now: OffsetDateTime) -> i64 {
    let now = times::to_micros(now);
    current.map_or(now, |current| now.max(current.order.saturating_add(1)))
}

/// Removes a version. Its inline body goes with it, its blob becomes garbage.
pub(crate) async fn remove(
    connection: &mut Connection,
    bucket: i64,
    key: &[u8],
    version: &Current,
    now: OffsetDateTime,
) -> Result<(), StoreError> {
    let place = values![bucket, key, version.order];
    connection.execute(REMOVE, place).await?;
    if let Some(body_id) = version.body_id {
        connection.execute(REMOVE_BODY, values![body_id]).await?;
    }
    if let Some(blob_id) = &version.blob_id {
        garbage::add(connection, blob_id, version.size_bytes, now).await?;
    }
    Ok(())
}

async fn insert(
    connection: &mut Connection,
    object: &NewObject,
    order: i64,
) -> Result<(), StoreError> {
    let (body_id, blob_id) = match &object.body {
        Body::Blob(id) => (None, Some(id.as_str())),
        Body::Inline(bytes) => {
            let values = values![&**bytes];
            let stored = connection.one(BODY, values, |row| row.int(0)).await?;
            (stored, None)
        }
    };
    let checksum = object.checksum.as_ref();
    let checksum_value = checksum.map(StoredChecksum::value);
    let headers = documents::write_headers(&object.headers);
    let metadata = documents::write_metadata(&object.user_metadata);
    let tags = documents::write_tags(&object.tags);
    let row = values![
        object.bucket_id,
        object.key.as_str().as_bytes(),
        order,
        object.owner.as_str(),
        times::to_micros(object.created_at),
        i64::try_from(object.size_bytes).unwrap_or(i64::MAX),
        object.etag.as_str(),
        checksum.map(|checksum| checksum.algorithm().name()),
        checksum.map(|checksum| checksum.checksum_type().name()),
        checksum_value.as_deref(),
        object.headers.storage_class.name(),
        headers.as_deref(),
        metadata.as_deref(),
        tags.as_deref(),
        body_id,
        blob_id,
    ];
    connection.execute(INSERT, row).await?;
    Ok(())
}
