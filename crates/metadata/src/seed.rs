//! The declarative seed: rows that are to be there when the server has started.

use buckler_s3::{BucketName, PublicAccessBlock, Versioning};
use time::OffsetDateTime;

use crate::{
    AccountRow, BucketRow, CreateBucket, NewAccessKey, NewBucket, Store, StoreError, Upserted,
    UserRow, access_keys, accounts, bucket_settings, buckets, connection::Connection, users,
};

/// One thing that is to be as given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SeedChange {
    /// An account.
    Account(AccountRow),
    /// A user; the unique id counts only if the user is new, and one that is there keeps boundary and tags.
    User(UserRow),
    /// An access key of an account root or of a user by unique id; one that is there keeps its status.
    AccessKey(NewAccessKey),
    /// An access key of the user of this name; the key's own `user_id` does not count.
    UserAccessKey {
        /// The user's name.
        user_name: String,
        /// The key.
        key: NewAccessKey,
    },
    /// A bucket; one that is there keeps its settings.
    Bucket(NewBucket),
    /// A bucket's policy, in its stored form.
    BucketPolicy {
        /// The bucket.
        bucket: BucketName,
        /// The document.
        policy: String,
    },
    /// A bucket's Block Public Access.
    PublicAccessBlock {
        /// The bucket.
        bucket: BucketName,
        /// The setting; `None` for no configuration.
        block: Option<PublicAccessBlock>,
    },
    /// A bucket's versioning state.
    Versioning {
        /// The bucket.
        bucket: BucketName,
        /// The state.
        versioning: Versioning,
    },
}

impl Store {
    /// Makes everything as given, in order and in one transaction; says of each change what it did. Safe to repeat.
    ///
    /// # Errors
    /// [`StoreError::Duplicate`] if a bucket, key or canonical id is someone else's; [`StoreError::MissingParent`] if
    /// a change names what does not exist. Nothing changed then.
    pub async fn apply_seed(
        &self,
        changes: Vec<SeedChange>,
        now: OffsetDateTime,
    ) -> Result<Vec<Upserted>, StoreError> {
        let write = self.engine.write((changes, now), |c, (changes, now)| {
            Box::pin(async move {
                let mut upserted = Vec::with_capacity(changes.len());
                for change in changes {
                    upserted.push(apply(c, change, *now).await?);
                }
                Ok(upserted)
            })
        });
        write.await
    }
}

async fn apply(
    connection: &mut Connection,
    change: &SeedChange,
    now: OffsetDateTime,
) -> Result<Upserted, StoreError> {
    match change {
        SeedChange::Account(account) => accounts::upsert(connection, account, now).await,
        SeedChange::User(user) => users::upsert(connection, user).await,
        SeedChange::AccessKey(key) => access_keys::declare(connection, key, now).await,
        SeedChange::UserAccessKey { user_name, key } => {
            let user = users::by_name(connection, &key.account_id, user_name)
                .await?
                .ok_or(StoreError::MissingParent)?;
            let mut key = key.clone();
            key.user_id = Some(user.unique_id);
            access_keys::declare(connection, &key, now).await
        }
        SeedChange::Bucket(bucket) => match buckets::create(connection, bucket).await? {
            CreateBucket::Created(_) => Ok(Upserted::Created),
            CreateBucket::AlreadyOwned(_) => Ok(Upserted::Unchanged),
            CreateBucket::AlreadyExists => Err(StoreError::Duplicate),
        },
        SeedChange::BucketPolicy { bucket, policy } => {
            let known = known(connection, bucket).await?;
            if known.policy.as_ref() == Some(policy) {
                return Ok(Upserted::Unchanged);
            }
            bucket_settings::put_policy(connection, known.id, Some(policy)).await?;
            Ok(known
                .policy
                .map_or(Upserted::Created, |_| Upserted::Changed))
        }
        SeedChange::PublicAccessBlock { bucket, block } => {
            let known = known(connection, bucket).await?;
            if known.public_access_block == *block {
                return Ok(Upserted::Unchanged);
            }
            bucket_settings::put_block(connection, known.id, *block).await?;
            Ok(Upserted::Changed)
        }
        SeedChange::Versioning { bucket, versioning } => {
            let known = known(connection, bucket).await?;
            if known.versioning == Some(*versioning) {
                return Ok(Upserted::Unchanged);
            }
            bucket_settings::put_versioning(connection, known.id, *versioning, None).await?;
            Ok(Upserted::Changed)
        }
    }
}

async fn known(connection: &mut Connection, name: &BucketName) -> Result<BucketRow, StoreError> {
    buckets::by_name(connection, name)
        .await?
        .ok_or(StoreError::MissingParent)
}
