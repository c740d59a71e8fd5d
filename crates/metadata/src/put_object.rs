//! Writing an object.

use buckler_policy::{AccountId, Acl};
use buckler_s3::{ETag, ObjectKey, StoredHeaders, TagSet, UserMetadata, VersionId};
use time::OffsetDateTime;

use crate::{
    Body, IfMatch, Store, StoreError, StoredChecksum, VersionNonce,
    acls::write_acl,
    bodies::{self, BodyColumns},
    connection::Connection,
    documents,
    owners::write_owner,
    sql::{statements, values},
    times,
    versions::{self, Place, Slot, live_etag},
};

/// An object to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewObject {
    /// The bucket's number; the bucket may be gone by now.
    pub bucket_id: i64,
    /// The key.
    pub key: ObjectKey,
    /// The account that owns the object; `None` if it is written without a signature.
    pub owner: Option<AccountId>,
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
    /// The ACL.
    pub acl: Acl,
    /// The bytes, or the name of the blob that holds them durably.
    pub body: Body,
    /// What must be true of the current version.
    pub precondition: WritePrecondition,
    /// Tells the id of a new version from all others.
    pub nonce: VersionNonce,
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
        /// Its version id, `null` while versioning is suspended; `None` in a bucket that never had versions.
        version_id: Option<VersionId>,
    },
    /// Nothing changed; a blob given as body is the caller's to delete.
    PreconditionFailed(Unmet),
    /// The bucket is gone; a blob given as body is the caller's to delete.
    NoSuchBucket,
}

statements! {
    INSERT = "INSERT INTO versions (bucket_id, key, version_order, version_id, is_delete_marker, owner_id, created_at,
            size_bytes, etag, checksum_algorithm, checksum_type, checksum_value, storage_class, stored_headers,
            user_metadata, tags, body_id, blob_id, upload_number, part_count, acl)
        VALUES ($1, $2, $3, $4, 0, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)";
}

impl Store {
    /// Writes an object: a version of its own where versioning is enabled, and otherwise the null version, whose
    /// predecessor's blob becomes garbage in the same transaction.
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

/// Publishes an object within a transaction of its own, or of a larger piece of work.
pub(crate) async fn put(
    connection: &mut Connection,
    object: &NewObject,
) -> Result<PutObject, StoreError> {
    let place = Place {
        bucket: object.bucket_id,
        key: object.key.as_str().as_bytes(),
    };
    let Some(state) = versions::lock(connection, place).await? else {
        return Ok(PutObject::NoSuchBucket);
    };
    let live = live_etag(state.current.as_ref());
    if let Some(unmet) = object.precondition.unmet_by(live) {
        return Ok(PutObject::PreconditionFailed(unmet));
    }
    let (now, nonce) = (object.created_at, object.nonce);
    let slot = versions::make_room(connection, place, &state, now, nonce).await?;
    insert(connection, object, &slot).await?;
    Ok(PutObject::Stored {
        version_id: state.versioning.map(|_| slot.version_id),
    })
}

impl WritePrecondition {
    /// Judges the entity tag of the object that is there, if there is one.
    pub(crate) fn unmet_by(&self, live: Option<&str>) -> Option<Unmet> {
        match (self, live) {
            (Self::None, _) | (Self::IfNoneMatchAny, None) => None,
            (Self::IfNoneMatchAny, Some(_)) => Some(Unmet::IfNoneMatch),
            (Self::IfMatch(condition), live) => condition.unmet_by(live),
        }
    }
}

/// Writes the row of a version.
pub(crate) async fn insert(
    connection: &mut Connection,
    object: &NewObject,
    slot: &Slot,
) -> Result<(), StoreError> {
    let BodyColumns { body_id, blob_id } = bodies::store(connection, &object.body).await?;
    let parts = match object.body {
        Body::Parts(parts) => Some(parts),
        Body::Inline(_) | Body::Blob(_) => None,
    };
    let checksum = object.checksum.as_ref();
    let checksum_value = checksum.map(StoredChecksum::value);
    let headers = documents::write_headers(&object.headers);
    let metadata = documents::write_metadata(&object.user_metadata);
    let tags = documents::write_tags(&object.tags);
    let acl = write_acl(&object.acl);
    let row = values![
        object.bucket_id,
        object.key.as_str().as_bytes(),
        slot.order,
        slot.version_id.as_str(),
        write_owner(object.owner.as_ref()),
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
        parts.map(|parts| parts.upload),
        parts.map(|parts| i64::from(parts.count)),
        acl.as_deref(),
    ];
    connection.execute(INSERT, row).await?;
    Ok(())
}
