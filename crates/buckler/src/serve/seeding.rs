//! What must be there when the server listens: the first account, the seed, and the buckets of
//! the environment.

use buckler_iam::{
    AccessKeyId, SecretAccessKey, Seed, SeedAccount, SeedBucket, SeedKey, SeedUser,
    canonical_id_of, new_access_key_id, new_secret_access_key, new_user_id,
};
use buckler_metadata::{
    AccessKeyStatus, AccountRow, AttachedPolicy, InlinePolicy, NewAccessKey, NewBucket, SeedChange,
    StoreError, Upserted, UserRow,
};
use buckler_policy::AccountId;
use buckler_s3::{BucketName, PublicAccessBlock, TagSet, Versioning};
use buckler_server::{Clock, ServerConfig, bind_bucket_policy};

use super::first_start::FirstStart;
use super::seed_roles;
use super::storage::Opened;
use crate::config::{Configuration, Storage};
use crate::error::Failure;

/// The account that a first start makes where no seed names one: AWS's documentation has this id
/// in its examples, so that they work as they are written.
const FIRST_ACCOUNT: &str = "123456789012";
/// The keys of an ephemeral server: those of AWS's documentation.
const EPHEMERAL_ACCESS_KEY: &str = "AKIAIOSFODNN7EXAMPLE";
const EPHEMERAL_SECRET_KEY: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

/// Applies everything; safe to repeat. Gives the account that a first start made.
///
/// # Errors
///
/// [`Failure`].
pub(crate) async fn apply(
    configuration: &Configuration,
    opened: &Opened,
) -> Result<Option<FirstStart>, Failure> {
    let existing = opened.store.accounts().await.map_err(Failure::runtime)?;
    let first = match (existing.first(), configuration.seed.accounts.first()) {
        (None, None) => Some(first_account(configuration)?),
        _ => None,
    };
    let mut changes = Changes {
        opened,
        server: &configuration.server,
        list: Vec::new(),
    };
    if let Some(first) = &first {
        changes.account(&first_seed(first)?).await?;
    }
    for account in &configuration.seed.accounts {
        changes.account(account).await?;
    }
    // The first account: the one just made, the seed's first, or the oldest by id.
    let owner = first
        .as_ref()
        .map(|first| first.account_id)
        .or(configuration
            .seed
            .accounts
            .first()
            .map(|account| account.id))
        .or(existing.first().map(|account| account.id));
    if let Some(owner) = owner {
        if let Some(root) = configuration.root.as_ref().filter(|_| first.is_none()) {
            changes.key(owner, None, root).await?;
        }
        configuration
            .buckets
            .iter()
            .for_each(|bucket| changes.bucket(owner, bucket, None));
    }
    changes.apply().await?;
    seed_roles::apply(&configuration.seed, opened).await?;
    bucket_policies(&configuration.seed, opened).await?;
    Ok(first)
}

/// The account of a first start, with the keys of the environment if it has some, and otherwise
/// with well-known ones where nothing is kept and random ones where something is.
fn first_account(configuration: &Configuration) -> Result<FirstStart, Failure> {
    let is_ephemeral = matches!(configuration.storage, Storage::Ephemeral);
    let account_id = AccountId::parse(FIRST_ACCOUNT).map_err(Failure::runtime)?;
    let (root, generated) = match &configuration.root {
        Some(root) => (root.clone(), false),
        None if is_ephemeral => (ephemeral_key()?, false),
        None => (
            SeedKey {
                id: new_access_key_id().map_err(Failure::runtime)?,
                secret: new_secret_access_key().map_err(Failure::runtime)?,
            },
            true,
        ),
    };
    Ok(FirstStart {
        account_id,
        root,
        generated,
    })
}

fn ephemeral_key() -> Result<SeedKey, Failure> {
    Ok(SeedKey {
        id: AccessKeyId::parse(EPHEMERAL_ACCESS_KEY).map_err(Failure::runtime)?,
        secret: SecretAccessKey::new(EPHEMERAL_SECRET_KEY.to_owned()),
    })
}

fn first_seed(first: &FirstStart) -> Result<SeedAccount, Failure> {
    Ok(SeedAccount {
        id: first.account_id,
        canonical_id: canonical_id_of(&first.account_id)
            .ok_or_else(|| Failure::runtime("no canonical id could be made"))?,
        name: "main".to_owned(),
        email: format!("{}@buckler.invalid", first.account_id),
        root: Some(first.root.clone()),
        users: Vec::new(),
        roles: Vec::new(),
        buckets: Vec::new(),
    })
}

