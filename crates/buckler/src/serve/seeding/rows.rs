//! What is made in one transaction: accounts, users, access keys, buckets.

use buckler_iam::{SeedAccount, SeedBucket, SeedKey, SeedUser, new_user_id};
use buckler_metadata::{
    AccessKeyStatus, AccountRow, NewAccessKey, NewBucket, SeedChange, StoreError, UserRow,
};
use buckler_policy::{AccountId, Acl};
use buckler_s3::{BucketName, PublicAccessBlock, Versioning};
use buckler_server::{Clock, ServerConfig};

use super::super::storage::Opened;
use super::report::Report;
use crate::error::Failure;

/// The rows of a seed, in the order in which they can be made.
pub(super) struct Rows<'a> {
    opened: &'a Opened,
    server: &'a ServerConfig,
    list: Vec<SeedChange>,
}

impl<'a> Rows<'a> {
    pub(super) fn new(opened: &'a Opened, server: &'a ServerConfig) -> Self {
        Self {
            opened,
            server,
            list: Vec::new(),
        }
    }

    /// An account with its users, keys and buckets.
    ///
    /// # Errors
    ///
    /// [`Failure`].
    pub(super) async fn account(&mut self, account: &SeedAccount) -> Result<(), Failure> {
        self.list.push(SeedChange::Account(AccountRow {
            id: account.id,
            canonical_id: account.canonical_id,
            name: account.name.clone(),
            email: account.email.clone(),
        }));
        if let Some(root) = &account.root {
            self.key(account.id, None, root).await?;
        }
        for user in &account.users {
            self.user(account.id, user).await?;
        }
        for bucket in &account.buckets {
            self.seeded_bucket(account.id, bucket);
        }
        Ok(())
    }

    async fn user(&mut self, account_id: AccountId, user: &SeedUser) -> Result<(), Failure> {
        self.list.push(SeedChange::User(UserRow {
            unique_id: new_user_id().map_err(Failure::runtime)?,
            account_id,
            path: user.path.as_str().to_owned(),
            name: user.name.to_string(),
            boundary_arn: None,
            tags: user.tags.clone(),
            created_at: Clock::System.now(),
        }));
        if let Some(key) = &user.key {
            self.key(account_id, Some(user), key).await?;
        }
        Ok(())
    }

    /// The access key of the root user, or of a user.
    ///
    /// # Errors
    ///
    /// [`Failure`].
    pub(super) async fn key(
        &mut self,
        account_id: AccountId,
        user: Option<&SeedUser>,
        key: &SeedKey,
    ) -> Result<(), Failure> {
        let sealed = self.sealed(key).await?;
        let key = NewAccessKey {
            access_key_id: key.id.to_string(),
            sealed_secret: sealed,
            status: AccessKeyStatus::Active,
            account_id,
            user_id: None,
        };
        self.list.push(match user {
            None => SeedChange::AccessKey(key),
            Some(user) => SeedChange::UserAccessKey {
                user_name: user.name.to_string(),
                key,
            },
        });
        Ok(())
    }

    /// The secret as it is stored already, so that applying a seed again changes nothing; sealed
    /// anew if it is another.
    async fn sealed(&self, key: &SeedKey) -> Result<Vec<u8>, Failure> {
        let Opened {
            store, master_keys, ..
        } = self.opened;
        let stored = store
            .sealed_secret(key.id.as_str())
            .await
            .map_err(Failure::runtime)?;
        let same = stored.filter(|sealed| {
            master_keys
                .open(&key.id, sealed)
                .is_ok_and(|secret| secret == key.secret)
        });
        match same {
            Some(sealed) => Ok(sealed),
            None => master_keys
                .seal(&key.id, &key.secret)
                .map_err(Failure::runtime),
        }
    }

    fn seeded_bucket(&mut self, owner: AccountId, bucket: &SeedBucket) {
        self.bucket(owner, &bucket.name, bucket.public_access_block);
        if let Some(is_on) = bucket.public_access_block {
            self.list.push(SeedChange::PublicAccessBlock {
                bucket: bucket.name.clone(),
                block: block(is_on),
            });
        }
        if bucket.versioning {
            self.list.push(SeedChange::Versioning {
                bucket: bucket.name.clone(),
                versioning: Versioning::Enabled,
            });
        }
    }

    /// A bucket; `public_access_block` is the server's default if absent.
    pub(super) fn bucket(
        &mut self,
        owner: AccountId,
        name: &BucketName,
        public_access_block: Option<bool>,
    ) {
        let is_on = public_access_block.unwrap_or(self.server.new_bucket_public_access_block);
        self.list.push(SeedChange::Bucket(NewBucket {
            name: name.clone(),
            owner,
            region: self.server.region.clone(),
            object_ownership: self.server.new_bucket_ownership,
            public_access_block: block(is_on),
            acl: Acl::OwnersAlone,
            created_at: Clock::System.now(),
        }));
    }

    /// Makes all of them in one transaction.
    ///
    /// # Errors
    ///
    /// [`Failure`].
    pub(super) async fn apply(self, report: &mut Report) -> Result<(), Failure> {
        let names: Vec<_> = self.list.iter().map(name_of).collect();
        let applied = self
            .opened
            .store
            .apply_seed(self.list, Clock::System.now())
            .await;
        let outcomes = applied.map_err(|error| match error {
            StoreError::Duplicate => Failure::configuration(
                "the accounts file claims a bucket, access key or canonical id that another account has",
            ),
            other => Failure::runtime(other),
        })?;
        for (name, outcome) in names.iter().zip(outcomes) {
            report.note(outcome, name);
        }
        Ok(())
    }
}

/// What a change is about, without its secrets.
pub(super) fn name_of(change: &SeedChange) -> String {
    match change {
        SeedChange::Account(account) => format!("account {}", account.id),
        SeedChange::User(user) => format!("user {} of account {}", user.name, user.account_id),
        SeedChange::AccessKey(key) | SeedChange::UserAccessKey { key, .. } => {
            format!(
                "access key {} of account {}",
                key.access_key_id, key.account_id
            )
        }
        SeedChange::Bucket(bucket) => format!("bucket {}", bucket.name),
        SeedChange::BucketPolicy { bucket, .. } => format!("the policy of bucket {bucket}"),
        SeedChange::PublicAccessBlock { bucket, .. } => {
            format!("the public access block of bucket {bucket}")
        }
        SeedChange::Versioning { bucket, .. } => format!("the versioning of bucket {bucket}"),
    }
}

fn block(is_on: bool) -> Option<PublicAccessBlock> {
    is_on.then_some(PublicAccessBlock::ALL)
}
