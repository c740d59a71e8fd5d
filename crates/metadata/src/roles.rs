//! IAM roles.

use buckler_policy::AccountId;
use buckler_s3::TagSet;
use time::OffsetDateTime;

use crate::{
    IamError, IamLimit, IdentityKind, IdentityName, NameList, Store, StoreError,
    connection::Connection,
    documents,
    iam_change::{parted, within},
    identities, managed_policies,
    record::Record,
    sql::{statements, values},
    times,
};

/// Most roles of an account. Source: facts: authorization.md 7.5.
const ROLES_MAX: u64 = 1_000;

/// A role of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleRow {
    /// `AROA…`; dies with the role.
    pub unique_id: String,
    /// The account.
    pub account_id: AccountId,
    /// `/`, or `/division/`.
    pub path: String,
    /// The name; unique in its account whatever the letter case.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// Who may assume it.
    pub trust: TrustPolicy,
    /// How long a session may last: 3,600 to 43,200 seconds.
    pub max_session_seconds: i64,
    /// The ARN of the managed policy that bounds the role's permissions.
    pub boundary_arn: Option<String>,
    /// Its tags.
    pub tags: TagSet,
    /// When it was made.
    pub created_at: OffsetDateTime,
}

/// A role's trust policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustPolicy {
    /// The document as it was sent.
    pub document: String,
    /// The form that decides: its principals are bound to unique ids.
    pub bound: String,
}

impl RoleRow {
    /// `arn:aws:iam::111122223333:role/division/reader`.
    pub fn arn(&self) -> String {
        format!(
            "arn:aws:iam::{}:role{}{}",
            self.account_id, self.path, self.name
        )
    }
}

/// The columns that [`read_role_from`] reads.
macro_rules! select_roles {
    ($rest:literal) => {
        concat!(
            "SELECT unique_id, account_id, path, name, boundary_arn, tags, created_at, description,
                trust_document, trust_policy, max_session_seconds FROM roles ",
            $rest
        )
    };
}

statements! {
    BY_NAME = select_roles!("WHERE account_id = $1 AND lower(name) = lower($2)");
    BY_UNIQUE_ID = select_roles!("WHERE unique_id = $1");
    LIST = select_roles!("WHERE account_id = $1 AND lower(name) > lower($2)
        AND substr(path, 1, length(CAST($3 AS TEXT))) = CAST($3 AS TEXT) ORDER BY lower(name) LIMIT $4");
    COUNT = "SELECT count(*) FROM roles WHERE account_id = $1";
    INSERT = "INSERT INTO roles (unique_id, account_id, path, name, boundary_arn, tags, created_at, description,
            trust_document, trust_policy, max_session_seconds)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    DESCRIBE = "UPDATE roles SET description = $1 WHERE unique_id = $2";
    MAX_SESSION = "UPDATE roles SET max_session_seconds = $1 WHERE unique_id = $2";
    TRUST = "UPDATE roles SET trust_document = $1, trust_policy = $2 WHERE unique_id = $3";
    DELETE = "DELETE FROM roles WHERE unique_id = $1";
}

/// What of a role is to be changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RoleChange {
    /// Description and longest session; `None` keeps what is there.
    Settings {
        /// The description.
        description: Option<String>,
        /// The longest session, in seconds.
        max_session_seconds: Option<i64>,
    },
    /// Who may assume it.
    Trust(TrustPolicy),
}

impl Store {
    /// Makes a role.
    ///
    /// # Errors
    /// [`crate::IamRefusal::AlreadyExists`]; [`crate::IamRefusal::LimitExceeded`];
    /// [`crate::IamRefusal::NoSuchEntity`] for a boundary that is none of the account's.
    pub async fn create_role(&self, role: RoleRow) -> Result<(), IamError> {
        let change = self.change(role, |c, role| {
            Box::pin(async move { parted(create(c, role).await) })
        });
        change.await
    }

