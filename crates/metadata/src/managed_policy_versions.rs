//! Versions of managed policies: at most five at a time, one of which counts.

use buckler_policy::AccountId;
use time::OffsetDateTime;

use crate::{
    EntityKind, IamError, IamLimit, IamRefusal, Reference, Store, StoreError,
    connection::Connection,
    iam_change::{parted, within},
    identities, managed_policies,
    record::Record,
    sql::{statements, values},
    times,
};

/// Most versions of a managed policy. Source: facts: authorization.md 7.5.
const VERSIONS_MAX: u64 = 5;

/// One version of a managed policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyVersionRow {
    /// Its number; never used again in its policy.
    pub version: i64,
    /// The document, as it was sent.
    pub document: String,
    /// Whether it is the one that counts.
    pub is_default: bool,
    /// When it was made.
    pub created_at: OffsetDateTime,
}

/// A version to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPolicyVersion {
    /// The policy's account.
    pub account: AccountId,
    /// The policy's ARN.
    pub arn: String,
    /// The document, as it was sent.
    pub document: String,
    /// Whether it is to count from now on.
    pub is_default: bool,
    /// Now.
    pub created_at: OffsetDateTime,
}

/// An existing version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyVersionName {
    /// The policy's account.
    pub account: AccountId,
    /// The policy's ARN.
    pub arn: String,
    /// The version's number.
    pub version: i64,
}

statements! {
    LIST = "SELECT v.version, v.document, v.created_at, CAST(CASE WHEN v.version = m.default_version THEN 1 ELSE 0 END AS BIGINT)
        FROM managed_policies m JOIN managed_policy_versions v ON v.policy_id = m.unique_id
        WHERE m.arn = $1 ORDER BY v.version DESC";
    EXISTS = "SELECT version FROM managed_policy_versions WHERE policy_id = $1 AND version = $2";
    COUNT = "SELECT count(*) FROM managed_policy_versions WHERE policy_id = $1";
    NEWEST = "SELECT newest_version FROM managed_policies WHERE unique_id = $1";
    INSERT = "INSERT INTO managed_policy_versions (policy_id, version, document, created_at) VALUES ($1, $2, $3, $4)";
    SET_NEWEST = "UPDATE managed_policies SET newest_version = $1 WHERE unique_id = $2";
    SET_DEFAULT = "UPDATE managed_policies SET default_version = $1, updated_at = $2 WHERE unique_id = $3";
    DELETE = "DELETE FROM managed_policy_versions WHERE policy_id = $1 AND version = $2";
}

impl Store {
    /// The versions of a managed policy, the newest first; none if there is no such policy.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn policy_versions(&self, arn: &str) -> Result<Vec<PolicyVersionRow>, StoreError> {
        let read = self.engine.read(arn, |c, arn| {
            Box::pin(async move { c.all(LIST, values![arn], read_version).await })
        });
        read.await
    }

    /// Makes a version and returns its number.
    ///
    /// # Errors
    /// [`IamRefusal::NoSuchEntity`]; [`IamRefusal::LimitExceeded`].
    pub async fn create_policy_version(&self, version: NewPolicyVersion) -> Result<i64, IamError> {
        let change = self.change(version, |c, version| {
            Box::pin(async move { parted(create(c, version).await) })
        });
        change.await
    }

    /// Lets another version count from now on.
    ///
    /// # Errors
    /// [`IamRefusal::NoSuchEntity`].
    pub async fn set_default_policy_version(
        &self,
        version: PolicyVersionName,
        now: OffsetDateTime,
    ) -> Result<(), IamError> {
        let change = self.change((version, now), |c, (version, now)| {
            Box::pin(async move { parted(set_default(c, version, *now).await) })
        });
        change.await
    }

    /// Deletes a version that does not count.
    ///
    /// # Errors
    /// [`IamRefusal::NoSuchEntity`]; [`IamRefusal::Referenced`] for the default version.
    pub async fn delete_policy_version(&self, version: PolicyVersionName) -> Result<(), IamError> {
        let change = self.change(version, |c, version| {
            Box::pin(async move { parted(delete(c, version).await) })
        });
        change.await
    }
}

async fn create(connection: &mut Connection, version: &NewPolicyVersion) -> Result<i64, IamError> {
    connection.lock_account(&version.account).await?;
    let policy = managed_policies::found(connection, &version.account, &version.arn).await?;
    let id = policy.unique_id.as_str();
    let count = identities::count(connection, COUNT, id).await?;
    within(
        IamLimit::VersionsPerPolicy,
        &policy.name,
        count,
        VERSIONS_MAX,
    )?;
    let number = identities::count(connection, NEWEST, id).await? + 1;
    let created_at = times::to_micros(version.created_at);
    let row = values![id, number, version.document.as_str(), created_at];
    connection.execute(INSERT, row).await?;
    connection.execute(SET_NEWEST, values![number, id]).await?;
    if version.is_default {
        connection
            .execute(SET_DEFAULT, values![number, created_at, id])
            .await?;
    }
    Ok(number)
}

async fn set_default(
    connection: &mut Connection,
    version: &PolicyVersionName,
    now: OffsetDateTime,
) -> Result<(), IamError> {
    let (id, _) = found(connection, version).await?;
    let row = values![version.version, times::to_micros(now), id.as_str()];
    connection.execute(SET_DEFAULT, row).await?;
    Ok(())
}

async fn delete(connection: &mut Connection, version: &PolicyVersionName) -> Result<(), IamError> {
    let (id, default) = found(connection, version).await?;
    if default == version.version {
        return Err(IamRefusal::Referenced(Reference::DefaultVersion).into());
    }
    let row = values![id.as_str(), version.version];
    connection.execute(DELETE, row).await?;
    Ok(())
}

/// The policy's unique id and default version, if the version is there.
async fn found(
    connection: &mut Connection,
    version: &PolicyVersionName,
) -> Result<(String, i64), IamError> {
    connection.lock_account(&version.account).await?;
    let policy = managed_policies::found(connection, &version.account, &version.arn).await?;
    let row = values![policy.unique_id.as_str(), version.version];
    let exists = connection.one(EXISTS, row, |_| Ok(())).await?;
    let name = format!("{} version v{}", version.arn, version.version);
    exists.ok_or_else(|| IamRefusal::no_such(EntityKind::PolicyVersion, &name))?;
    Ok((policy.unique_id, policy.default_version))
}

fn read_version(row: &Record<'_>) -> Result<PolicyVersionRow, StoreError> {
    Ok(PolicyVersionRow {
        version: row.int(0)?,
        document: row.text(1)?.to_owned(),
        created_at: row.time(2)?,
        is_default: row.flag(3)?,
    })
}
