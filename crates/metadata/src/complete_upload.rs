//! Completing an upload: its parts become an object in one transaction, and no byte is copied.

use buckler_policy::{AccountId, Acl};
use buckler_s3::{
    ETag, ObjectKey, PartNumber, StorageClass, StoredHeaders, TagSet, UploadId, UserMetadata,
    VersionId,
    multipart::{Assembly, ChecksumPlan, Completion, CompletionFault, UploadedPart},
};
use time::OffsetDateTime;

use crate::{
    Body, NewObject, PartsRef, Store, StoreError, StoredChecksum, Unmet, VersionNonce,
    WritePrecondition,
    acls::read_acl,
    connection::Connection,
    documents,
    owners::read_owner,
    put_object,
    record::Record,
    sql::{statements, values},
    upload_parts,
    uploads::read_plan,
    versions::{self, Place, State},
};

/// An upload to be completed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompleteUpload {
    /// The bucket's number; the bucket may be gone by now.
    pub bucket_id: i64,
    /// The object's key.
    pub key: ObjectKey,
    /// The upload.
    pub id: UploadId,
    /// Which parts, and what the client says of the object.
    pub completion: Completion,
    /// What must be true of the current version.
    pub precondition: WritePrecondition,
    /// Now.
    pub now: OffsetDateTime,
    /// Tells the id of a new version from all others.
    pub nonce: VersionNonce,
}

/// What became of completing an upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CompletedUpload {
    /// The object is stored and current. What it replaced, and the parts that it has not, are garbage.
    Stored {
        /// Its entity tag.
        etag: ETag,
        /// Its checksum.
        checksum: StoredChecksum,
        /// Its version id, `null` while versioning is suspended; `None` in a bucket that never had versions.
        version_id: Option<VersionId>,
    },
    /// The same was done before, and its object is still there.
    Repeated {
        /// The object's entity tag.
        etag: ETag,
        /// As above.
        version_id: Option<VersionId>,
    },
    /// The parts are not what the client says. Nothing changed.
    Refused(CompletionFault),
    /// Nothing changed.
    PreconditionFailed(Unmet),
    /// The precondition holds, but of another version than was current when the upload began. Nothing changed.
    Conflict,
    /// It is not in progress (any more), and was not completed just so.
    NoSuchUpload,
    /// The bucket is gone.
    NoSuchBucket,
}

impl CompleteUpload {
    fn place(&self) -> Place<'_> {
        Place {
            bucket: self.bucket_id,
            key: self.key.as_str().as_bytes(),
        }
    }
}

/// An upload, with all that its object needs.
struct Upload {
    number: i64,
    initial_version: Option<i64>,
    completed_version: Option<i64>,
    plan: ChecksumPlan,
    owner: Option<AccountId>,
    created_at: OffsetDateTime,
    headers: StoredHeaders,
    user_metadata: UserMetadata,
    tags: TagSet,
    acl: Acl,
}

statements! {
    FIND = "SELECT number, initial_version, completed_version, checksum_algorithm, checksum_type, owner_id, created_at,
            storage_class, stored_headers, user_metadata, tags, acl
        FROM uploads WHERE bucket_id = $1 AND key = $2 AND id = $3";
    COMPLETED = "SELECT etag, version_id FROM versions WHERE bucket_id = $1 AND key = $2 AND version_order = $3
        AND upload_number = $4";
    PLACE_PARTS = "UPDATE parts SET first_byte = placed.first_byte
        FROM (SELECT part_number, CAST(sum(size_bytes) OVER (ORDER BY part_number) AS BIGINT) - size_bytes AS first_byte
            FROM parts WHERE upload_number = $1) AS placed
        WHERE parts.upload_number = $1 AND parts.part_number = placed.part_number";
    // What is the version's now is not kept twice.
    SET_COMPLETED = "UPDATE uploads SET completed_version = $1, stored_headers = NULL, user_metadata = NULL, tags = NULL,
            acl = NULL WHERE number = $2";
}

impl Store {
    /// Makes the parts of an upload the current version of its key: in one transaction, in a few statements however
    /// many parts there are.
    ///
    /// # Errors
    /// If the database fails; nothing is known to have changed then, and the same completion may be sent again.
    pub async fn complete_upload(
        &self,
        complete: CompleteUpload,
    ) -> Result<CompletedUpload, StoreError> {
        let write = self
            .engine
            .write(complete, |c, complete| Box::pin(run(c, complete)));
        match write.await {
            // Postgres: the bucket was deleted with its uploads.
            Err(StoreError::MissingParent) => Ok(CompletedUpload::NoSuchBucket),
            other => other,
        }
    }
}

async fn run(
    connection: &mut Connection,
    complete: &CompleteUpload,
) -> Result<CompletedUpload, StoreError> {
    connection.lock_upload(&complete.id).await?;
    let Some(upload) = find(connection, complete).await? else {
        return Ok(CompletedUpload::NoSuchUpload);
    };
    let algorithm = upload.plan.algorithm();
    let parts = upload_parts::all(connection, upload.number, algorithm).await?;
    if let Some(order) = upload.completed_version {
        return repeated(connection, complete, &upload, order, &parts).await;
    }
    let assembly = match complete.completion.assemble(upload.plan, &parts) {
        Ok(assembly) => assembly,
        // Postgres: the parts are missing because the bucket was deleted with its uploads since.
        Err(_) if find(connection, complete).await?.is_none() => {
            return Ok(CompletedUpload::NoSuchUpload);
        }
        Err(fault) => return Ok(CompletedUpload::Refused(fault)),
    };
    let Some(state) = versions::lock(connection, complete.place()).await? else {
        return Ok(CompletedUpload::NoSuchBucket);
    };
    if let Some(refusal) = judge(&complete.precondition, &upload, &state) {
        return Ok(refusal);
    }
    publish(connection, complete, upload, assembly, &parts, &state).await
}

