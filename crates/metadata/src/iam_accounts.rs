//! What IAM keeps of an account as a whole: its alias, and how many of each thing it has.

use buckler_policy::AccountId;

use crate::{
    EntityKind, IamError, IamRefusal, Store, StoreError,
    connection::Connection,
    iam_change::parted,
    record::Record,
    sql::{statements, values},
};

/// How many of each thing an account has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AccountCounts {
    /// Users.
    pub users: i64,
    /// Groups.
    pub groups: i64,
    /// Roles.
    pub roles: i64,
    /// Managed policies of its own.
    pub policies: i64,
    /// Versions of these.
    pub policy_versions: i64,
    /// Access keys of root.
    pub root_access_keys: i64,
}

statements! {
    ALIAS = "SELECT alias FROM account_aliases WHERE account_id = $1";
    HOLDER = "SELECT account_id FROM account_aliases WHERE alias = $1";
    SET_ALIAS = "INSERT INTO account_aliases (alias, account_id) VALUES ($1, $2)
        ON CONFLICT (account_id) DO UPDATE SET alias = excluded.alias";
    DELETE_ALIAS = "DELETE FROM account_aliases WHERE alias = $1 AND account_id = $2";
    COUNTS = "SELECT (SELECT count(*) FROM users WHERE account_id = $1),
        (SELECT count(*) FROM user_groups WHERE account_id = $1),
        (SELECT count(*) FROM roles WHERE account_id = $1),
        (SELECT count(*) FROM managed_policies WHERE account_id = $1),
        (SELECT count(*) FROM managed_policies m JOIN managed_policy_versions v ON v.policy_id = m.unique_id
            WHERE m.account_id = $1),
        (SELECT count(*) FROM access_keys WHERE account_id = $1 AND user_id IS NULL)";
}

impl Store {
    /// The alias of an account.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn account_alias(&self, account: &AccountId) -> Result<Option<String>, StoreError> {
        let read = self.engine.read(account, |c, account| {
            Box::pin(async move {
                c.one(ALIAS, values![account.as_str()], |row| {
                    Ok(row.text(0)?.to_owned())
                })
                .await
            })
        });
        read.await
    }

    /// Gives an account an alias, in place of the one it has.
    ///
    /// # Errors
    /// [`IamRefusal::AlreadyExists`] if an account has it.
    pub async fn set_account_alias(
        &self,
        account: AccountId,
        alias: String,
    ) -> Result<(), IamError> {
        let change = self.change((account, alias), |c, (account, alias)| {
            Box::pin(async move { parted(set_alias(c, account, alias).await) })
        });
        match change.await {
            // Two accounts that want it at once: their locks differ.
            Err(IamError::Store(StoreError::Duplicate)) => {
                Err(IamRefusal::exists(EntityKind::AccountAlias, "").into())
            }
            other => other,
        }
    }

    /// Takes an alias away.
    ///
    /// # Errors
    /// [`IamRefusal::NoSuchEntity`] if the account does not have it.
    pub async fn delete_account_alias(
        &self,
        account: AccountId,
        alias: String,
    ) -> Result<(), IamError> {
        let change = self.change((account, alias), |c, (account, alias)| {
            Box::pin(async move { parted(delete_alias(c, account, alias).await) })
        });
        change.await
    }

    /// How many of each thing an account has.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn account_counts(&self, account: &AccountId) -> Result<AccountCounts, StoreError> {
        let read = self.engine.read(account, |c, account| {
            Box::pin(async move {
                let counted = c
                    .one(COUNTS, values![account.as_str()], read_counts)
                    .await?;
                Ok(counted.unwrap_or_default())
            })
        });
        read.await
    }
}

async fn set_alias(
    connection: &mut Connection,
    account: &AccountId,
    alias: &str,
) -> Result<(), IamError> {
    connection.lock_account(account).await?;
    let holder = connection.one(HOLDER, values![alias], |_| Ok(())).await?;
    if holder.is_some() {
        return Err(IamRefusal::exists(EntityKind::AccountAlias, alias).into());
    }
    let row = values![alias, account.as_str()];
    connection.execute(SET_ALIAS, row).await?;
    Ok(())
}

async fn delete_alias(
    connection: &mut Connection,
    account: &AccountId,
    alias: &str,
) -> Result<(), IamError> {
    connection.lock_account(account).await?;
    let row = values![alias, account.as_str()];
    if connection.execute(DELETE_ALIAS, row).await? > 0 {
        return Ok(());
    }
    Err(IamRefusal::no_such(EntityKind::AccountAlias, alias).into())
}

fn read_counts(row: &Record<'_>) -> Result<AccountCounts, StoreError> {
    Ok(AccountCounts {
        users: row.int(0)?,
        groups: row.int(1)?,
        roles: row.int(2)?,
        policies: row.int(3)?,
        policy_versions: row.int(4)?,
        root_access_keys: row.int(5)?,
    })
}
