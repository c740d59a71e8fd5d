//! IAM users.

use buckler_policy::AccountId;
use buckler_s3::TagSet;
use time::OffsetDateTime;

use crate::{
    EntityKind, IamError, IamLimit, IamRefusal, IdentityKind, IdentityName, NameList, Reference,
    Store, StoreError, Upserted,
    connection::Connection,
    documents,
    iam_change::{parted, within},
    identities,
    record::Record,
    sql::{statements, values},
    times,
};

/// Most users of an account. Source: facts: authorization.md 7.5.
const USERS_MAX: u64 = 5_000;

/// A user of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserRow {
    /// `AIDA…`; survives renaming, dies with the user.
    pub unique_id: String,
    /// The account.
    pub account_id: AccountId,
    /// `/`, or `/division/`: starts and ends with a slash.
    pub path: String,
    /// The name; unique in its account whatever the letter case.
    pub name: String,
    /// The ARN of the managed policy that bounds the user's permissions.
    pub boundary_arn: Option<String>,
    /// Its tags.
    pub tags: TagSet,
    /// When it was made.
    pub created_at: OffsetDateTime,
}

/// A user's new name and path; `None` keeps what is there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Renaming {
    /// The name.
    pub name: Option<String>,
    /// The path.
    pub path: Option<String>,
}

impl UserRow {
    /// `arn:aws:iam::111122223333:user/division/alice`.
    pub fn arn(&self) -> String {
        format!(
            "arn:aws:iam::{}:user{}{}",
            self.account_id, self.path, self.name
        )
    }
}

/// The columns that [`read_user_from`] reads.
macro_rules! select_users {
    ($rest:literal) => {
        concat!(
            "SELECT unique_id, account_id, path, name, boundary_arn, tags, created_at FROM users ",
            $rest
        )
    };
}

statements! {
    BY_NAME = select_users!("WHERE account_id = $1 AND lower(name) = lower($2)");
    BY_UNIQUE_ID = select_users!("WHERE unique_id = $1");
    LIST = select_users!("WHERE account_id = $1 AND lower(name) > lower($2)
        AND substr(path, 1, length(CAST($3 AS TEXT))) = CAST($3 AS TEXT) ORDER BY lower(name) LIMIT $4");
    COUNT = "SELECT count(*) FROM users WHERE account_id = $1";
    INSERT = "INSERT INTO users (unique_id, account_id, path, name, boundary_arn, tags, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    MOVE = "UPDATE users SET path = $1 WHERE unique_id = $2";
    RENAME = "UPDATE users SET path = $1, name = $2 WHERE unique_id = $3";
    DELETE = "DELETE FROM users WHERE unique_id = $1";
    HAS_KEYS = "SELECT id FROM access_keys WHERE user_id = $1 LIMIT 1";
    HAS_GROUPS = "SELECT group_id FROM group_members WHERE user_id = $1 LIMIT 1";
}

impl Store {
    /// Makes a user, or changes the path of the one of this name, who keeps everything else.
    ///
    /// # Errors
    /// [`StoreError::MissingParent`] if the account is unknown; [`StoreError::Duplicate`] if the unique id is taken.
    pub async fn upsert_user(&self, user: UserRow) -> Result<Upserted, StoreError> {
        let write = self.engine.write(user, |c, user| Box::pin(upsert(c, user)));
        write.await
    }

    /// Makes a user.
    ///
    /// # Errors
    /// [`IamRefusal::AlreadyExists`]; [`IamRefusal::LimitExceeded`]; [`IamRefusal::NoSuchEntity`] for a boundary that
    /// is none of the account's.
    pub async fn create_user(&self, user: UserRow) -> Result<(), IamError> {
        let change = self.change(user, |c, user| {
            Box::pin(async move { parted(create(c, user).await) })
        });
        change.await
    }

    /// Gives a user another name or path. Its unique id stays.
    ///
    /// # Errors
    /// [`IamRefusal::NoSuchEntity`]; [`IamRefusal::AlreadyExists`].
    pub async fn rename_user(
        &self,
        account: AccountId,
        name: String,
        to: Renaming,
    ) -> Result<(), IamError> {
        let change = self.change((account, name, to), |c, (account, name, to)| {
            Box::pin(async move { parted(rename(c, account, name, to).await) })
        });
        change.await
    }

    /// Deletes a user that nothing belongs to any more.
    ///
    /// # Errors
    /// [`IamRefusal::NoSuchEntity`]; [`IamRefusal::Referenced`].
    pub async fn delete_user(&self, account: AccountId, name: String) -> Result<(), IamError> {
        let change = self.change((account, name), |c, (account, name)| {
            Box::pin(async move { parted(delete(c, account, name).await) })
        });
        change.await
    }

    /// Users of an account, by name.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn list_users(&self, list: &NameList) -> Result<Vec<UserRow>, StoreError> {
        let read = self.engine.read(list, |c, list| {
            Box::pin(async move { c.all(LIST, &list.values(), read_user).await })
        });
        read.await
    }

    /// A user by account and name.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn user_by_name(
        &self,
        account: &AccountId,
        name: &str,
    ) -> Result<Option<UserRow>, StoreError> {
        let arguments = (*account, name.to_owned());
        let read = self.engine.read(&arguments, |c, (account, name)| {
            Box::pin(by_name(c, account, name))
        });
        read.await
    }

    /// A user by ARN; the path must be the user's.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn user_by_arn(&self, arn: &str) -> Result<Option<UserRow>, StoreError> {
        let Some((account, name)) = parse_arn(arn) else {
            return Ok(None);
        };
        let user = self.user_by_name(&account, name).await?;
        Ok(user.filter(|user| user.arn() == arn))
    }

    /// A user by unique id.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn user_by_unique_id(&self, id: &str) -> Result<Option<UserRow>, StoreError> {
        let read = self.engine.read(id, |c, id| {
            Box::pin(async move { c.one(BY_UNIQUE_ID, values![id], read_user).await })
        });
        read.await
    }
}

