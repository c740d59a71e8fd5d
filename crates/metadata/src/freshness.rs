//! Whether what is kept in memory of identities and buckets is still what the rows say.
//!
//! Triggers count every change of these rows in a row of `changes` (migration 7), in the changing transaction itself.
//! On `SQLite`, where this process is the only one that writes, the writer reads the counts after each commit and before
//! anyone is answered, so that asking costs no statement. On Postgres asking is one small statement.

use std::sync::{Arc, Mutex, PoisonError};

use crate::{
    Store, StoreError, connection::Connection, engine::Engine, record::Record, sql::statements,
};

/// The versions of the rows that are kept in memory. Equal versions mean equal rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Freshness {
    /// Of accounts, users, groups, roles, keys and policies: of all that makes a caller.
    pub identities: i64,
    /// Of buckets and their settings.
    pub buckets: i64,
}

statements! {
    CHANGES = "SELECT (SELECT version FROM changes WHERE kind = 'identities'),
        (SELECT version FROM changes WHERE kind = 'buckets')";
}

/// The counts after the last commit, for readers of the same process.
#[derive(Debug, Clone, Default)]
pub(crate) struct Published(Arc<Mutex<Option<Freshness>>>);

impl Published {
    /// Reads the counts and publishes them. If they cannot be read, nobody is told any.
    pub(crate) async fn refresh(&self, connection: &mut Connection) {
        let read = read(connection).await;
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = read.ok();
    }

    fn current(&self) -> Option<Freshness> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store {
    /// The versions of identities and buckets now: what was read together with these versions, or after they were asked
    /// for, is what the rows say.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn freshness(&self) -> Result<Freshness, StoreError> {
        if let Engine::Sqlite(sqlite) = &self.engine
            && let Some(freshness) = sqlite.published.current()
        {
            return Ok(freshness);
        }
        let read = self
            .engine
            .read(&(), |connection, ()| Box::pin(read(connection)));
        read.await
    }
}

async fn read(connection: &mut Connection) -> Result<Freshness, StoreError> {
    let read = connection.one(CHANGES, &[], read_freshness);
    read.await?
        .ok_or_else(|| StoreError::Corrupt("changes are not counted".to_owned()))
}

fn read_freshness(row: &Record<'_>) -> Result<Freshness, StoreError> {
    Ok(Freshness {
        identities: row.int(0)?,
        buckets: row.int(1)?,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use crate::migrations::scripts;

    /// Tables whose rows are read with every request that needs them, so that nothing of them is kept.
    const NEVER_KEPT: &[&str] = &[
        "access_key_uses",
        "account_aliases",
        "bodies",
        "changes",
        "findings",
        "garbage",
        "leases",
        "oidc_providers",
        "parts",
        "settings",
        "uploads",
        "versions",
    ];

    #[test]
    fn changes_of_every_kept_table_are_counted_on_sqlite() {
        let database = rusqlite::Connection::open_in_memory().unwrap();
        for (sqlite, _) in scripts() {
            database.execute_batch(sqlite).unwrap();
        }
        let names = |sql: &str| -> BTreeSet<String> {
            let mut statement = database.prepare(sql).unwrap();
            let rows = statement.query_map([], |row| row.get(0)).unwrap();
            rows.map(Result::unwrap).collect()
        };
        let tables = names(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
        );
        let counted = names(
            "SELECT tbl_name FROM sqlite_master WHERE type = 'trigger' GROUP BY tbl_name HAVING count(*) = 3",
        );
        let never_kept = NEVER_KEPT.iter().map(ToString::to_string).collect();
        assert_eq!(
            counted,
            &tables - &never_kept,
            "a new table has its triggers in 0007_changes.sql, or nothing of it is ever kept in memory"
        );
    }

    #[test]
    fn postgres_counts_the_same_tables() {
        let triggers = |text: &str, mark: &str, end: &str| -> BTreeSet<String> {
            text.lines()
                .filter_map(|line| line.strip_prefix(mark)?.split_once(end))
                .map(|(table, _)| table.to_owned())
                .collect()
        };
        let (mut sqlite, mut postgres) = (BTreeSet::new(), BTreeSet::new());
        for (on_sqlite, on_postgres) in scripts() {
            sqlite.append(&mut triggers(
                on_sqlite,
                "CREATE TRIGGER ",
                "_changed_by_insert",
            ));
            postgres.append(&mut triggers(
                on_postgres,
                "CREATE CONSTRAINT TRIGGER ",
                "_changed ",
            ));
        }
        assert!(!sqlite.is_empty());
        assert_eq!(sqlite, postgres);
    }
}