async fn find(
    connection: &mut Connection,
    complete: &CompleteUpload,
) -> Result<Option<Upload>, StoreError> {
    let values = values![
        complete.bucket_id,
        complete.key.as_str().as_bytes(),
        &complete.id.as_bytes()[..]
    ];
    connection.one(FIND, values, read_upload).await
}

fn read_upload(row: &Record<'_>) -> Result<Upload, StoreError> {
    let mut headers = documents::read_headers(row.text_or_null(8)?)?;
    headers.storage_class = row.parsed(7, StorageClass::from_name)?;
    Ok(Upload {
        number: row.int(0)?,
        initial_version: row.int_or_null(1)?,
        completed_version: row.int_or_null(2)?,
        plan: read_plan(row, 3)?,
        owner: read_owner(row, 5)?,
        created_at: row.time(6)?,
        headers,
        user_metadata: documents::read_metadata(row.text_or_null(9)?)?,
        tags: documents::read_tags(row.text_or_null(10)?)?,
        acl: read_acl(row, 11)?,
    })
}

/// Source: facts: s3-behaviour.md 10.2, "Replay".
async fn repeated(
    connection: &mut Connection,
    complete: &CompleteUpload,
    upload: &Upload,
    order: i64,
    parts: &[UploadedPart],
) -> Result<CompletedUpload, StoreError> {
    let key = complete.key.as_str().as_bytes();
    let values = values![complete.bucket_id, key, order, upload.number];
    let found = connection.one(COMPLETED, values, |row| {
        let etag = row.parsed(0, |text| ETag::parse(text).ok())?;
        let version_id = row.parsed(1, |text| VersionId::parse(text).ok())?;
        Ok((etag, version_id))
    });
    let Some((etag, version_id)) = found.await? else {
        return Ok(CompletedUpload::NoSuchUpload);
    };
    if !complete.completion.names_exactly(parts) {
        return Ok(CompletedUpload::NoSuchUpload);
    }
    let state = versions::lock(connection, complete.place()).await?;
    let has_versions = state.is_some_and(|state| state.versioning.is_some());
    Ok(CompletedUpload::Repeated {
        etag,
        version_id: has_versions.then_some(version_id),
    })
}

/// AWS: the plain condition first; then the current version must be the one that was current when the upload began,
/// even if the other has the same entity tag. Source: facts: s3-behaviour.md 8.1.
fn judge(
    precondition: &WritePrecondition,
    upload: &Upload,
    state: &State,
) -> Option<CompletedUpload> {
    let current = state.current.as_ref();
    if let Some(unmet) = precondition.unmet_by(versions::live_etag(current)) {
        return Some(CompletedUpload::PreconditionFailed(unmet));
    }
    let is_conditional = *precondition != WritePrecondition::None;
    let is_initial = current.map(|version| version.order) == upload.initial_version;
    (is_conditional && !is_initial).then_some(CompletedUpload::Conflict)
}

async fn publish(
    connection: &mut Connection,
    complete: &CompleteUpload,
    upload: Upload,
    assembly: Assembly,
    parts: &[UploadedPart],
    state: &State,
) -> Result<CompletedUpload, StoreError> {
    let (now, nonce) = (complete.now, complete.nonce);
    let slot = versions::make_room(connection, complete.place(), state, now, nonce).await?;
    let number = upload.number;
    place_parts(connection, number, parts, &assembly.numbers, now).await?;
    let checksum = StoredChecksum::from(assembly.checksum);
    let object = NewObject {
        bucket_id: complete.bucket_id,
        key: complete.key.clone(),
        owner: upload.owner,
        // AWS: the object is as old as its upload. Source: facts: s3-behaviour.md 10.1.
        created_at: upload.created_at,
        size_bytes: assembly.size_bytes,
        etag: assembly.etag.clone(),
        checksum: Some(checksum.clone()),
        headers: upload.headers,
        user_metadata: upload.user_metadata,
        tags: upload.tags,
        acl: upload.acl,
        body: Body::Parts(PartsRef {
            upload: number,
            count: u16::try_from(assembly.numbers.len()).unwrap_or(u16::MAX),
        }),
        precondition: WritePrecondition::None,
        nonce,
    };
    put_object::insert(connection, &object, &slot).await?;
    let completed = values![slot.order, number];
    connection.execute(SET_COMPLETED, completed).await?;
    Ok(CompletedUpload::Stored {
        etag: assembly.etag,
        checksum,
        version_id: state.versioning.map(|_| slot.version_id),
    })
}

/// Gives the parts that were chosen their places, and the others up.
async fn place_parts(
    connection: &mut Connection,
    upload: i64,
    parts: &[UploadedPart],
    chosen: &[PartNumber],
    now: OffsetDateTime,
) -> Result<(), StoreError> {
    if chosen.len() < parts.len() {
        upload_parts::discard_others(connection, upload, chosen, now).await?;
    }
    connection.execute(PLACE_PARTS, values![upload]).await?;
    Ok(())
}
