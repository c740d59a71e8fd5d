//! IAM users.

use buckler_policy::AccountId;
use time::OffsetDateTime;

use crate::{
    Store, StoreError, Upserted,
    connection::Connection,
    record::Record,
    sql::{statements, values},
    times,
};

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

statements! {
    BY_NAME = "SELECT unique_id, account_id, path, name, boundary_arn FROM users
        WHERE account_id = $1 AND lower(name) = lower($2)";
    BY_UNIQUE_ID = "SELECT unique_id, account_id, path, name, boundary_arn FROM users WHERE unique_id = $1";
    INSERT = "INSERT INTO users (unique_id, account_id, path, name, boundary_arn, created_at)
        VALUES ($1, $2, $3, $4, $5, $6)";
    UPDATE = "UPDATE users SET path = $1, boundary_arn = $2 WHERE unique_id = $3";
}

impl Store {
    /// Makes a user, or changes path and boundary of the one of this name, who keeps the unique id it has.
    ///
    /// # Errors
    /// [`StoreError::MissingParent`] if the account is unknown; [`StoreError::Duplicate`] if the unique id is taken.
    pub async fn upsert_user(
        &self,
        user: UserRow,
        now: OffsetDateTime,
    ) -> Result<Upserted, StoreError> {
        let write = self.engine.write((user, now), |c, (user, now)| {
            Box::pin(upsert(c, user, *now))
        });
        write.await
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
    now: OffsetDateTime,
) -> Result<Upserted, StoreError> {
    let (path, boundary) = (user.path.as_str(), user.boundary_arn.as_deref());
    let Some(known) = by_name(connection, &user.account_id, &user.name).await? else {
        let row = values![
            user.unique_id.as_str(),
            user.account_id.as_str(),
            path,
            user.name.as_str(),
            boundary,
            times::to_micros(now)
        ];
        connection.execute(INSERT, row).await?;
        return Ok(Upserted::Created);
    };
    if known.path == user.path && known.boundary_arn == user.boundary_arn {
        return Ok(Upserted::Unchanged);
    }
    connection
        .execute(UPDATE, values![path, boundary, known.unique_id.as_str()])
        .await?;
    Ok(Upserted::Changed)
}

fn read_user(row: &Record<'_>) -> Result<UserRow, StoreError> {
    Ok(UserRow {
        unique_id: row.text(0)?.to_owned(),
        account_id: row.parsed(1, |text| AccountId::parse(text).ok())?,
        path: row.text(2)?.to_owned(),
        name: row.text(3)?.to_owned(),
        boundary_arn: row.text_or_null(4)?.map(str::to_owned),
    })
}
