//! Refusing all changes while rows and bytes are moved elsewhere; reads go on.
//!
//! The database itself refuses, by triggers on every table: within the very transaction that would change something,
//! whatever gateway sends it, and for nothing while no store is frozen.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::{
    Store, StoreError,
    connection::Connection,
    engine::Engine,
    sql::{Sql, statements, values},
    tables::{NOT_CARRIED, Table, tables},
};

/// The setting that says why the store is frozen.
const FREEZE: &str = "migrate/freeze";
/// What the settings of a move begin with. They are nobody else's, and stay where they are.
pub(crate) const MOVE_SETTINGS: &str = "migrate/";

/// Why a store is frozen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Freeze {
    /// The name of the move; its target knows it by the same.
    pub move_id: String,
    /// The database that the rows go to, as people are told; `None` if they stay.
    pub rows_to: Option<String>,
    /// Where the bytes go to, as people are told; `None` if they stay.
    pub blobs_to: Option<String>,
    /// How far it is.
    pub state: FreezeState,
}

/// How far the move is that a store is frozen for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum FreezeState {
    /// It is under way.
    Moving,
    /// Everything is at the target: this store is the past.
    Moved,
}

statements! {
    PUT = "INSERT INTO settings (name, value) VALUES ($1, $2)
        ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    REMOVE = "DELETE FROM settings WHERE name = $1";
}

/// What refuses and what allows the changes of one table, for each database.
#[derive(Debug)]
struct Guard {
    name: &'static str,
    sqlite: Scripts,
    postgres: Scripts,
}

#[derive(Debug)]
struct Scripts {
    /// Safe to repeat.
    refuse: &'static str,
    /// Safe to repeat.
    allow: &'static str,
}

static GUARDS: LazyLock<Vec<Guard>> = LazyLock::new(|| {
    let carried = tables().map(Table::name);
    carried
        .chain(NOT_CARRIED.iter().copied())
        .map(Guard::new)
        .collect()
});

/// Postgres: its SQLSTATE is what [`StoreError::Frozen`] is known by.
pub(crate) const FROZEN_SQLSTATE: &str = "BK001";

/// Postgres: connections of servers, which are called so; those of commands are not.
const SERVERS: Sql = Sql("SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'buckler'");

const REFUSAL: &str =
    "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'the store is frozen' USING ERRCODE = 'BK001';
    END
    $$";
const NO_REFUSAL: &str = "DROP FUNCTION IF EXISTS refuse_change()";

impl Store {
    /// Has the database refuse every change, with [`StoreError::Frozen`], from now on until [`thaw`](Self::thaw); also
    /// changes the reason of a store that is frozen already. When it returns, every change that was under way has been
    /// committed or refused, and the rows stay as they are.
    ///
    /// # Errors
    /// If the database fails. Some tables may be frozen then: freeze or thaw again.
    pub async fn freeze(&self, freeze: &Freeze) -> Result<(), StoreError> {
        let text =
            serde_json::to_vec(freeze).map_err(|error| StoreError::Statement(error.to_string()))?;
        if !matches!(self.engine, Engine::Postgres { .. }) {
            let write = self.engine.write(text, |c, text| {
                Box::pin(async move {
                    allow_all(c).await?;
                    c.execute(PUT, values![FREEZE, text.as_slice()]).await?;
                    refuse_all(c).await
                })
            });
            return write.await;
        }
        self.postgres_script(REFUSAL).await?;
        // One table at a time: whoever waits for the changes of one table must not keep others from another, or the
        // two wait for each other. A change of several tables is refused as a whole when the first refuses.
        let settings = self.engine.write(text, |c, text| {
            Box::pin(async move {
                for guard in GUARDS.iter().filter(|guard| guard.name == "settings") {
                    c.script(guard.postgres.allow).await?;
                    c.execute(PUT, values![FREEZE, text.as_slice()]).await?;
                    c.script(guard.postgres.refuse).await?;
                }
                Ok(())
            })
        });
        settings.await?;
        for guard in GUARDS.iter().filter(|guard| guard.name != "settings") {
            self.postgres_script(guard.postgres.refuse).await?;
        }
        Ok(())
    }

