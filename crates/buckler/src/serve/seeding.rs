//! What must be there when the server listens: the first account, the seed, and the buckets of
//! the environment.
//!
//! Accounts, users, keys and buckets are made in one transaction. Then come what users, groups and roles hold, as calls
//! of IAM would make it, and at last the policies of buckets, which may name all of them. A mistake that only the store
//! can know of ends the start; what was made before it stays, and the next start goes on.

mod groups;
mod holdings;
mod managed_policies;
mod report;
mod roles;
mod rows;
mod users;

use buckler_iam::{
    AccessKeyId, SecretAccessKey, Seed, SeedAccount, SeedKey, canonical_id_of, new_access_key_id,
    new_secret_access_key,
};
use buckler_metadata::SeedChange;
use buckler_policy::AccountId;
use buckler_server::{Clock, bind_bucket_policy};

use super::first_start::FirstStart;
use super::storage::Opened;
use crate::config::{Configuration, Storage};
use crate::error::Failure;
use holdings::Seeding;
use report::Report;
use rows::Rows;

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
    let frozen = opened.store.frozen().await.map_err(Failure::runtime)?;
    if frozen.is_some() {
        tracing::warn!("the store takes no changes while it is migrated: the seed is not applied");
        return Ok(None);
    }
    let existing = opened.store.accounts().await.map_err(Failure::runtime)?;
    let first = match (existing.first(), configuration.seed.accounts.first()) {
        (None, None) => Some(first_account(configuration)?),
        _ => None,
    };
    let mut report = Report::default();
    let mut rows = Rows::new(opened, &configuration.server);
    if let Some(first) = &first {
        rows.account(&first_seed(first)?).await?;
    }
    for account in &configuration.seed.accounts {
        rows.account(account).await?;
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
            rows.key(owner, None, root).await?;
        }
        configuration
            .buckets
            .iter()
            .for_each(|bucket| rows.bucket(owner, bucket, None));
    }
    rows.apply(&mut report).await?;
    identities(&configuration.seed, opened, &mut report).await?;
    bucket_policies(&configuration.seed, opened, &mut report).await?;
    report.summarize();
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
        policies: Vec::new(),
        users: Vec::new(),
        groups: Vec::new(),
        roles: Vec::new(),
        buckets: Vec::new(),
    })
}

/// What the identities of a seed are and hold. Policies come first, because all others may hold them; roles last and in
/// the order of the file, because a role may trust all others and the roles before it.
async fn identities(seed: &Seed, opened: &Opened, report: &mut Report) -> Result<(), Failure> {
    for account in &seed.accounts {
        let mut seeding = Seeding::new(&opened.store, account.id, report);
        seeding.managed_policies(&account.policies).await?;
        seeding.users(&account.users).await?;
        seeding.groups(&account.groups).await?;
    }
    for account in &seed.accounts {
        let mut seeding = Seeding::new(&opened.store, account.id, report);
        seeding.roles(&account.roles).await?;
    }
    Ok(())
}

/// The policies of seeded buckets, when everyone they name is there.
async fn bucket_policies(seed: &Seed, opened: &Opened, report: &mut Report) -> Result<(), Failure> {
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
    let names: Vec<_> = changes.iter().map(rows::name_of).collect();
    let applied = opened.store.apply_seed(changes, Clock::System.now()).await;
    let outcomes = applied.map_err(Failure::runtime)?;
    for (name, outcome) in names.iter().zip(outcomes) {
        report.note(outcome, name);
    }
    Ok(())
}
