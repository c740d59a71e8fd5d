//! Access keys as IAM shows and changes them.

use buckler_policy::AccountId;
use time::OffsetDateTime;

use crate::{
    AccessKeyStatus, EntityKind, IamError, IamLimit, IamRefusal, NewAccessKey, Store, StoreError,
    access_keys,
    connection::Connection,
    iam_change::{parted, within},
    identities,
    record::Record,
    sql::{statements, values},
    times,
};

/// Most access keys of a user or of an account's root. Source: facts: authorization.md 7.5.
const KEYS_MAX: u64 = 2;

/// Whose access keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyHolder {
    /// The account.
    pub account: AccountId,
    /// The user's name and unique id; `None` for the account's root.
    pub user: Option<(String, String)>,
}

/// An access key without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessKeyRow {
    /// Its id.
    pub access_key_id: String,
    /// Whether it may be used.
    pub status: AccessKeyStatus,
    /// When it was made.
    pub created_at: OffsetDateTime,
}

/// When and where a key was last used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastUse {
    /// When, to the minute.
    pub at: OffsetDateTime,
    /// For which service.
    pub service: String,
    /// In which region.
    pub region: String,
}

/// Whose a key is, and when it was last used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyUse {
    /// The account.
    pub account: AccountId,
    /// The user's name; `None` for the account's root.
    pub user_name: Option<String>,
    /// The last use; `None` for never.
    pub last: Option<LastUse>,
}

statements! {
    OF_USER = "SELECT id, is_active, created_at FROM access_keys WHERE user_id = $1 ORDER BY created_at, id";
    OF_ROOT = "SELECT id, is_active, created_at FROM access_keys
        WHERE account_id = $1 AND user_id IS NULL ORDER BY created_at, id";
    USER_EXISTS = "SELECT unique_id FROM users WHERE unique_id = $1";
    SET_STATUS = "UPDATE access_keys SET is_active = $1 WHERE id = $2";
    DELETE = "DELETE FROM access_keys WHERE id = $1";
    USE = "SELECT k.account_id, u.name, l.used_at, l.service, l.region FROM access_keys k
        LEFT JOIN users u ON u.unique_id = k.user_id LEFT JOIN access_key_uses l ON l.access_key_id = k.id
        WHERE k.id = $1";
    NOTE_USE = "INSERT INTO access_key_uses (access_key_id, used_at, service, region)
        SELECT CAST($1 AS TEXT), CAST($2 AS BIGINT), CAST($3 AS TEXT), CAST($4 AS TEXT) FROM access_keys WHERE id = $1
        ON CONFLICT (access_key_id) DO UPDATE
        SET used_at = excluded.used_at, service = excluded.service, region = excluded.region
        WHERE access_key_uses.used_at < excluded.used_at";
}

impl Store {
    /// The access keys of a user or of root, the oldest first.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn access_keys(&self, holder: &KeyHolder) -> Result<Vec<AccessKeyRow>, StoreError> {
        let read = self
            .engine
            .read(holder, |c, holder| Box::pin(list(c, holder)));
        read.await
    }

    /// Makes an access key.
    ///
    /// # Errors
    /// [`IamRefusal::NoSuchEntity`] if the user went away; [`IamRefusal::LimitExceeded`].
    pub async fn create_access_key(
        &self,
        holder: KeyHolder,
        key: NewAccessKey,
        now: OffsetDateTime,
    ) -> Result<(), IamError> {
        let change = self.change((holder, key, now), |c, (holder, key, now)| {
            Box::pin(async move { parted(create(c, holder, key, *now).await) })
        });
        change.await
    }

    /// Lets a key be used, or not.
    ///
    /// # Errors
    /// [`IamRefusal::NoSuchEntity`] for a key that is not the holder's.
    pub async fn set_access_key_status(
        &self,
        holder: KeyHolder,
        access_key_id: String,
        status: AccessKeyStatus,
    ) -> Result<(), IamError> {
        let arguments = (holder, access_key_id, status);
        let change = self.change(arguments, |c, (holder, id, status)| {
            Box::pin(async move { parted(set_status(c, holder, id, *status).await) })
        });
        change.await
    }

    /// Deletes a key.
    ///
    /// # Errors
    /// [`IamRefusal::NoSuchEntity`] for a key that is not the holder's.
    pub async fn delete_access_key(
        &self,
        holder: KeyHolder,
        access_key_id: String,
    ) -> Result<(), IamError> {
        let change = self.change((holder, access_key_id), |c, (holder, id)| {
            Box::pin(async move { parted(delete(c, holder, id).await) })
        });
        change.await
    }

    /// Whose a key is, and when it was last used; `None` for a key that is not known.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn access_key_use(&self, access_key_id: &str) -> Result<Option<KeyUse>, StoreError> {
        let read = self.engine.read(access_key_id, |c, id| {
            Box::pin(async move { c.one(USE, values![id], read_use).await })
        });
        read.await
    }

    /// Notes uses of keys. Earlier ones than those that are known, and uses of keys that are gone, do not count.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn note_access_key_uses(
        &self,
        uses: Vec<(String, LastUse)>,
    ) -> Result<(), StoreError> {
        let write = self.engine.write(uses, |c, uses| {
            Box::pin(async move {
                for (id, last) in uses {
                    let row = values![
                        id.as_str(),
                        times::to_micros(last.at),
                        last.service.as_str(),
                        last.region.as_str()
                    ];
                    c.execute(NOTE_USE, row).await?;
                }
                Ok(())
            })
        });
        write.await
    }
}

