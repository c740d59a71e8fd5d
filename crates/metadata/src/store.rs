//! The store: opening, closing, and what concerns all of it.

use std::sync::Arc;

use crate::{
    CommitFaults, DatabaseLocation, NoCommitFaults, OpenError, StoreError,
    connection::Connection,
    engine::Engine,
    location::Kind,
    postgres,
    sql::{Sql, statements, values},
    sqlite::Sqlite,
    sqlite_reading::SqliteReading,
};

/// All rows, in `SQLite` or in Postgres. Clones share the database.
///
/// A change has been committed when its method returns. A method that is dropped while it waits may still take effect.
/// On `SQLite` reads run on the calling thread; they take microseconds when the pages are in memory. The lock on the file
/// goes with the last clone.
#[derive(Debug, Clone)]
pub struct Store {
    pub(crate) engine: Engine,
}

statements! {
    HEALTH = "SELECT name FROM settings WHERE name = ''";
    SETTING = "SELECT value FROM settings WHERE name = $1";
    SETTING_INSERT = "INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING";
    SETTING_PUT = "INSERT INTO settings (name, value) VALUES ($1, $2)
        ON CONFLICT (name) DO UPDATE SET value = excluded.value";
}

impl Store {
    /// Opens a database, making it if need be, and brings its schema up to date.
    ///
    /// # Errors
    /// [`OpenError::Locked`] if another process has the `SQLite` file open; [`OpenError::NewerSchema`]; others if the
    /// database cannot be reached or read.
    pub async fn open(location: &DatabaseLocation) -> Result<Self, OpenError> {
        Self::open_with_faults(location, NoCommitFaults).await
    }

    /// As [`open`](Self::open), with commits that fail on purpose; for tests.
    ///
    /// # Errors
    /// Those of [`open`](Self::open).
    pub async fn open_with_faults(
        location: &DatabaseLocation,
        faults: impl CommitFaults,
    ) -> Result<Self, OpenError> {
        let faults: Arc<dyn CommitFaults> = Arc::new(faults);
        let engine = match location.kind.clone() {
            Kind::Postgres(options) => Engine::Postgres {
                pool: postgres::open(*options).await?,
                faults,
            },
            Kind::SqliteFile(path) => {
                Self::sqlite(move || Sqlite::open_file(&path, faults)).await?
            }
            Kind::SqliteMemory => Self::sqlite(move || Sqlite::open_memory(faults)).await?,
        };
        Ok(Self { engine })
    }

    /// Opens a database that exists, for reading only, while other processes may be using it.
    ///
    /// Every change answers [`StoreError::Unavailable`].
    ///
    /// # Errors
    /// [`OpenError::OlderSchema`], [`OpenError::NewerSchema`]; [`OpenError::Location`] for a database in memory; others if
    /// the database cannot be reached or read.
    pub async fn open_for_reading(location: &DatabaseLocation) -> Result<Self, OpenError> {
        let engine = match location.kind.clone() {
            Kind::Postgres(options) => Engine::Postgres {
                pool: postgres::open_for_reading(*options).await?,
                faults: Arc::new(NoCommitFaults),
            },
            Kind::SqliteFile(path) => {
                let open = move || SqliteReading::open(&path);
                let opened = tokio::task::spawn_blocking(open).await;
                let sqlite = opened.map_err(|_| StoreError::Closed)??;
                Engine::SqliteReading(Arc::new(sqlite))
            }
            Kind::SqliteMemory => {
                return Err(OpenError::Location(
                    "a database in memory has no other readers",
                ));
            }
        };
        Ok(Self { engine })
    }

    async fn sqlite(
        open: impl FnOnce() -> Result<Sqlite, OpenError> + Send + 'static,
    ) -> Result<Engine, OpenError> {
        let opened = tokio::task::spawn_blocking(open).await;
        let sqlite = opened.map_err(|_| StoreError::Closed)??;
        Ok(Engine::Sqlite(Arc::new(sqlite)))
    }

