//! Multipart uploads: beginning and finding one.

use buckler_checksum::{Algorithm, ChecksumType};
use buckler_policy::{AccountId, Acl, CanonicalId};
use buckler_s3::{
    ObjectKey, StorageClass, StoredHeaders, TagSet, UploadId, UserMetadata, multipart::ChecksumPlan,
};
use time::OffsetDateTime;

use crate::{
    Store, StoreError,
    acls::write_acl,
    connection::Connection,
    documents,
    owners::{read_canonical_id, read_owner, write_owner},
    record::Record,
    sql::{statements, values},
    times,
};

/// An upload to be begun. All of it is the object's, later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewUpload {
    /// The bucket's number; the bucket may be gone by now.
    pub bucket_id: i64,
    /// The object's key.
    pub key: ObjectKey,
    /// A new id, which sorts above the older uploads' of the key.
    pub id: UploadId,
    /// Now: the object's `Last-Modified`, later.
    pub created_at: OffsetDateTime,
    /// The account that will own the object; `None` if the upload is begun without a signature.
    pub owner: Option<AccountId>,
    /// Who begins it.
    pub initiator: Initiator,
    /// The checksum of the object and its parts.
    pub checksum: ChecksumPlan,
    /// Whether `AES256` was asked for by name.
    pub encryption_named: bool,
    /// System metadata, the storage class among it.
    pub headers: StoredHeaders,
    /// User metadata.
    pub user_metadata: UserMetadata,
    /// Tags.
    pub tags: TagSet,
    /// The ACL.
    pub acl: Acl,
}

/// Who began an upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Initiator {
    /// The account; `None` if anonymous.
    pub account: Option<AccountId>,
    /// `aws:userid`.
    pub user_id: String,
    /// What listings show: the ARN of a user, the canonical id of an account.
    pub shown: String,
}

/// What became of beginning an upload.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CreateUpload {
    /// It is begun.
    Created,
    /// The bucket is gone.
    NoSuchBucket,
}

/// An upload, without what only its object will need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadRow {
    /// The object's key.
    pub key: ObjectKey,
    /// Its id.
    pub id: UploadId,
    /// When it was begun.
    pub created_at: OffsetDateTime,
    /// The canonical id of the account that will own the object.
    pub owner_canonical_id: CanonicalId,
    /// Who began it.
    pub initiator: Initiator,
    /// The object's storage class.
    pub storage_class: StorageClass,
    /// The checksum of the object and its parts.
    pub checksum: ChecksumPlan,
    /// Whether `AES256` was asked for by name.
    pub encryption_named: bool,
    /// Whether it is an object now.
    pub is_completed: bool,
}

/// The columns that [`read_upload`] reads.
macro_rules! select_uploads {
    ($rest:literal) => {
        concat!(
            "SELECT u.key, u.id, u.created_at, a.canonical_id, u.initiator_account, u.initiator_user,
                u.initiator_shown, u.storage_class, u.checksum_algorithm, u.checksum_type, u.encryption,
                u.completed_version, u.owner_id
             FROM uploads u LEFT JOIN accounts a ON a.id = u.owner_id ",
            $rest
        )
    };
}
pub(crate) use select_uploads;

statements! {
    INSERT = "INSERT INTO uploads (bucket_id, key, id, created_at, owner_id, initiator_account, initiator_user,
            initiator_shown, storage_class, stored_headers, user_metadata, tags, encryption, checksum_algorithm,
            checksum_type, acl, initial_version)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,
            (SELECT max(version_order) FROM versions WHERE bucket_id = $1 AND key = $2))";
    BY_ID = select_uploads!("WHERE u.bucket_id = $1 AND u.key = $2 AND u.id = $3");
}

/// What stands in the row for `AES256`.
const AES256: &str = "AES256";