    /// A role by account and name.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn role_by_name(
        &self,
        account: &AccountId,
        name: &str,
    ) -> Result<Option<RoleRow>, StoreError> {
        let named = named(account, name);
        let read = self.engine.read(&named, |c, named| {
            Box::pin(async move {
                let named = values![named.account.as_str(), named.name.as_str()];
                c.one(BY_NAME, named, read_role).await
            })
        });
        read.await
    }

    /// A role by ARN; the path must be the role's.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn role_by_arn(&self, arn: &str) -> Result<Option<RoleRow>, StoreError> {
        let Some((account, name)) = parse_arn(arn) else {
            return Ok(None);
        };
        let role = self.role_by_name(&account, name).await?;
        Ok(role.filter(|role| role.arn() == arn))
    }

    /// A role by unique id.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn role_by_unique_id(&self, id: &str) -> Result<Option<RoleRow>, StoreError> {
        let read = self.engine.read(id, |c, id| {
            Box::pin(async move { c.one(BY_UNIQUE_ID, values![id], read_role).await })
        });
        read.await
    }

    /// Roles of an account, by name.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn list_roles(&self, list: &NameList) -> Result<Vec<RoleRow>, StoreError> {
        let read = self.engine.read(list, |c, list| {
            Box::pin(async move { c.all(LIST, &list.values(), read_role).await })
        });
        read.await
    }

    /// Changes a role.
    ///
    /// # Errors
    /// [`crate::IamRefusal::NoSuchEntity`].
    pub async fn update_role(
        &self,
        account: AccountId,
        name: String,
        change: RoleChange,
    ) -> Result<(), IamError> {
        let arguments = (named(&account, &name), change);
        let change = self.change(arguments, |c, (named, change)| {
            Box::pin(async move { parted(update(c, named, change).await) })
        });
        change.await
    }

    /// Deletes a role that holds no policies. Sessions of it are refused from then on.
    ///
    /// # Errors
    /// [`crate::IamRefusal::NoSuchEntity`]; [`crate::IamRefusal::Referenced`].
    pub async fn delete_role(&self, account: AccountId, name: String) -> Result<(), IamError> {
        let change = self.change(named(&account, &name), |c, named| {
            Box::pin(async move { parted(delete(c, named).await) })
        });
        change.await
    }
}

async fn create(connection: &mut Connection, role: &RoleRow) -> Result<(), IamError> {
    let account = &role.account_id;
    connection.lock_account(account).await?;
    identities::is_free(connection, &named(account, &role.name), "").await?;
    let count = identities::count(connection, COUNT, account.as_str()).await?;
    within(IamLimit::RolesPerAccount, "", count, ROLES_MAX)?;
    if let Some(arn) = &role.boundary_arn {
        managed_policies::is_attachable(connection, account, arn).await?;
    }
    let tags = documents::write_tags(&role.tags);
    let row = values![
        role.unique_id.as_str(),
        account.as_str(),
        role.path.as_str(),
        role.name.as_str(),
        role.boundary_arn.as_deref(),
        tags.as_deref(),
        times::to_micros(role.created_at),
        role.description.as_deref(),
        role.trust.document.as_str(),
        role.trust.bound.as_str(),
        role.max_session_seconds
    ];
    connection.execute(INSERT, row).await?;
    Ok(())
}

async fn update(
    connection: &mut Connection,
    role: &IdentityName,
    change: &RoleChange,
) -> Result<(), IamError> {
    connection.lock_account(&role.account).await?;
    let id = identities::found(connection, role).await?;
    match change {
        RoleChange::Settings {
            description,
            max_session_seconds,
        } => {
            if let Some(text) = description {
                connection
                    .execute(DESCRIBE, values![text.as_str(), id.as_str()])
                    .await?;
            }
            if let Some(seconds) = max_session_seconds {
                connection
                    .execute(MAX_SESSION, values![*seconds, id.as_str()])
                    .await?;
            }
        }
        RoleChange::Trust(trust) => {
            let row = values![trust.document.as_str(), trust.bound.as_str(), id.as_str()];
            connection.execute(TRUST, row).await?;
        }
    }
    Ok(())
}

async fn delete(connection: &mut Connection, role: &IdentityName) -> Result<(), IamError> {
    connection.lock_account(&role.account).await?;
    let id = identities::found(connection, role).await?;
    identities::holds_no_policies(connection, &id).await?;
    connection.execute(DELETE, values![id.as_str()]).await?;
    Ok(())
}

fn parse_arn(arn: &str) -> Option<(AccountId, &str)> {
    let (account, resource) = arn.strip_prefix("arn:aws:iam::")?.split_once(':')?;
    let name = resource.strip_prefix("role/")?.rsplit('/').next()?;
    Some((AccountId::parse(account).ok()?, name))
}

fn named(account: &AccountId, name: &str) -> IdentityName {
    IdentityName {
        account: *account,
        kind: IdentityKind::Role,
        name: name.to_owned(),
    }
}

fn read_role(row: &Record<'_>) -> Result<RoleRow, StoreError> {
    read_role_from(row, 0)
}

/// Reads a role from eleven columns, the first seven of which are those of a user.
pub(crate) fn read_role_from(row: &Record<'_>, first: usize) -> Result<RoleRow, StoreError> {
    Ok(RoleRow {
        unique_id: row.text(first)?.to_owned(),
        account_id: row.parsed(first + 1, |text| AccountId::parse(text).ok())?,
        path: row.text(first + 2)?.to_owned(),
        name: row.text(first + 3)?.to_owned(),
        boundary_arn: row.text_or_null(first + 4)?.map(str::to_owned),
        tags: documents::read_tags(row.text_or_null(first + 5)?)?,
        created_at: row.time(first + 6)?,
        description: row.text_or_null(first + 7)?.map(str::to_owned),
        trust: TrustPolicy {
            document: row.text(first + 8)?.to_owned(),
            bound: row.text(first + 9)?.to_owned(),
        },
        max_session_seconds: row.int(first + 10)?,
    })
}
