//! Access keys, and all that authentication needs to know about one.

use std::fmt;

use buckler_policy::AccountId;
use time::OffsetDateTime;

use crate::{
    AccountRow, HeldPolicies, Store, StoreError, Upserted, UserRow,
    accounts::read_account_from,
    connection::Connection,
    held_policies::{assemble, read_part, with_policies},
    record::Record,
    sql::{statements, values},
    times,
    users::read_user_from,
};

/// Whether a key may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AccessKeyStatus {
    /// It may.
    Active,
    /// It is kept, but refused.
    Inactive,
}

/// An access key to be stored.
#[derive(Clone, PartialEq, Eq)]
pub struct NewAccessKey {
    /// 1 to 128 characters, unique among all accounts.
    pub access_key_id: String,
    /// The secret, sealed under the master key. This crate cannot open it.
    pub sealed_secret: Vec<u8>,
    /// Whether it may be used.
    pub status: AccessKeyStatus,
    /// The account.
    pub account_id: AccountId,
    /// The user's unique id; `None` for the account root's key.
    pub user_id: Option<String>,
}

/// A key, whose it is, and the policies of its identity.
#[derive(Clone, PartialEq, Eq)]
pub struct CredentialRow {
    /// The key's id.
    pub access_key_id: String,
    /// The secret, sealed under the master key.
    pub sealed_secret: Vec<u8>,
    /// Whether it may be used.
    pub status: AccessKeyStatus,
    /// The account.
    pub account: AccountRow,
    /// The user; `None` for the account root.
    pub user: Option<UserRow>,
    /// The user's policies, as they are now; none for the account root.
    pub policies: HeldPolicies,
}

statements! {
    BY_ID = "SELECT account_id, user_id, sealed_secret, is_active FROM access_keys WHERE id = $1";
    INSERT = "INSERT INTO access_keys (id, account_id, user_id, sealed_secret, is_active, created_at)
        VALUES ($1, $2, $3, $4, $5, $6)";
    UPDATE = "UPDATE access_keys SET sealed_secret = $1, is_active = $2 WHERE id = $3";
    CREDENTIAL = with_policies!(
        "SELECT u.unique_id, u.boundary_arn FROM access_keys k JOIN users u ON u.unique_id = k.user_id WHERE k.id = $1",
        "SELECT CAST(0 AS BIGINT), k.is_active, k.sealed_secret, a.id, a.email, a.canonical_id, a.name,
            u.unique_id, u.account_id, u.path, u.name, u.boundary_arn, u.tags, u.created_at, NULL, NULL
         FROM access_keys k JOIN accounts a ON a.id = k.account_id LEFT JOIN users u ON u.unique_id = k.user_id
         WHERE k.id = $1 AND a.is_disabled = 0"
    );
}

impl Store {
    /// Makes an access key, or changes secret and status of the one that exists.
    ///
    /// # Errors
    /// [`StoreError::Duplicate`] if the key is another identity's; [`StoreError::MissingParent`] if account or user
    /// are unknown.
    pub async fn upsert_access_key(
        &self,
        key: NewAccessKey,
        now: OffsetDateTime,
    ) -> Result<Upserted, StoreError> {
        let write = self
            .engine
            .write((key, now), |c, (key, now)| Box::pin(upsert(c, key, *now)));
        write.await
    }

    /// The sealed secret of a key, whatever its status.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn sealed_secret(&self, access_key_id: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let read = self.engine.read(access_key_id, |c, id| {
            Box::pin(async move {
                c.one(BY_ID, values![id], |row| Ok(row.bytes(2)?.to_vec()))
                    .await
            })
        });
        read.await
    }

    /// Everything about the identity behind an access key, in one round trip; `None` for a key of a disabled account,
    /// too.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn credential(
        &self,
        access_key_id: &str,
    ) -> Result<Option<CredentialRow>, StoreError> {
        let read = self.engine.read(access_key_id, |c, id| {
            Box::pin(async move {
                let parts = c
                    .all(CREDENTIAL, values![id], |row| {
                        read_part(row, |row| read_credential(id, row))
                    })
                    .await?;
                Ok(assemble(parts).map(|(mut credential, policies)| {
                    credential.policies = policies;
                    credential
                }))
            })
        });
        read.await
    }
}

/// Makes a key that is declared, or gives the one that exists its secret; what the operator has made of its status
/// stays.
pub(crate) async fn declare(
    connection: &mut Connection,
    key: &NewAccessKey,
    now: OffsetDateTime,
) -> Result<Upserted, StoreError> {
    let is_active = connection
        .one(BY_ID, values![key.access_key_id.as_str()], |row| {
            row.flag(3)
        })
        .await?;
    let status = match is_active {
        None => key.status,
        Some(true) => AccessKeyStatus::Active,
        Some(false) => AccessKeyStatus::Inactive,
    };
    let key = NewAccessKey {
        status,
        ..key.clone()
    };
    upsert(connection, &key, now).await
}

pub(crate) async fn upsert(
    connection: &mut Connection,
    key: &NewAccessKey,
    now: OffsetDateTime,
) -> Result<Upserted, StoreError> {
    let id = key.access_key_id.as_str();
    let is_active = key.status == AccessKeyStatus::Active;
    let user_id = key.user_id.as_deref();
    let known = connection
        .one(BY_ID, values![id], |row| {
            let is_same_identity =
                row.text(0)? == key.account_id.as_str() && row.text_or_null(1)? == user_id;
            let is_same = row.bytes(2)? == key.sealed_secret && row.flag(3)? == is_active;
            Ok((is_same_identity, is_same))
        })
        .await?;
    match known {
        None => {
            let row = values![
                id,
                key.account_id.as_str(),
                user_id,
                key.sealed_secret.as_slice(),
                is_active,
                times::to_micros(now)
            ];
            connection.execute(INSERT, row).await?;
            Ok(Upserted::Created)
        }
        Some((false, _)) => Err(StoreError::Duplicate),
        Some((true, true)) => Ok(Upserted::Unchanged),
        Some((true, false)) => {
            let row = values![key.sealed_secret.as_slice(), is_active, id];
            connection.execute(UPDATE, row).await?;
            Ok(Upserted::Changed)
        }
    }
}

fn read_credential(id: &str, row: &Record<'_>) -> Result<CredentialRow, StoreError> {
    let user = match row.text_or_null(7)? {
        None => None,
        Some(_) => Some(read_user_from(row, 7)?),
    };
    Ok(CredentialRow {
        access_key_id: id.to_owned(),
        sealed_secret: row.bytes(2)?.to_vec(),
        status: if row.flag(1)? {
            AccessKeyStatus::Active
        } else {
            AccessKeyStatus::Inactive
        },
        account: read_account_from(row, [3, 5, 6, 4])?,
        user,
        policies: HeldPolicies::default(),
    })
}

impl fmt::Debug for NewAccessKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewAccessKey")
            .field("access_key_id", &self.access_key_id)
            .field("status", &self.status)
            .field("account_id", &self.account_id)
            .field("user_id", &self.user_id)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for CredentialRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CredentialRow")
            .field("access_key_id", &self.access_key_id)
            .field("status", &self.status)
            .field("account", &self.account)
            .field("user", &self.user)
            .finish_non_exhaustive()
    }
}