    /// Asks the database for next to nothing: it answers if it is well.
    ///
    /// # Errors
    /// Why it does not answer.
    pub async fn health(&self) -> Result<(), StoreError> {
        let ask = self.engine.read(&(), |connection, ()| {
            Box::pin(async move { connection.one(HEALTH, &[], |_| Ok(())).await })
        });
        ask.await.map(drop)
    }

    /// Commits what is queued and closes the database. Later calls answer [`StoreError::Closed`].
    ///
    /// # Errors
    /// [`StoreError::Closed`] if the runtime is shutting down.
    pub async fn close(&self) -> Result<(), StoreError> {
        self.engine.close().await
    }

    /// A setting of the installation, such as its id.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn setting(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let read = self
            .engine
            .read(name, |connection, name| Box::pin(setting(connection, name)));
        read.await
    }

    /// Sets a setting unless it is set, and returns what it is now: of several servers that start at once, one wins.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn setting_or_insert(
        &self,
        name: &str,
        value: Vec<u8>,
    ) -> Result<Vec<u8>, StoreError> {
        // Nothing is written where there is nothing to write: a frozen store is opened, too.
        if let Some(set) = self.setting(name).await? {
            return Ok(set);
        }
        let write = self
            .engine
            .write((name.to_owned(), value), |c, (name, value)| {
                Box::pin(async move {
                    c.execute(SETTING_INSERT, values![name.as_str(), value.as_slice()])
                        .await?;
                    Ok(setting(c, name).await?.unwrap_or_default())
                })
            });
        write.await
    }

    /// Sets a setting.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn put_setting(&self, name: &str, value: Vec<u8>) -> Result<(), StoreError> {
        let write = self
            .engine
            .write((name.to_owned(), value), |c, (name, value)| {
                Box::pin(async move {
                    c.execute(SETTING_PUT, values![name.as_str(), value.as_slice()])
                        .await?;
                    Ok(())
                })
            });
        write.await
    }

    /// Has the database compile every statement of this crate, and returns how many there are.
    ///
    /// # Errors
    /// [`StoreError::Statement`] if one does not fit the schema.
    pub async fn check_statements(&self) -> Result<usize, StoreError> {
        let check = self.engine.read(&(), |connection, ()| {
            Box::pin(async move {
                let mut checked = 0;
                for sql in every_statement() {
                    connection.prepare(sql).await?;
                    checked += 1;
                }
                Ok(checked)
            })
        });
        check.await
    }
}

async fn setting(connection: &mut Connection, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
    connection
        .one(SETTING, values![name], |row| Ok(row.bytes(0)?.to_vec()))
        .await
}

pub(crate) fn every_statement() -> impl Iterator<Item = Sql> {
    [
        ALL,
        crate::account_admin::ALL,
        crate::accounts::ALL,
        crate::users::ALL,
        crate::groups::ALL,
        crate::roles::ALL,
        crate::managed_policies::ALL,
        crate::managed_policy_versions::ALL,
        crate::policy_entities::ALL,
        crate::identities::ALL,
        crate::identity_settings::ALL,
        crate::iam_accounts::ALL,
        crate::user_access_keys::ALL,
        crate::access_keys::ALL,
        crate::sealed_secrets::ALL,
        crate::identity_policies::ALL,
        crate::session_identities::ALL,
        crate::buckets::ALL,
        crate::bucket_settings::ALL,
        crate::objects::ALL,
        crate::put_object::ALL,
        crate::delete_object::ALL,
        crate::versions::ALL,
        crate::object_acls::ALL,
        crate::object_tags::ALL,
        crate::oidc_providers::ALL,
        crate::listing::ALL,
        crate::list_versions::ALL,
        crate::garbage::ALL,
        crate::freshness::ALL,
        crate::blob_names::ALL,
        crate::stored_bytes::ALL,
        crate::findings::ALL,
        crate::leases::ALL,
        crate::bodies::ALL,
        crate::uploads::ALL,
        crate::upload_parts::ALL,
        crate::complete_upload::ALL,
        crate::abort_upload::ALL,
        crate::upload_listing::ALL,
        crate::object_parts::ALL,
        crate::migrations::ALL,
        crate::freeze::ALL,
        crate::row_move::ALL,
    ]
    .into_iter()
    .flatten()
    .copied()
    .chain(crate::tables::read_statements())
}
