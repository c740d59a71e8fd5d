//! What the operator does with accounts, for which AWS has no call.

use buckler_policy::AccountId;
use time::OffsetDateTime;

use crate::{
    AccessKeyStatus, AccountRow, NewAccessKey, Store, StoreError, access_keys, accounts,
    connection::Connection,
    record::Record,
    sql::{statements, values},
};

/// Whether anybody of an account is let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AccountStatus {
    /// Everybody who has the right credentials.
    Enabled,
    /// Nobody. What the account has stays, and others reach it as its policies say.
    Disabled,
}

/// A new account with its root user's first key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAccount {
    /// The account.
    pub account: AccountRow,
    /// A key of its root user.
    pub root_key: NewAccessKey,
}

/// What the operator sees of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountOverview {
    /// The account.
    pub account: AccountRow,
    /// Whether anybody of it is let in.
    pub status: AccountStatus,
    /// Ids of its root user's keys and whether they may be used, by id.
    pub root_keys: Vec<(String, AccessKeyStatus)>,
    /// How many users it has.
    pub users: i64,
    /// How many buckets it has.
    pub buckets: i64,
}

statements! {
    OVERVIEW = "SELECT a.id, a.canonical_id, a.name, a.email, a.is_disabled,
            (SELECT count(*) FROM users u WHERE u.account_id = a.id),
            (SELECT count(*) FROM buckets b WHERE b.owner_id = a.id)
        FROM accounts a ORDER BY a.id";
    ROOT_KEYS = "SELECT id, is_active FROM access_keys WHERE account_id = $1 AND user_id IS NULL ORDER BY id";
    IS_ENABLED = "SELECT id FROM accounts WHERE id = $1 AND is_disabled = 0";
    SET_STATUS = "UPDATE accounts SET is_disabled = $1 WHERE id = $2";
    SET_ROOT_KEYS = "UPDATE access_keys SET is_active = $1 WHERE account_id = $2 AND user_id IS NULL";
    DELETE_INACTIVE_ROOT_KEYS =
        "DELETE FROM access_keys WHERE account_id = $1 AND user_id IS NULL AND is_active = 0";
}

impl Store {
    /// Makes an account.
    ///
    /// # Errors
    /// [`StoreError::Duplicate`] if its id, its canonical id or the key is taken.
    pub async fn create_account(
        &self,
        new: NewAccount,
        now: OffsetDateTime,
    ) -> Result<(), StoreError> {
        let write = self.engine.write((new, now), |c, (new, now)| {
            Box::pin(async move {
                if accounts::by_id(c, &new.account.id).await?.is_some() {
                    return Err(StoreError::Duplicate);
                }
                accounts::upsert(c, &new.account, *now).await?;
                access_keys::upsert(c, &new.root_key, *now).await.map(drop)
            })
        });
        write.await
    }

    /// All accounts, by id.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn account_overviews(&self) -> Result<Vec<AccountOverview>, StoreError> {
        let read = self.engine.read(&(), |c, ()| {
            Box::pin(async move {
                let mut overviews = c.all(OVERVIEW, &[], read_overview).await?;
                for overview in &mut overviews {
                    overview.root_keys = root_keys(c, &overview.account.id).await?;
                }
                Ok(overviews)
            })
        });
        read.await
    }

    /// Lets everybody of an account in, or nobody. `false` if there is no such account.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn set_account_status(
        &self,
        account: AccountId,
        status: AccountStatus,
    ) -> Result<bool, StoreError> {
        let is_disabled = status == AccountStatus::Disabled;
        let write = self
            .engine
            .write((account, is_disabled), |c, (account, is_disabled)| {
                Box::pin(async move {
                    let row = values![*is_disabled, account.as_str()];
                    Ok(c.execute(SET_STATUS, row).await? > 0)
                })
            });
        write.await
    }

    /// An account that is not disabled.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn enabled_account(&self, id: &AccountId) -> Result<Option<AccountRow>, StoreError> {
        let read = self.engine.read(id, |c, id| {
            Box::pin(async move {
                let enabled = c.one(IS_ENABLED, values![id.as_str()], |_| Ok(())).await?;
                match enabled {
                    Some(()) => accounts::by_id(c, id).await,
                    None => Ok(None),
                }
            })
        });
        read.await
    }

    /// Lets the root user's keys be used, or not. Returns how many there are.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn set_root_keys_status(
        &self,
        account: AccountId,
        status: AccessKeyStatus,
    ) -> Result<u64, StoreError> {
        let is_active = status == AccessKeyStatus::Active;
        let write = self
            .engine
            .write((account, is_active), |c, (account, is_active)| {
                Box::pin(async move {
                    let row = values![*is_active, account.as_str()];
                    c.execute(SET_ROOT_KEYS, row).await
                })
            });
        write.await
    }

    /// Gives the root user of `key`'s account this key, and makes those that it had inactive; what was inactive
    /// already is deleted. The key names no user.
    ///
    /// # Errors
    /// [`StoreError::MissingParent`] if there is no such account; [`StoreError::Duplicate`] if the key is taken.
    pub async fn replace_root_key(
        &self,
        key: NewAccessKey,
        now: OffsetDateTime,
    ) -> Result<(), StoreError> {
        let write = self.engine.write((key, now), |c, (key, now)| {
            Box::pin(async move {
                let account = key.account_id.as_str();
                c.execute(DELETE_INACTIVE_ROOT_KEYS, values![account])
                    .await?;
                c.execute(SET_ROOT_KEYS, values![false, account]).await?;
                access_keys::upsert(c, key, *now).await.map(drop)
            })
        });
        write.await
    }
}

async fn root_keys(
    connection: &mut Connection,
    account: &AccountId,
) -> Result<Vec<(String, AccessKeyStatus)>, StoreError> {
    connection
        .all(ROOT_KEYS, values![account.as_str()], |row| {
            let status = if row.flag(1)? {
                AccessKeyStatus::Active
            } else {
                AccessKeyStatus::Inactive
            };
            Ok((row.text(0)?.to_owned(), status))
        })
        .await
}

fn read_overview(row: &Record<'_>) -> Result<AccountOverview, StoreError> {
    Ok(AccountOverview {
        account: accounts::read_account_from(row, [0, 1, 2, 3])?,
        status: if row.flag(4)? {
            AccountStatus::Disabled
        } else {
            AccountStatus::Enabled
        },
        root_keys: Vec::new(),
        users: row.int(5)?,
        buckets: row.int(6)?,
    })
}
