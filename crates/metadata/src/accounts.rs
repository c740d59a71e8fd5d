//! Accounts.

use buckler_policy::{AccountId, CanonicalId};
use time::OffsetDateTime;

use crate::{
    Store, StoreError, Upserted,
    connection::Connection,
    record::Record,
    sql::{statements, values},
    times,
};

/// An account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountRow {
    /// Its 12-digit id.
    pub id: AccountId,
    /// Its canonical user id, as S3 shows owners.
    pub canonical_id: CanonicalId,
    /// What people call it.
    pub name: String,
    /// The root user's e-mail address.
    pub email: String,
}

statements! {
    BY_ID = "SELECT id, canonical_id, name, email FROM accounts WHERE id = $1";
    BY_CANONICAL_ID = "SELECT id, canonical_id, name, email FROM accounts WHERE canonical_id = $1";
    EVERY = "SELECT id, canonical_id, name, email FROM accounts ORDER BY id";
    INSERT = "INSERT INTO accounts (id, canonical_id, name, email, created_at) VALUES ($1, $2, $3, $4, $5)";
    UPDATE = "UPDATE accounts SET name = $1, email = $2 WHERE id = $3";
}

impl Store {
    /// Makes an account, or gives it a new name and e-mail. The canonical id of an account never changes.
    ///
    /// # Errors
    /// [`StoreError::Duplicate`] if the canonical id is another account's.
    pub async fn upsert_account(
        &self,
        account: AccountRow,
        now: OffsetDateTime,
    ) -> Result<Upserted, StoreError> {
        let write = self.engine.write((account, now), |c, (account, now)| {
            Box::pin(upsert(c, account, *now))
        });
        write.await
    }

    /// An account by its id.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn account(&self, id: &AccountId) -> Result<Option<AccountRow>, StoreError> {
        let read = self.engine.read(id, |c, id| Box::pin(by_id(c, id)));
        read.await
    }

    /// An account by its canonical user id.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn account_by_canonical_id(
        &self,
        id: &CanonicalId,
    ) -> Result<Option<AccountRow>, StoreError> {
        let read = self.engine.read(id, |c, id| {
            Box::pin(async move {
                c.one(BY_CANONICAL_ID, values![id.as_str()], read_account)
                    .await
            })
        });
        read.await
    }

    /// All accounts, by id. On first start there is none.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn accounts(&self) -> Result<Vec<AccountRow>, StoreError> {
        let read = self.engine.read(&(), |c, ()| {
            Box::pin(async move { c.all(EVERY, &[], read_account).await })
        });
        read.await
    }
}

pub(crate) async fn by_id(
    connection: &mut Connection,
    id: &AccountId,
) -> Result<Option<AccountRow>, StoreError> {
    connection
        .one(BY_ID, values![id.as_str()], read_account)
        .await
}

pub(crate) async fn upsert(
    connection: &mut Connection,
    account: &AccountRow,
    now: OffsetDateTime,
) -> Result<Upserted, StoreError> {
    let (id, name, email) = (account.id.as_str(), &*account.name, &*account.email);
    let Some(known) = by_id(connection, &account.id).await? else {
        let row = values![
            id,
            account.canonical_id.as_str(),
            name,
            email,
            times::to_micros(now)
        ];
        connection.execute(INSERT, row).await?;
        return Ok(Upserted::Created);
    };
    if known.name == account.name && known.email == account.email {
        return Ok(Upserted::Unchanged);
    }
    connection.execute(UPDATE, values![name, email, id]).await?;
    Ok(Upserted::Changed)
}

fn read_account(row: &Record<'_>) -> Result<AccountRow, StoreError> {
    read_account_from(row, [0, 1, 2, 3])
}

/// Reads id, canonical id, name and e-mail from these columns.
pub(crate) fn read_account_from(
    row: &Record<'_>,
    [id, canonical_id, name, email]: [usize; 4],
) -> Result<AccountRow, StoreError> {
    Ok(AccountRow {
        id: row.parsed(id, |text| AccountId::parse(text).ok())?,
        canonical_id: row.parsed(canonical_id, |text| CanonicalId::parse(text).ok())?,
        name: row.text(name)?.to_owned(),
        email: row.text(email)?.to_owned(),
    })
}
