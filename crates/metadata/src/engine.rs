//! Running reads and writes on whichever database there is.

use std::{pin::Pin, sync::Arc, time::Duration};

use sqlx::PgPool;

use crate::{
    CommitFaults, CommitStep, StoreError, connection::Connection, hot_objects::HotObjects,
    sqlite::Sqlite, sqlite_reading::SqliteReading,
};

/// What a read or a write does with its connection.
pub(crate) type Work<'c, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'c>>;

/// How often a write is tried again after another transaction was in its way (Postgres only).
const TRIES_MAX: u32 = 8;

#[derive(Debug, Clone)]
pub(crate) enum Engine {
    Sqlite(Arc<Sqlite>),
    /// A file that another process may have open.
    SqliteReading(Arc<SqliteReading>),
    Postgres {
        pool: PgPool,
        faults: Arc<dyn CommitFaults>,
    },
}

impl Engine {
    /// Versions in memory, where there are any.
    pub(crate) fn hot_objects(&self) -> Option<&HotObjects> {
        match self {
            Self::Sqlite(sqlite) => Some(&sqlite.hot),
            // Others write to these databases, too.
            Self::SqliteReading(_) | Self::Postgres { .. } => None,
        }
    }

    /// Runs statements that change nothing. On `SQLite` they run on the calling thread, within the first poll.
    pub(crate) async fn read<A: Sync + ?Sized, T>(
        &self,
        arguments: &A,
        work: for<'c> fn(&'c mut Connection, &'c A) -> Work<'c, T>,
    ) -> Result<T, StoreError> {
        match self {
            Self::Sqlite(sqlite) => {
                let mut connection = sqlite.take_reader()?;
                let result = work(&mut connection, arguments).await;
                sqlite.put_reader(connection);
                result
            }
            Self::SqliteReading(sqlite) => {
                let mut connection = sqlite.take()?;
                let result = work(&mut connection, arguments).await;
                sqlite.put(connection);
                result
            }
            Self::Postgres { pool, .. } => {
                on_heap(async {
                    let mut connection = Connection::Postgres(pool.acquire().await?);
                    work(&mut connection, arguments).await
                })
                .await
            }
        }
    }

    /// Runs a transaction; an error undoes all of it. Returns after the commit.
    pub(crate) async fn write<A, T>(
        &self,
        arguments: A,
        work: for<'c> fn(&'c mut Connection, &'c A) -> Work<'c, T>,
    ) -> Result<T, StoreError>
    where
        A: Send + Sync + 'static,
        T: Send + 'static,
    {
        match self {
            Self::Sqlite(sqlite) => sqlite.writer.write(arguments, work).await,
            Self::SqliteReading(_) => Err(StoreError::Unavailable(
                "it was opened for reading".to_owned(),
            )),
            Self::Postgres { pool, faults } => {
                on_heap(async {
                    let mut tried = 1;
                    loop {
                        match transaction(pool, &**faults, &arguments, work).await {
                            Err(StoreError::Contended) if tried < TRIES_MAX => {
                                tokio::time::sleep(Duration::from_millis(u64::from(tried) * 2))
                                    .await;
                                tried += 1;
                            }
                            result => return result,
                        }
                    }
                })
                .await
            }
        }
    }

    pub(crate) async fn close(&self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(sqlite) => {
                let sqlite = Arc::clone(sqlite);
                tokio::task::spawn_blocking(move || sqlite.close())
                    .await
                    .map_err(|_| StoreError::Closed)
            }
            Self::SqliteReading(sqlite) => {
                sqlite.close();
                Ok(())
            }
            Self::Postgres { pool, .. } => {
                pool.close().await;
                Ok(())
            }
        }
    }
}

/// PERF: waiting for a connection of the pool is 9 KB of state, which every caller up to the connection's task would hold
/// and copy, also where the database is `SQLite` and nothing waits.
fn on_heap<'f, T>(
    future: impl Future<Output = T> + Send + 'f,
) -> Pin<Box<dyn Future<Output = T> + Send + 'f>> {
    Box::pin(future)
}

async fn transaction<A, T>(
    pool: &PgPool,
    faults: &dyn CommitFaults,
    arguments: &A,
    work: for<'c> fn(&'c mut Connection, &'c A) -> Work<'c, T>,
) -> Result<T, StoreError>
where
    A: Sync,
{
    let mut connection = Connection::Transaction(pool.begin().await?);
    let result = work(&mut connection, arguments).await?;
    if let Connection::Transaction(transaction) = connection {
        faults.before(CommitStep::Commit)?;
        transaction.commit().await?;
        faults.before(CommitStep::Answer)?;
    }
    Ok(result)
}
