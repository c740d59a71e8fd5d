//! One connection to either database, and the few things the rows' files ask of it.
//!
//! The files with statements are written once, against this. A question to `SQLite` is answered within the call: its
//! futures are ready when they are first polled. That is what lets the writer thread run them without a runtime.

use std::fmt;

use buckler_s3::UploadId;
use sqlx::{
    PgConnection, Postgres, Transaction,
    pool::PoolConnection,
    postgres::{PgArguments, PgRow},
    query::Query,
};

use crate::{
    StoreError,
    record::Record,
    sql::{Sql, Value},
};

pub(crate) enum Connection {
    Sqlite(rusqlite::Connection),
    /// Outside of a transaction.
    Postgres(PoolConnection<Postgres>),
    /// Inside one; dropped without a commit, it is rolled back.
    Transaction(Transaction<'static, Postgres>),
}

impl Connection {
    /// Runs a change and returns how many rows it touched.
    pub(crate) async fn execute(
        &mut self,
        sql: Sql,
        values: &[Value<'_>],
    ) -> Result<u64, StoreError> {
        match self {
            Self::Sqlite(connection) => sqlite_execute(connection, sql, values),
            Self::Postgres(connection) => postgres_execute(connection, sql, values).await,
            Self::Transaction(connection) => postgres_execute(connection, sql, values).await,
        }
    }

    /// The first row of the answer.
    pub(crate) async fn one<T: Send>(
        &mut self,
        sql: Sql,
        values: &[Value<'_>],
        read: impl Fn(&Record<'_>) -> Result<T, StoreError> + Send,
    ) -> Result<Option<T>, StoreError> {
        match self {
            Self::Sqlite(connection) => sqlite_one(connection, sql, values, read),
            Self::Postgres(connection) => postgres_one(connection, sql, values, read).await,
            Self::Transaction(connection) => postgres_one(connection, sql, values, read).await,
        }
    }

    /// All rows of the answer; the statement bounds them.
    pub(crate) async fn all<T: Send>(
        &mut self,
        sql: Sql,
        values: &[Value<'_>],
        read: impl Fn(&Record<'_>) -> Result<T, StoreError> + Send,
    ) -> Result<Vec<T>, StoreError> {
        match self {
            Self::Sqlite(connection) => sqlite_all(connection, sql, values, read),
            Self::Postgres(connection) => postgres_all(connection, sql, values, read).await,
            Self::Transaction(connection) => postgres_all(connection, sql, values, read).await,
        }
    }

    /// Keeps other transactions from changing the same object until this one ends.
    ///
    /// `SQLite` has one writer. On Postgres two first writes of a key would not see each other, so that both could
    /// find their condition (`If-None-Match: *`) met.
    pub(crate) async fn lock_object(&mut self, bucket: i64, key: &[u8]) -> Result<(), StoreError> {
        self.lock("SELECT pg_advisory_xact_lock($1)", fingerprint(bucket, key))
            .await
    }

    /// Keeps others from adding to an upload, and from ending it, until this transaction ends.
    pub(crate) async fn lock_upload(&mut self, id: &UploadId) -> Result<(), StoreError> {
        self.lock(
            "SELECT pg_advisory_xact_lock($1)",
            fingerprint(UPLOAD, id.as_bytes()),
        )
        .await
    }

    /// Keeps others from ending an upload; they may add to it.
    pub(crate) async fn share_upload(&mut self, id: &UploadId) -> Result<(), StoreError> {
        self.lock(
            "SELECT pg_advisory_xact_lock_shared($1)",
            fingerprint(UPLOAD, id.as_bytes()),
        )
        .await
    }

    /// Keeps others from writing the same part of an upload.
    pub(crate) async fn lock_part(&mut self, id: &UploadId, number: i64) -> Result<(), StoreError> {
        self.lock(
            "SELECT pg_advisory_xact_lock($1)",
            fingerprint(number, id.as_bytes()),
        )
        .await
    }

    /// Keeps others from putting anything into a bucket or into the uploads of it, and waits for those who do.
    pub(crate) async fn lock_bucket(&mut self, id: i64) -> Result<(), StoreError> {
        self.lock("SELECT id FROM buckets WHERE id = $1 FOR UPDATE", id)
            .await?;
        // A part that is written refers to its upload: it is committed when this row is locked, or finds it gone.
        let uploads = "SELECT number FROM uploads WHERE bucket_id = $1 FOR UPDATE";
        self.lock(uploads, id).await
    }

    async fn lock(&mut self, sql: &'static str, what: i64) -> Result<(), StoreError> {
        let Self::Transaction(connection) = self else {
            return Ok(());
        };
        sqlx::query(sql)
            .bind(what)
            .execute(&mut **connection)
            .await?;
        Ok(())
    }

    /// Runs a text of several statements, such as a migration.
    pub(crate) async fn script(&mut self, text: &'static str) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(connection) => connection.execute_batch(text)?,
            Self::Postgres(connection) => {
                sqlx::raw_sql(text).execute(&mut **connection).await?;
            }
            Self::Transaction(connection) => {
                sqlx::raw_sql(text).execute(&mut **connection).await?;
            }
        }
        Ok(())
    }

    /// Has the database compile a statement without running it.
    pub(crate) async fn prepare(&mut self, sql: Sql) -> Result<(), StoreError> {
        use sqlx::Executor as _;
        use sqlx::SqlSafeStr as _;
        match self {
            Self::Sqlite(connection) => drop(connection.prepare(sql.0)?),
            Self::Postgres(connection) => {
                (&mut **connection).prepare(sql.0.into_sql_str()).await?;
            }
            Self::Transaction(connection) => {
                (&mut **connection).prepare(sql.0.into_sql_str()).await?;
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sqlite(_) => "Sqlite",
            Self::Postgres(_) | Self::Transaction(_) => "Postgres",
        })
    }
}

impl rusqlite::ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        use rusqlite::types::{Null, ToSqlOutput, ValueRef};
        Ok(match self {
            Self::Int(Some(value)) => ToSqlOutput::from(*value),
            Self::Text(Some(value)) => ToSqlOutput::from(*value),
            Self::Bytes(Some(value)) => ToSqlOutput::Borrowed(ValueRef::Blob(value)),
            Self::Int(None) | Self::Text(None) | Self::Bytes(None) => ToSqlOutput::from(Null),
        })
    }
}

fn sqlite_execute(
    connection: &rusqlite::Connection,
    sql: Sql,
    values: &[Value<'_>],
) -> Result<u64, StoreError> {
    let mut statement = connection.prepare_cached(sql.0)?;
    Ok(statement.execute(rusqlite::params_from_iter(values))? as u64)
}

fn sqlite_one<T>(
    connection: &rusqlite::Connection,
    sql: Sql,
    values: &[Value<'_>],
    read: impl Fn(&Record<'_>) -> Result<T, StoreError>,
) -> Result<Option<T>, StoreError> {
    let mut statement = connection.prepare_cached(sql.0)?;
    let mut rows = statement.query(rusqlite::params_from_iter(values))?;
    match rows.next()? {
        Some(row) => read(&Record::Sqlite(row)).map(Some),
        None => Ok(None),
    }
}

fn sqlite_all<T>(
    connection: &rusqlite::Connection,
    sql: Sql,
    values: &[Value<'_>],
    read: impl Fn(&Record<'_>) -> Result<T, StoreError>,
) -> Result<Vec<T>, StoreError> {
    let mut statement = connection.prepare_cached(sql.0)?;
    let mut rows = statement.query(rusqlite::params_from_iter(values))?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(read(&Record::Sqlite(row))?);
    }
    Ok(all)
}

type Bound<'q> = Query<'q, Postgres, PgArguments>;

fn bound<'q>(sql: Sql, values: &'q [Value<'_>]) -> Bound<'q> {
    values
        .iter()
        .fold(sqlx::query(sql.0), |query, value| match value {
            Value::Int(value) => query.bind(*value),
            Value::Text(value) => query.bind(*value),
            Value::Bytes(value) => query.bind(*value),
        })
}

async fn postgres_execute(
    connection: &mut PgConnection,
    sql: Sql,
    values: &[Value<'_>],
) -> Result<u64, StoreError> {
    Ok(bound(sql, values)
        .execute(connection)
        .await?
        .rows_affected())
}

async fn postgres_one<T>(
    connection: &mut PgConnection,
    sql: Sql,
    values: &[Value<'_>],
    read: impl Fn(&Record<'_>) -> Result<T, StoreError> + Send,
) -> Result<Option<T>, StoreError> {
    let row = bound(sql, values).fetch_optional(connection).await?;
    row.as_ref()
        .map(|row: &PgRow| read(&Record::Postgres(row)))
        .transpose()
}

async fn postgres_all<T>(
    connection: &mut PgConnection,
    sql: Sql,
    values: &[Value<'_>],
    read: impl Fn(&Record<'_>) -> Result<T, StoreError> + Send,
) -> Result<Vec<T>, StoreError> {
    let rows = bound(sql, values).fetch_all(connection).await?;
    rows.iter()
        .map(|row| read(&Record::Postgres(row)))
        .collect()
}

/// No bucket and no part has this number.
const UPLOAD: i64 = -1;

/// FNV-1a of a number and bytes, such as bucket and key; must be the same in every gateway of every version.
fn fingerprint(number: i64, bytes: &[u8]) -> i64 {
    let number = number.to_be_bytes();
    let hash = number
        .iter()
        .chain(bytes)
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
        });
    hash.cast_signed()
}