async fn list(
    connection: &mut Connection,
    holder: &KeyHolder,
) -> Result<Vec<AccessKeyRow>, StoreError> {
    match &holder.user {
        Some((_, id)) => {
            connection
                .all(OF_USER, values![id.as_str()], read_key)
                .await
        }
        None => {
            connection
                .all(OF_ROOT, values![holder.account.as_str()], read_key)
                .await
        }
    }
}

async fn create(
    connection: &mut Connection,
    holder: &KeyHolder,
    key: &NewAccessKey,
    now: OffsetDateTime,
) -> Result<(), IamError> {
    connection.lock_account(&holder.account).await?;
    let name = match &holder.user {
        Some((name, id)) => {
            if !identities::exists(connection, USER_EXISTS, id).await? {
                return Err(IamRefusal::no_such(EntityKind::User, name).into());
            }
            name
        }
        None => "",
    };
    let known = list(connection, holder).await?.len();
    let count = i64::try_from(known).unwrap_or(i64::MAX);
    within(IamLimit::AccessKeysPerUser, name, count, KEYS_MAX)?;
    access_keys::upsert(connection, key, now).await?;
    Ok(())
}

async fn set_status(
    connection: &mut Connection,
    holder: &KeyHolder,
    id: &str,
    status: AccessKeyStatus,
) -> Result<(), IamError> {
    held(connection, holder, id).await?;
    let is_active = status == AccessKeyStatus::Active;
    connection
        .execute(SET_STATUS, values![is_active, id])
        .await?;
    Ok(())
}

async fn delete(connection: &mut Connection, holder: &KeyHolder, id: &str) -> Result<(), IamError> {
    held(connection, holder, id).await?;
    connection.execute(DELETE, values![id]).await?;
    Ok(())
}

/// Refuses a key that is not the holder's.
async fn held(connection: &mut Connection, holder: &KeyHolder, id: &str) -> Result<(), IamError> {
    connection.lock_account(&holder.account).await?;
    let keys = list(connection, holder).await?;
    if keys.iter().any(|key| key.access_key_id == id) {
        return Ok(());
    }
    Err(IamRefusal::no_such(EntityKind::AccessKey, id).into())
}

fn read_key(row: &Record<'_>) -> Result<AccessKeyRow, StoreError> {
    Ok(AccessKeyRow {
        access_key_id: row.text(0)?.to_owned(),
        status: if row.flag(1)? {
            AccessKeyStatus::Active
        } else {
            AccessKeyStatus::Inactive
        },
        created_at: row.time(2)?,
    })
}

fn read_use(row: &Record<'_>) -> Result<KeyUse, StoreError> {
    let last = match row.int_or_null(2)? {
        None => None,
        Some(micros) => Some(LastUse {
            at: times::from_micros(micros)?,
            service: row.text(3)?.to_owned(),
            region: row.text(4)?.to_owned(),
        }),
    };
    Ok(KeyUse {
        account: row.parsed(0, |text| AccountId::parse(text).ok())?,
        user_name: row.text_or_null(1)?.map(str::to_owned),
        last,
    })
}