impl Store {
    /// Begins an upload.
    ///
    /// # Errors
    /// [`StoreError::Duplicate`] if the id exists; others if the database fails.
    pub async fn create_upload(&self, upload: NewUpload) -> Result<CreateUpload, StoreError> {
        let write = self
            .engine
            .write(upload, |c, upload| Box::pin(insert(c, upload)));
        match write.await {
            Ok(()) => Ok(CreateUpload::Created),
            Err(StoreError::MissingParent) => Ok(CreateUpload::NoSuchBucket),
            Err(error) => Err(error),
        }
    }

    /// An upload of a key by its id: in progress, or completed while the version that it became is there.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn upload(
        &self,
        bucket_id: i64,
        key: &ObjectKey,
        id: &UploadId,
    ) -> Result<Option<UploadRow>, StoreError> {
        let arguments = (bucket_id, key.clone(), *id);
        let read = self.engine.read(&arguments, |c, (bucket, key, id)| {
            Box::pin(async move {
                let values = values![*bucket, key.as_str().as_bytes(), &id.as_bytes()[..]];
                c.one(BY_ID, values, read_upload).await
            })
        });
        read.await
    }
}

async fn insert(connection: &mut Connection, upload: &NewUpload) -> Result<(), StoreError> {
    let headers = documents::write_headers(&upload.headers);
    let metadata = documents::write_metadata(&upload.user_metadata);
    let tags = documents::write_tags(&upload.tags);
    let acl = write_acl(&upload.acl);
    let asked = upload.checksum.asked();
    let row = values![
        upload.bucket_id,
        upload.key.as_str().as_bytes(),
        &upload.id.as_bytes()[..],
        times::to_micros(upload.created_at),
        write_owner(upload.owner.as_ref()),
        upload.initiator.account.as_ref().map(AccountId::as_str),
        upload.initiator.user_id.as_str(),
        upload.initiator.shown.as_str(),
        upload.headers.storage_class.name(),
        headers.as_deref(),
        metadata.as_deref(),
        tags.as_deref(),
        upload.encryption_named.then_some(AES256),
        asked.map(|(algorithm, _)| algorithm.name()),
        asked.map(|(_, checksum_type)| checksum_type.name()),
        acl.as_deref(),
    ];
    connection.execute(INSERT, row).await?;
    Ok(())
}

pub(crate) fn read_upload(row: &Record<'_>) -> Result<UploadRow, StoreError> {
    let account = match row.text_or_null(4)? {
        None => None,
        Some(_) => Some(row.parsed(4, |text| AccountId::parse(text).ok())?),
    };
    Ok(UploadRow {
        key: read_key(row, 0)?,
        id: read_id(row, 1)?,
        created_at: row.time(2)?,
        owner_canonical_id: read_canonical_id(row, 3, read_owner(row, 12)?.as_ref())?,
        initiator: Initiator {
            account,
            user_id: row.text(5)?.to_owned(),
            shown: row.text(6)?.to_owned(),
        },
        storage_class: row.parsed(7, StorageClass::from_name)?,
        checksum: read_plan(row, 8)?,
        encryption_named: row.text_or_null(10)?.is_some(),
        is_completed: row.int_or_null(11)?.is_some(),
    })
}

pub(crate) fn read_key(row: &Record<'_>, column: usize) -> Result<ObjectKey, StoreError> {
    std::str::from_utf8(row.bytes(column)?)
        .ok()
        .and_then(|key| ObjectKey::parse(key).ok())
        .ok_or_else(|| StoreError::Corrupt("a key is not a key".to_owned()))
}

fn read_id(row: &Record<'_>, column: usize) -> Result<UploadId, StoreError> {
    row.bytes(column)?
        .try_into()
        .map(UploadId::from_bytes)
        .map_err(|_| StoreError::Corrupt("an upload id is not one".to_owned()))
}

/// Reads algorithm and type from two columns, null if none was asked for.
pub(crate) fn read_plan(row: &Record<'_>, first: usize) -> Result<ChecksumPlan, StoreError> {
    let asked = match row.text_or_null(first)? {
        None => None,
        Some(_) => Some((
            row.parsed(first, Algorithm::from_name)?,
            row.parsed(first + 1, ChecksumType::from_name)?,
        )),
    };
    Ok(ChecksumPlan::from_stored(asked))
}
