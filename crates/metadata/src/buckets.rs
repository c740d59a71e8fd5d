//! Buckets: making, finding, listing and removing them.

use buckler_policy::{AccountId, Acl, CanonicalId};
use buckler_s3::{BucketName, MfaDelete, ObjectOwnership, PublicAccessBlock, Versioning};
use time::OffsetDateTime;

use crate::{
    Store, StoreError, abort_upload,
    acls::{read_acl, write_acl},
    connection::Connection,
    record::Record,
    sql::{statements, values},
    times,
};

/// A bucket to be made. Its name is free, or it is not made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewBucket {
    /// The name.
    pub name: BucketName,
    /// The owning account.
    pub owner: AccountId,
    /// The region it answers for.
    pub region: String,
    /// Who owns what others put.
    pub object_ownership: ObjectOwnership,
    /// Block Public Access; a new bucket of S3 has all four on.
    pub public_access_block: Option<PublicAccessBlock>,
    /// The ACL.
    pub acl: Acl,
    /// Now.
    pub created_at: OffsetDateTime,
}

/// A bucket, with all that decisions about it need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BucketRow {
    /// Its number. Never used again: a bucket of the same name made later has another.
    pub id: i64,
    /// The name.
    pub name: BucketName,
    /// The owning account.
    pub owner: AccountId,
    /// The owner's canonical user id.
    pub owner_canonical_id: CanonicalId,
    /// The region it answers for.
    pub region: String,
    /// When it was made.
    pub created_at: OffsetDateTime,
    /// Who owns what others put; `None` if the setting was deleted: see [`BucketRow::object_ownership`].
    pub ownership_controls: Option<ObjectOwnership>,
    /// Block Public Access; `None` if it was deleted.
    pub public_access_block: Option<PublicAccessBlock>,
    /// The ACL.
    pub acl: Acl,
    /// The bucket policy, in its stored form.
    pub policy: Option<String>,
    /// Grows with every change that can change a decision. With `id`, the key of everything cached about the bucket.
    pub security_version: i64,
    /// The versioning state; `None` if it was never configured.
    pub versioning: Option<Versioning>,
    /// MFA delete; `None` if it was never configured.
    pub mfa_delete: Option<MfaDelete>,
    /// Whether object lock was enabled.
    pub object_lock_enabled: bool,
    /// Whether attribute-based access control by bucket tags is enabled.
    pub abac_enabled: bool,
}

impl BucketRow {
    /// Who owns what others put. A bucket whose setting was deleted is as buckets were before there was one: the writer,
    /// and ACLs count. Source: facts: authorization.md 5.5.
    pub fn object_ownership(&self) -> ObjectOwnership {
        self.ownership_controls
            .unwrap_or(ObjectOwnership::ObjectWriter)
    }
}

/// What stands in the row of a bucket whose ownership controls were deleted.
pub(crate) const NO_OWNERSHIP_CONTROLS: &str = "none";

/// What became of making a bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CreateBucket {
    /// It was made.
    Created(BucketRow),
    /// It is the same account's already; nothing changed.
    AlreadyOwned(BucketRow),
    /// The name is another account's.
    AlreadyExists,
}

/// What became of deleting a bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DeleteBucket {
    /// It is gone.
    Deleted,
    /// It holds a version or a delete marker.
    NotEmpty,
    /// It was gone already.
    NoSuchBucket,
}

/// Which buckets of an account to list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BucketList {
    /// The owning account.
    pub owner: AccountId,
    /// What names begin with; empty for all.
    pub prefix: String,
    /// The last name of the page before; empty to begin.
    pub after: String,
    /// Buckets at most. Ask for one more than the page holds to learn whether there is another.
    pub limit: u32,
}

/// The columns that [`read_bucket`] reads.
macro_rules! select_buckets {
    ($rest:literal) => {
        concat!(
            "SELECT b.id, b.name, b.owner_id, a.canonical_id, b.region, b.created_at, b.object_ownership,
                b.block_public_acls, b.ignore_public_acls, b.block_public_policy, b.restrict_public_buckets,
                b.policy, b.security_version, b.versioning, b.object_lock_enabled, b.abac_enabled,
                b.mfa_delete, b.acl
             FROM buckets b JOIN accounts a ON a.id = b.owner_id ",
            $rest
        )
    };
}

statements! {
    BY_NAME = select_buckets!("WHERE b.name = $1");
    LIST = select_buckets!("WHERE b.owner_id = $1 AND b.name > $2
        AND substr(b.name, 1, length(CAST($3 AS TEXT))) = CAST($3 AS TEXT) ORDER BY b.name LIMIT $4");
    INSERT = "INSERT INTO buckets (name, owner_id, region, created_at, object_ownership,
            block_public_acls, ignore_public_acls, block_public_policy, restrict_public_buckets, acl)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (name) DO NOTHING";
    IS_EMPTY = "SELECT CASE WHEN EXISTS (SELECT key FROM versions WHERE bucket_id = $1)
            THEN CAST(0 AS BIGINT) ELSE 1 END FROM buckets WHERE id = $1";
    DELETE = "DELETE FROM buckets WHERE id = $1";
}

impl Store {
    /// Makes a bucket, if nobody has one of this name.
    ///
    /// # Errors
    /// [`StoreError::MissingParent`] if the owner is unknown.
    pub async fn create_bucket(&self, bucket: NewBucket) -> Result<CreateBucket, StoreError> {
        let write = self
            .engine
            .write(bucket, |c, bucket| Box::pin(create(c, bucket)));
        write.await
    }

