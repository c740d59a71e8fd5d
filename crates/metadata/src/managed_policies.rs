//! Managed policies that accounts make. Those of AWS are part of the program and have no rows.

use buckler_policy::AccountId;
use buckler_s3::TagSet;
use time::OffsetDateTime;

use crate::{
    EntityKind, IamError, IamLimit, IamRefusal, NameList, Reference, Store, StoreError,
    connection::Connection,
    documents,
    iam_change::{parted, within},
    identities,
    record::Record,
    sql::{statements, values},
    times,
};

/// Most managed policies of an account. Source: facts: authorization.md 7.5.
const POLICIES_MAX: u64 = 1_500;

/// A managed policy of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManagedPolicyRow {
    /// `ANPA…`.
    pub unique_id: String,
    /// The account.
    pub account_id: AccountId,
    /// `/`, or `/division/`.
    pub path: String,
    /// The name; unique in its account whatever the letter case.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// The number of the version that counts.
    pub default_version: i64,
    /// To how many identities it is attached.
    pub attachment_count: i64,
    /// How many identities it bounds.
    pub boundary_count: i64,
    /// Its tags.
    pub tags: TagSet,
    /// When it was made.
    pub created_at: OffsetDateTime,
    /// When its default version was last changed.
    pub updated_at: OffsetDateTime,
}

impl ManagedPolicyRow {
    /// `arn:aws:iam::111122223333:policy/division/readers`.
    pub fn arn(&self) -> String {
        format!(
            "arn:aws:iam::{}:policy{}{}",
            self.account_id, self.path, self.name
        )
    }
}

/// The columns that [`read_policy`] reads.
macro_rules! select_policies {
    ($rest:literal) => {
        concat!(
            "SELECT m.unique_id, m.account_id, m.path, m.name, m.description, m.default_version,
                (SELECT count(*) FROM attached_policies p WHERE p.policy_arn = m.arn),
                (SELECT count(*) FROM users u WHERE u.boundary_arn = m.arn)
                    + (SELECT count(*) FROM roles r WHERE r.boundary_arn = m.arn),
                m.tags, m.created_at, m.updated_at FROM managed_policies m ",
            $rest
        )
    };
}

statements! {
    BY_ARN = select_policies!("WHERE m.arn = $1");
    LIST = select_policies!("WHERE m.account_id = $1 AND lower(m.name) > lower($2)
        AND substr(m.path, 1, length(CAST($3 AS TEXT))) = CAST($3 AS TEXT) ORDER BY lower(m.name) LIMIT $4");
    SAME_NAME = "SELECT unique_id FROM managed_policies WHERE account_id = $1 AND lower(name) = lower($2)";
    IS_OF_ACCOUNT = "SELECT unique_id FROM managed_policies WHERE arn = $1 AND account_id = $2";
    COUNT = "SELECT count(*) FROM managed_policies WHERE account_id = $1";
    INSERT = "INSERT INTO managed_policies (unique_id, account_id, path, name, arn, description, default_version,
            newest_version, tags, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, 1, 1, $7, $8, $9)";
    INSERT_FIRST = "INSERT INTO managed_policy_versions (policy_id, version, document, created_at)
        VALUES ($1, 1, $2, $3)";
    HAS_VERSIONS = "SELECT version FROM managed_policy_versions WHERE policy_id = $1 AND version <> $2 LIMIT 1";
    DELETE_VERSIONS = "DELETE FROM managed_policy_versions WHERE policy_id = $1";
    DELETE = "DELETE FROM managed_policies WHERE unique_id = $1";
}

impl Store {
    /// Makes a managed policy, with `document` as version 1.
    ///
    /// # Errors
    /// [`IamRefusal::AlreadyExists`]; [`IamRefusal::LimitExceeded`].
    pub async fn create_managed_policy(
        &self,
        policy: ManagedPolicyRow,
        document: String,
    ) -> Result<(), IamError> {
        let change = self.change((policy, document), |c, (policy, document)| {
            Box::pin(async move { parted(create(c, policy, document).await) })
        });
        change.await
    }