/// The rows of a seed, in the order in which they can be made.
struct Changes<'a> {
    opened: &'a Opened,
    server: &'a ServerConfig,
    list: Vec<SeedChange>,
}

impl Changes<'_> {
    async fn account(&mut self, account: &SeedAccount) -> Result<(), Failure> {
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
            tags: TagSet::default(),
            created_at: Clock::System.now(),
        }));
        if let Some(key) = &user.key {
            self.key(account_id, Some(user), key).await?;
        }
        let user_name = user.name.to_string();
        self.list.extend(user.managed_policies.iter().map(|arn| {
            SeedChange::AttachedPolicy(AttachedPolicy {
                account_id,
                user_name: user_name.clone(),
                policy_arn: arn.clone(),
            })
        }));
        self.list.extend(user.inline_policies.iter().map(|policy| {
            SeedChange::InlinePolicy(InlinePolicy {
                account_id,
                user_name: user_name.clone(),
                name: policy.name.clone(),
                document: policy.document.clone(),
            })
        }));
        Ok(())
    }

    async fn key(
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
            store, master_key, ..
        } = self.opened;
        let stored = store
            .sealed_secret(key.id.as_str())
            .await
            .map_err(Failure::runtime)?;
        let same = stored.filter(|sealed| {
            master_key
                .open(&key.id, sealed)
                .is_ok_and(|secret| secret == key.secret)
        });
        match same {
            Some(sealed) => Ok(sealed),
            None => master_key
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

    fn bucket(&mut self, owner: AccountId, name: &BucketName, public_access_block: Option<bool>) {
        let is_on = public_access_block.unwrap_or(self.server.new_bucket_public_access_block);
        self.list.push(SeedChange::Bucket(NewBucket {
            name: name.clone(),
            owner,
            region: self.server.region.clone(),
            object_ownership: self.server.new_bucket_ownership,
            public_access_block: block(is_on),
            created_at: Clock::System.now(),
        }));
    }

    async fn apply(self) -> Result<(), Failure> {
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
        for (name, outcome) in names.iter().zip(&outcomes) {
            match outcome {
                Upserted::Created => tracing::info!("the accounts file made {name}"),
                Upserted::Changed => tracing::info!("the accounts file changed {name}"),
                Upserted::Unchanged => {}
            }
        }
        let count = |kind| outcomes.iter().filter(|outcome| **outcome == kind).count();
        tracing::info!(
            created = count(Upserted::Created),
            changed = count(Upserted::Changed),
            "accounts applied"
        );
        Ok(())
    }
}

/// What a change is about, without its secrets.
fn name_of(change: &SeedChange) -> String {
    match change {
        SeedChange::Account(account) => format!("account {}", account.id),
        SeedChange::User(user) => format!("user {} of account {}", user.name, user.account_id),
        SeedChange::AccessKey(key) | SeedChange::UserAccessKey { key, .. } => {
            format!(
                "access key {} of account {}",
                key.access_key_id, key.account_id
            )
        }
        SeedChange::InlinePolicy(policy) => {
            format!("inline policy {} of user {}", policy.name, policy.user_name)
        }
        SeedChange::AttachedPolicy(policy) => {
            format!(
                "attachment of {} to user {}",
                policy.policy_arn, policy.user_name
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

/// The policies of seeded buckets, when everyone they name is there.
async fn bucket_policies(seed: &Seed, opened: &Opened) -> Result<(), Failure> {
    let mut changes = Vec::new();
    for bucket in seed.accounts.iter().flat_map(|account| &account.buckets) {
        let Some(policy) = &bucket.policy else {
            continue;
        };
        let stored = bind_bucket_policy(&opened.store, policy.as_bytes(), &bucket.name)
            .await
            .map_err(|error| {
                Failure::configuration(format!("bucket {}: policy: {error}", bucket.name))
            })?;
        changes.push(SeedChange::BucketPolicy {
            bucket: bucket.name.clone(),
            policy: stored,
        });
    }
    opened
        .store
        .apply_seed(changes, Clock::System.now())
        .await
        .map_err(Failure::runtime)?;
    Ok(())
}