    /// A bucket by its name.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn bucket(&self, name: &BucketName) -> Result<Option<BucketRow>, StoreError> {
        let read = self.engine.read(name, |c, name| Box::pin(by_name(c, name)));
        read.await
    }

    /// Deletes a bucket that holds nothing but uploads in progress, which go with it: their blobs become garbage. A write
    /// that is under way either sees it gone, or keeps it.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn delete_bucket(
        &self,
        bucket_id: i64,
        now: OffsetDateTime,
    ) -> Result<DeleteBucket, StoreError> {
        let write = self.engine.write((bucket_id, now), |c, (id, now)| {
            Box::pin(delete(c, *id, *now))
        });
        write.await
    }

    /// Buckets of an account, by name.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn list_buckets(&self, list: &BucketList) -> Result<Vec<BucketRow>, StoreError> {
        let read = self.engine.read(list, |c, list| {
            Box::pin(async move {
                let values = values![
                    list.owner.as_str(),
                    list.after.as_str(),
                    list.prefix.as_str(),
                    i64::from(list.limit)
                ];
                c.all(LIST, values, read_bucket).await
            })
        });
        read.await
    }
}

pub(crate) async fn by_name(
    connection: &mut Connection,
    name: &BucketName,
) -> Result<Option<BucketRow>, StoreError> {
    connection
        .one(BY_NAME, values![name.as_str()], read_bucket)
        .await
}

pub(crate) async fn create(
    connection: &mut Connection,
    bucket: &NewBucket,
) -> Result<CreateBucket, StoreError> {
    let block = bucket.public_access_block;
    let flag = |read: fn(PublicAccessBlock) -> bool| block.map(|block| i64::from(read(block)));
    let acl = write_acl(&bucket.acl);
    let row = values![
        bucket.name.as_str(),
        bucket.owner.as_str(),
        bucket.region.as_str(),
        times::to_micros(bucket.created_at),
        bucket.object_ownership.name(),
        flag(|block| block.block_public_acls),
        flag(|block| block.ignore_public_acls),
        flag(|block| block.block_public_policy),
        flag(|block| block.restrict_public_buckets),
        acl.as_deref(),
    ];
    let created = connection.execute(INSERT, row).await? > 0;
    let found = by_name(connection, &bucket.name)
        .await?
        // Postgres: the one in the way was deleted since.
        .ok_or(StoreError::Contended)?;
    Ok(if created {
        CreateBucket::Created(found)
    } else if found.owner == bucket.owner {
        CreateBucket::AlreadyOwned(found)
    } else {
        CreateBucket::AlreadyExists
    })
}

async fn delete(
    connection: &mut Connection,
    id: i64,
    now: OffsetDateTime,
) -> Result<DeleteBucket, StoreError> {
    connection.lock_bucket(id).await?;
    let is_empty = connection
        .one(IS_EMPTY, values![id], |row| row.flag(0))
        .await?;
    match is_empty {
        None => return Ok(DeleteBucket::NoSuchBucket),
        Some(false) => return Ok(DeleteBucket::NotEmpty),
        Some(true) => {}
    }
    abort_upload::abort_all(connection, id, now).await?;
    connection.execute(DELETE, values![id]).await?;
    Ok(DeleteBucket::Deleted)
}

fn read_bucket(row: &Record<'_>) -> Result<BucketRow, StoreError> {
    Ok(BucketRow {
        id: row.int(0)?,
        name: row.parsed(1, |text| BucketName::parse(text).ok())?,
        owner: row.parsed(2, |text| AccountId::parse(text).ok())?,
        owner_canonical_id: row.parsed(3, |text| CanonicalId::parse(text).ok())?,
        region: row.text(4)?.to_owned(),
        created_at: row.time(5)?,
        ownership_controls: match row.text(6)? {
            NO_OWNERSHIP_CONTROLS => None,
            _ => Some(row.parsed(6, ObjectOwnership::from_name)?),
        },
        public_access_block: read_block(row, 7)?,
        acl: read_acl(row, 17)?,
        policy: row.text_or_null(11)?.map(str::to_owned),
        security_version: row.int(12)?,
        versioning: read_versioning(row, 13)?,
        object_lock_enabled: row.flag(14)?,
        abac_enabled: row.flag(15)?,
        mfa_delete: match row.text_or_null(16)? {
            None => None,
            Some(_) => Some(row.parsed(16, MfaDelete::from_name)?),
        },
    })
}

pub(crate) fn read_versioning(
    row: &Record<'_>,
    column: usize,
) -> Result<Option<Versioning>, StoreError> {
    match row.text_or_null(column)? {
        None => Ok(None),
        Some(_) => row.parsed(column, Versioning::from_name).map(Some),
    }
}

fn read_block(row: &Record<'_>, first: usize) -> Result<Option<PublicAccessBlock>, StoreError> {
    if row.int_or_null(first)?.is_none() {
        return Ok(None);
    }
    Ok(Some(PublicAccessBlock {
        block_public_acls: row.flag(first)?,
        ignore_public_acls: row.flag(first + 1)?,
        block_public_policy: row.flag(first + 2)?,
        restrict_public_buckets: row.flag(first + 3)?,
    }))
}