fn parse_arn(arn: &str) -> Option<(AccountId, &str)> {
    let (account, resource) = arn.strip_prefix("arn:aws:iam::")?.split_once(':')?;
    let path_and_name = resource.strip_prefix("user/")?;
    let name = path_and_name.rsplit('/').next()?;
    Some((AccountId::parse(account).ok()?, name))
}

pub(crate) async fn by_name(
    connection: &mut Connection,
    account: &AccountId,
    name: &str,
) -> Result<Option<UserRow>, StoreError> {
    connection
        .one(BY_NAME, values![account.as_str(), name], read_user)
        .await
}

pub(crate) async fn upsert(
    connection: &mut Connection,
    user: &UserRow,
) -> Result<Upserted, StoreError> {
    let Some(known) = by_name(connection, &user.account_id, &user.name).await? else {
        insert(connection, user).await?;
        return Ok(Upserted::Created);
    };
    if known.path == user.path {
        return Ok(Upserted::Unchanged);
    }
    let (path, id) = (user.path.as_str(), known.unique_id.as_str());
    connection.execute(MOVE, values![path, id]).await?;
    Ok(Upserted::Changed)
}

async fn insert(connection: &mut Connection, user: &UserRow) -> Result<(), StoreError> {
    let tags = documents::write_tags(&user.tags);
    let row = values![
        user.unique_id.as_str(),
        user.account_id.as_str(),
        user.path.as_str(),
        user.name.as_str(),
        user.boundary_arn.as_deref(),
        tags.as_deref(),
        times::to_micros(user.created_at)
    ];
    connection.execute(INSERT, row).await.map(drop)
}

async fn create(connection: &mut Connection, user: &UserRow) -> Result<(), IamError> {
    let account = &user.account_id;
    connection.lock_account(account).await?;
    identities::is_free(connection, &named(account, &user.name), "").await?;
    let count = identities::count(connection, COUNT, account.as_str()).await?;
    within(IamLimit::UsersPerAccount, "", count, USERS_MAX)?;
    if let Some(arn) = &user.boundary_arn {
        crate::managed_policies::is_attachable(connection, account, arn).await?;
    }
    Ok(insert(connection, user).await?)
}

async fn rename(
    connection: &mut Connection,
    account: &AccountId,
    name: &str,
    to: &Renaming,
) -> Result<(), IamError> {
    connection.lock_account(account).await?;
    let user = by_name(connection, account, name).await?;
    let user = user.ok_or_else(|| IamRefusal::no_such(EntityKind::User, name))?;
    let (id, name) = (&*user.unique_id, to.name.as_deref().unwrap_or(&user.name));
    identities::is_free(connection, &named(account, name), id).await?;
    let path = to.path.as_deref().unwrap_or(&user.path);
    connection.execute(RENAME, values![path, name, id]).await?;
    Ok(())
}

async fn delete(
    connection: &mut Connection,
    account: &AccountId,
    name: &str,
) -> Result<(), IamError> {
    connection.lock_account(account).await?;
    let id = identities::found(connection, &named(account, name)).await?;
    if identities::exists(connection, HAS_GROUPS, &id).await? {
        return Err(IamRefusal::Referenced(Reference::Members).into());
    }
    identities::holds_no_policies(connection, &id).await?;
    if identities::exists(connection, HAS_KEYS, &id).await? {
        return Err(IamRefusal::Referenced(Reference::AccessKeys).into());
    }
    connection.execute(DELETE, values![id.as_str()]).await?;
    Ok(())
}

fn named(account: &AccountId, name: &str) -> IdentityName {
    IdentityName {
        account: *account,
        kind: IdentityKind::User,
        name: name.to_owned(),
    }
}

fn read_user(row: &Record<'_>) -> Result<UserRow, StoreError> {
    read_user_from(row, 0)
}

/// Reads a user from seven columns.
pub(crate) fn read_user_from(row: &Record<'_>, first: usize) -> Result<UserRow, StoreError> {
    Ok(UserRow {
        unique_id: row.text(first)?.to_owned(),
        account_id: row.parsed(first + 1, |text| AccountId::parse(text).ok())?,
        path: row.text(first + 2)?.to_owned(),
        name: row.text(first + 3)?.to_owned(),
        boundary_arn: row.text_or_null(first + 4)?.map(str::to_owned),
        tags: documents::read_tags(row.text_or_null(first + 5)?)?,
        created_at: row.time(first + 6)?,
    })
}
