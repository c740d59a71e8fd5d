//! Opening Postgres.

use std::time::Duration;

use sqlx::{
    PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use crate::{
    OpenError, StoreError,
    connection::Connection,
    location::{COMMAND, SERVER},
    migrations,
};

/// Connections of one gateway.
const CONNECTIONS_MAX: u32 = 32;
/// How long a request waits for a connection before it is told to come back.
const ACQUIRE_SECONDS: u64 = 5;
/// The advisory lock that keeps two gateways from migrating at once: `buckler1` as a number.
const MIGRATION_LOCK: i64 = 0x6275_636b_6c65_7231;

/// Connects for reading only: the server itself refuses changes.
pub(crate) async fn open_for_reading(options: PgConnectOptions) -> Result<PgPool, OpenError> {
    let pool = connect(options.options([("default_transaction_read_only", "on")])).await?;
    let connection = pool.acquire().await.map_err(StoreError::from)?;
    migrations::check(&mut Connection::Postgres(connection)).await?;
    Ok(pool)
}

/// Connects, and brings the schema up to date.
pub(crate) async fn open(options: PgConnectOptions) -> Result<PgPool, OpenError> {
    let pool = connect(options).await?;
    let mut transaction = pool.begin().await.map_err(StoreError::from)?;
    sqlx::query("SELECT pg_advisory_xact_lock($1)")
        .bind(MIGRATION_LOCK)
        .execute(&mut *transaction)
        .await
        .map_err(StoreError::from)?;
    let mut connection = Connection::Transaction(transaction);
    migrations::migrate(&mut connection).await?;
    if let Connection::Transaction(transaction) = connection {
        transaction.commit().await.map_err(StoreError::from)?;
    }
    Ok(pool)
}

async fn connect(options: PgConnectOptions) -> Result<PgPool, OpenError> {
    let name = match options.get_application_name() {
        Some(COMMAND) => COMMAND,
        _ => SERVER,
    };
    // Returned connections are tested in the background; testing them again before each use would double the trips.
    let pool = PgPoolOptions::new()
        .max_connections(CONNECTIONS_MAX)
        .acquire_timeout(Duration::from_secs(ACQUIRE_SECONDS))
        .test_before_acquire(false)
        .connect_with(options.application_name(name))
        .await
        .map_err(StoreError::from)?;
    Ok(pool)
}