    /// Lets changes happen again.
    ///
    /// # Errors
    /// If the database fails. Some tables may be frozen still: thaw again.
    pub async fn thaw(&self) -> Result<(), StoreError> {
        self.allow(None).await
    }

    /// As [`thaw`](Self::thaw), and sets a setting: a store that is not frozen any more has it.
    ///
    /// # Errors
    /// Those of [`thaw`](Self::thaw).
    pub async fn thaw_with(&self, name: &str, value: Vec<u8>) -> Result<(), StoreError> {
        self.allow(Some((name.to_owned(), value))).await
    }

    async fn allow(&self, setting: Option<(String, Vec<u8>)>) -> Result<(), StoreError> {
        if matches!(self.engine, Engine::Postgres { .. }) {
            for guard in GUARDS.iter().filter(|guard| guard.name != "settings") {
                self.postgres_script(guard.postgres.allow).await?;
            }
        }
        // On Postgres the settings come last, so that a store that is frozen in part says so.
        let write = self.engine.write(setting, |c, setting| {
            Box::pin(async move {
                if let Connection::Sqlite(_) = c {
                    allow_all(c).await?;
                } else {
                    for guard in GUARDS.iter().filter(|guard| guard.name == "settings") {
                        c.script(guard.postgres.allow).await?;
                    }
                    c.script(NO_REFUSAL).await?;
                }
                if let Some((name, value)) = setting {
                    c.execute(PUT, values![name.as_str(), value.as_slice()])
                        .await?;
                }
                c.execute(REMOVE, values![FREEZE]).await?;
                Ok(())
            })
        });
        write.await
    }

    /// How many connections servers have to this database, others than this store's own. `SQLite` has none: its file is
    /// locked.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn servers_connected(&self) -> Result<u64, StoreError> {
        if !matches!(self.engine, Engine::Postgres { .. }) {
            return Ok(0);
        }
        let read = self.engine.read(&(), |c, ()| {
            Box::pin(async move {
                let count = c.one(SERVERS, &[], |row| row.size(0));
                Ok(count.await?.unwrap_or_default())
            })
        });
        read.await
    }

    /// Why the store is frozen, if it is.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn frozen(&self) -> Result<Option<Freeze>, StoreError> {
        let Some(text) = self.setting(FREEZE).await? else {
            return Ok(None);
        };
        let freeze = serde_json::from_slice(&text);
        freeze.map_err(|error| StoreError::Corrupt(format!("the setting `{FREEZE}`: {error}")))
    }

    async fn postgres_script(&self, script: &'static str) -> Result<(), StoreError> {
        let write = self.engine.write(script, |c, script| {
            Box::pin(async move { c.script(script).await })
        });
        write.await
    }
}

async fn allow_all(connection: &mut Connection) -> Result<(), StoreError> {
    for guard in GUARDS.iter() {
        connection.script(guard.sqlite.allow).await?;
    }
    Ok(())
}

async fn refuse_all(connection: &mut Connection) -> Result<(), StoreError> {
    for guard in GUARDS.iter() {
        connection.script(guard.sqlite.refuse).await?;
    }
    Ok(())
}

impl Guard {
    fn new(name: &'static str) -> Self {
        let changes = ["INSERT", "UPDATE", "DELETE"];
        let refuse = changes.map(|change| {
            format!(
                "CREATE TRIGGER IF NOT EXISTS frozen_{name}_{change} BEFORE {change} ON {name}
                 BEGIN SELECT RAISE(ABORT, 'the store is frozen'); END;"
            )
        });
        let allow = changes.map(|change| format!("DROP TRIGGER IF EXISTS frozen_{name}_{change};"));
        Self {
            name,
            sqlite: Scripts {
                refuse: refuse.concat().leak(),
                allow: allow.concat().leak(),
            },
            // Postgres manual, CREATE TRIGGER: it waits for transactions that have changed the table, and those that are
            // about to wait for it.
            postgres: Scripts {
                refuse: format!(
                    "CREATE OR REPLACE TRIGGER frozen BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON {name}
                     FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
                )
                .leak(),
                allow: format!("DROP TRIGGER IF EXISTS frozen ON {name}").leak(),
            },
        }
    }
}
