//! Settings of a bucket that decisions read. Each change raises the bucket's `security_version`.

use buckler_policy::{Acl, CanonicalId};
use buckler_s3::{MfaDelete, ObjectOwnership, PublicAccessBlock, Versioning};

use crate::{
    Store, StoreError,
    acls::{read_acl, write_acl},
    buckets::NO_OWNERSHIP_CONTROLS,
    connection::Connection,
    sql::{Sql, Value, statements, values},
};

/// What became of changing a bucket's settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BucketChange {
    /// The setting is as asked for. Deleting what was not there counts.
    Changed,
    /// The bucket is gone.
    NoSuchBucket,
}

/// What became of changing who owns what others put.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OwnershipChange {
    /// The setting is as asked for. Deleting what was not there counts.
    Changed,
    /// `BucketOwnerEnforced` was asked for, and the bucket's ACL grants something to others. Nothing changed.
    AclGrantsOthers,
    /// The bucket is gone.
    NoSuchBucket,
}

statements! {
    POLICY = "UPDATE buckets SET policy = $1, security_version = security_version + 1 WHERE id = $2";
    BLOCK = "UPDATE buckets SET block_public_acls = $1, ignore_public_acls = $2, block_public_policy = $3,
        restrict_public_buckets = $4, security_version = security_version + 1 WHERE id = $5";
    OWNERSHIP = "UPDATE buckets SET object_ownership = $1, security_version = security_version + 1 WHERE id = $2";
    ACL = "UPDATE buckets SET acl = $1, security_version = security_version + 1 WHERE id = $2";
    FIND_ACL = "SELECT a.canonical_id, b.acl FROM buckets b JOIN accounts a ON a.id = b.owner_id WHERE b.id = $1";
    VERSIONING = "UPDATE buckets SET versioning = $1, mfa_delete = COALESCE($2, mfa_delete),
        security_version = security_version + 1 WHERE id = $3";
}

impl Store {
    /// Sets the bucket policy, in its stored form.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn put_bucket_policy(
        &self,
        bucket_id: i64,
        policy: String,
    ) -> Result<BucketChange, StoreError> {
        let write = self.engine.write((bucket_id, policy), |c, (id, policy)| {
            Box::pin(async move { put_policy(c, *id, Some(policy)).await })
        });
        write.await
    }

    /// Removes the bucket policy.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn delete_bucket_policy(&self, bucket_id: i64) -> Result<BucketChange, StoreError> {
        let write = self
            .engine
            .write(bucket_id, |c, id| Box::pin(put_policy(c, *id, None)));
        write.await
    }

    /// Sets the bucket's Block Public Access; `None` deletes the configuration.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn put_public_access_block(
        &self,
        bucket_id: i64,
        block: Option<PublicAccessBlock>,
    ) -> Result<BucketChange, StoreError> {
        let write = self.engine.write((bucket_id, block), |c, (id, block)| {
            Box::pin(put_block(c, *id, *block))
        });
        write.await
    }

    /// Sets the versioning state, and MFA delete where it is named. There is no way back to a bucket that never had
    /// versions.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn put_bucket_versioning(
        &self,
        bucket_id: i64,
        versioning: Versioning,
        mfa_delete: Option<MfaDelete>,
    ) -> Result<BucketChange, StoreError> {
        let arguments = (bucket_id, versioning, mfa_delete);
        let write = self
            .engine
            .write(arguments, |c, (id, versioning, mfa_delete)| {
                Box::pin(put_versioning(c, *id, *versioning, *mfa_delete))
            });
        write.await
    }

    /// Sets who owns what others put into the bucket; `None` deletes the setting. Whether its ACL allows that is judged
    /// within the same transaction.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn put_ownership_controls(
        &self,
        bucket_id: i64,
        controls: Option<ObjectOwnership>,
    ) -> Result<OwnershipChange, StoreError> {
        let write = self
            .engine
            .write((bucket_id, controls), |c, (id, controls)| {
                Box::pin(put_ownership(c, *id, *controls))
            });
        write.await
    }

    /// Sets the bucket's ACL.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn put_bucket_acl(
        &self,
        bucket_id: i64,
        acl: Acl,
    ) -> Result<BucketChange, StoreError> {
        let write = self.engine.write((bucket_id, acl), |c, (id, acl)| {
            Box::pin(async move {
                let acl = write_acl(acl);
                update(c, ACL, values![acl.as_deref(), *id]).await
            })
        });
        write.await
    }
}

async fn put_ownership(
    connection: &mut Connection,
    bucket_id: i64,
    controls: Option<ObjectOwnership>,
) -> Result<OwnershipChange, StoreError> {
    connection.lock_bucket(bucket_id).await?;
    if controls == Some(ObjectOwnership::BucketOwnerEnforced) {
        let values = values![bucket_id];
        let found = connection.one(FIND_ACL, values, |row| {
            let owner = row.parsed(0, |text| CanonicalId::parse(text).ok())?;
            Ok(read_acl(row, 1)?.grants_others(owner))
        });
        if found.await? == Some(true) {
            return Ok(OwnershipChange::AclGrantsOthers);
        }
    }
    let name = controls.map_or(NO_OWNERSHIP_CONTROLS, ObjectOwnership::name);
    let updated = update(connection, OWNERSHIP, values![name, bucket_id]).await?;
    Ok(match updated {
        BucketChange::Changed => OwnershipChange::Changed,
        BucketChange::NoSuchBucket => OwnershipChange::NoSuchBucket,
    })
}

pub(crate) async fn put_policy(
    connection: &mut Connection,
    bucket_id: i64,
    policy: Option<&String>,
) -> Result<BucketChange, StoreError> {
    let policy = policy.map(String::as_str);
    update(connection, POLICY, values![policy, bucket_id]).await
}

pub(crate) async fn put_block(
    connection: &mut Connection,
    bucket_id: i64,
    block: Option<PublicAccessBlock>,
) -> Result<BucketChange, StoreError> {
    let flag = |read: fn(PublicAccessBlock) -> bool| block.map(|block| i64::from(read(block)));
    let row = values![
        flag(|block| block.block_public_acls),
        flag(|block| block.ignore_public_acls),
        flag(|block| block.block_public_policy),
        flag(|block| block.restrict_public_buckets),
        bucket_id,
    ];
    update(connection, BLOCK, row).await
}

pub(crate) async fn put_versioning(
    connection: &mut Connection,
    bucket_id: i64,
    versioning: Versioning,
    mfa_delete: Option<MfaDelete>,
) -> Result<BucketChange, StoreError> {
    let mfa_delete = mfa_delete.map(MfaDelete::name);
    let row = values![versioning.name(), mfa_delete, bucket_id];
    update(connection, VERSIONING, row).await
}

async fn update(
    connection: &mut Connection,
    sql: Sql,
    row: &[Value<'_>],
) -> Result<BucketChange, StoreError> {
    Ok(match connection.execute(sql, row).await? {
        0 => BucketChange::NoSuchBucket,
        _ => BucketChange::Changed,
    })
}