    /// A managed policy by ARN.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn managed_policy(&self, arn: &str) -> Result<Option<ManagedPolicyRow>, StoreError> {
        let read = self.engine.read(arn, |c, arn| Box::pin(by_arn(c, arn)));
        read.await
    }

    /// Managed policies of an account, by name.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn list_managed_policies(
        &self,
        list: &NameList,
    ) -> Result<Vec<ManagedPolicyRow>, StoreError> {
        let read = self.engine.read(list, |c, list| {
            Box::pin(async move { c.all(LIST, &list.values(), read_policy).await })
        });
        read.await
    }

    /// Deletes a managed policy that nobody has and that has no version but its default one.
    ///
    /// # Errors
    /// [`IamRefusal::NoSuchEntity`]; [`IamRefusal::Referenced`].
    pub async fn delete_managed_policy(
        &self,
        account: AccountId,
        arn: String,
    ) -> Result<(), IamError> {
        let change = self.change((account, arn), |c, (account, arn)| {
            Box::pin(async move { parted(delete(c, account, arn).await) })
        });
        change.await
    }
}

/// A managed policy of the account, inside a change of it.
pub(crate) async fn found(
    connection: &mut Connection,
    account: &AccountId,
    arn: &str,
) -> Result<ManagedPolicyRow, IamError> {
    let policy = by_arn(connection, arn).await?;
    let policy = policy.filter(|policy| policy.account_id == *account);
    Ok(policy.ok_or_else(|| IamRefusal::no_such(EntityKind::Policy, arn))?)
}

/// Refuses a customer managed policy that is not there or is another account's. Of AWS's own the caller knows.
pub(crate) async fn is_attachable(
    connection: &mut Connection,
    account: &AccountId,
    arn: &str,
) -> Result<(), IamError> {
    if arn.starts_with("arn:aws:iam::aws:policy/") {
        return Ok(());
    }
    let found = connection
        .one(IS_OF_ACCOUNT, values![arn, account.as_str()], |_| Ok(()))
        .await?;
    Ok(found.ok_or_else(|| IamRefusal::no_such(EntityKind::Attachment, arn))?)
}

async fn by_arn(
    connection: &mut Connection,
    arn: &str,
) -> Result<Option<ManagedPolicyRow>, StoreError> {
    connection.one(BY_ARN, values![arn], read_policy).await
}

async fn create(
    connection: &mut Connection,
    policy: &ManagedPolicyRow,
    document: &str,
) -> Result<(), IamError> {
    let account = policy.account_id.as_str();
    connection.lock_account(&policy.account_id).await?;
    let named = values![account, policy.name.as_str()];
    if connection
        .one(SAME_NAME, named, |_| Ok(()))
        .await?
        .is_some()
    {
        return Err(IamRefusal::exists(EntityKind::Policy, &policy.name).into());
    }
    let count = identities::count(connection, COUNT, account).await?;
    within(IamLimit::PoliciesPerAccount, "", count, POLICIES_MAX)?;
    let (arn, tags) = (policy.arn(), documents::write_tags(&policy.tags));
    let (id, now) = (&*policy.unique_id, times::to_micros(policy.created_at));
    let row = values![
        id,
        account,
        policy.path.as_str(),
        policy.name.as_str(),
        arn.as_str(),
        policy.description.as_deref(),
        tags.as_deref(),
        now,
        times::to_micros(policy.updated_at)
    ];
    connection.execute(INSERT, row).await?;
    connection
        .execute(INSERT_FIRST, values![id, document, now])
        .await?;
    Ok(())
}

async fn delete(
    connection: &mut Connection,
    account: &AccountId,
    arn: &str,
) -> Result<(), IamError> {
    connection.lock_account(account).await?;
    let policy = found(connection, account, arn).await?;
    if policy.attachment_count + policy.boundary_count > 0 {
        return Err(IamRefusal::Referenced(Reference::Attachments).into());
    }
    let id = policy.unique_id.as_str();
    let others = connection
        .one(
            HAS_VERSIONS,
            values![id, policy.default_version],
            |_| Ok(()),
        )
        .await?;
    if others.is_some() {
        return Err(IamRefusal::Referenced(Reference::Versions).into());
    }
    connection.execute(DELETE_VERSIONS, values![id]).await?;
    connection.execute(DELETE, values![id]).await?;
    Ok(())
}

fn read_policy(row: &Record<'_>) -> Result<ManagedPolicyRow, StoreError> {
    Ok(ManagedPolicyRow {
        unique_id: row.text(0)?.to_owned(),
        account_id: row.parsed(1, |text| AccountId::parse(text).ok())?,
        path: row.text(2)?.to_owned(),
        name: row.text(3)?.to_owned(),
        description: row.text_or_null(4)?.map(str::to_owned),
        default_version: row.int(5)?,
        attachment_count: row.int(6)?,
        boundary_count: row.int(7)?,
        tags: documents::read_tags(row.text_or_null(8)?)?,
        created_at: row.time(9)?,
        updated_at: row.time(10)?,
    })
}
