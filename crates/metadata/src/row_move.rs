//! Carrying all rows of one store into another, of either database.
//!
//! The source is frozen, so that whatever is read of it, at whatever time, is one state. How far a table is stands in
//! the target, and is committed with each page: a move that is killed goes on where it was.

use buckler_checksum::{Algorithm, Checksum, Hasher};
use futures_util::future;
use serde::{Deserialize, Serialize};

use crate::{
    Store, StoreError,
    connection::Connection,
    engine::Engine,
    freeze::MOVE_SETTINGS,
    record::Record,
    row_pages::{Cell, Key, Row, insert},
    sql::{Sql, statements, values},
    tables::{Numbers, Table, tables},
};

/// The setting of a target that names the move.
const ARRIVING: &str = "migrate/arriving";
/// The settings of a target that say how far each table is.
const CURSOR: &str = "migrate/table/";

statements! {
    CURSOR_FIRST = "INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING";
    CURSOR_NEXT = "UPDATE settings SET value = $1 WHERE name = $2 AND value = $3";
    RELEASE = "DELETE FROM settings WHERE name >= $1 AND name < $2";
}

/// `SQLite`: numbers are never used again of the tables that have a row here.
const SQLITE_NUMBER: Sql = Sql("SELECT max(seq) FROM sqlite_sequence WHERE name = $1");
const SQLITE_NUMBER_RAISE: Sql =
    Sql("UPDATE sqlite_sequence SET seq = $1 WHERE name = $2 AND seq < $1");
const SQLITE_NUMBER_FIRST: Sql = Sql("INSERT INTO sqlite_sequence (name, seq)
    SELECT $1, $2 WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = $1)");
const SQLITE_IS_COUNTED: Sql =
    Sql("SELECT 1 FROM sqlite_master WHERE name = $1 AND sql LIKE '%AUTOINCREMENT%'");
const POSTGRES_NUMBER: Sql =
    Sql("SELECT pg_sequence_last_value(pg_get_serial_sequence($1, $2)::regclass)");
const POSTGRES_NUMBER_RAISE: Sql =
    Sql("SELECT setval(pg_get_serial_sequence($1, $2)::regclass, $3)");

/// A move of rows could not be begun, or go on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MoveError {
    /// The source may change while it is read.
    #[error("the source is not frozen for this move")]
    NotFrozen,
    /// The target has rows of its own.
    #[error("the target is not empty: it has rows in `{table}`")]
    NotEmpty {
        /// The first table with rows.
        table: &'static str,
    },
    /// The target is half full of another store's rows.
    #[error("the target holds another migration that has not ended")]
    OtherMove,
    /// The target's note of how far a table is was changed by somebody else.
    #[error("another process works on the same migration")]
    Concurrent,
    /// Either database fails.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// How far a table is, as the target keeps it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Cursor {
    after: Option<Key>,
    rows: u64,
    is_finished: bool,
}

/// What a table holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TableDigest {
    /// How many rows.
    pub rows: u64,
    /// SHA-256 of all cells, in the order of the keys.
    pub digest: Checksum,
}

/// All rows of one store, on their way into another.
#[derive(Debug, Clone)]
pub struct RowMove {
    source: Store,
    target: Store,
}

impl RowMove {
    /// Looks whether a target is empty or this move's already, and changes nothing.
    ///
    /// # Errors
    /// [`MoveError::NotEmpty`], [`MoveError::OtherMove`]; those of the target.
    pub async fn ensure_ready(target: &Store, move_id: &str) -> Result<(), MoveError> {
        match target.arriving().await? {
            Some(arriving) if arriving == move_id => Ok(()),
            Some(_) => Err(MoveError::OtherMove),
            None => ensure_empty(target).await,
        }
    }

    /// Prepares a target: an empty one becomes this move's, and one that is this move's already goes on being so.
    ///
    /// # Errors
    /// [`MoveError`].
    pub async fn begin(source: Store, target: Store, move_id: &str) -> Result<Self, MoveError> {
        let freeze = source.frozen().await?;
        if freeze.is_none_or(|freeze| freeze.move_id != move_id) {
            return Err(MoveError::NotFrozen);
        }
        Self::ensure_ready(&target, move_id).await?;
        let mark = move_id.as_bytes().to_vec();
        let holds = target.setting_or_insert(ARRIVING, mark.clone()).await?;
        if holds != mark {
            return Err(MoveError::OtherMove);
        }
        Ok(Self { source, target })
    }

    /// Carries what is left of a table, and returns how many rows have been carried, by earlier processes, too.
    /// `carried` is told of each page how many that are by then.
    ///
    /// # Errors
    /// [`MoveError::Concurrent`]; those of either database. It can be called again.
    pub async fn carry(
        &self,
        table: &'static Table,
        mut carried: impl FnMut(u64),
    ) -> Result<u64, MoveError> {
        let name = format!("{CURSOR}{}", table.name());
        let mut noted = self.target.setting(&name).await?;
        let mut cursor = match &noted {
            Some(text) => read_cursor(text)?,
            None => Cursor::default(),
        };
        while !cursor.is_finished {
            carried(cursor.rows);
            let page = self.source.row_page(table, cursor.after.as_ref()).await?;
            cursor.rows += page.rows.len() as u64;
            match page.last {
                Some(last) => cursor.after = Some(last),
                None => cursor.is_finished = true,
            }
            let next = serde_json::to_vec(&cursor)
                .map_err(|error| StoreError::Statement(error.to_string()))?;
            let step = Step {
                table,
                rows: page.rows,
                name: name.clone(),
                noted: noted.replace(next.clone()),
                next,
            };
            let write = self.target.engine.write(step, |c, step| {
                Box::pin(async move {
                    if !step.advance(c).await? {
                        return Ok(false);
                    }
                    insert(c, step.table, &step.rows).await?;
                    Ok(true)
                })
            });
            if !write.await? {
                return Err(MoveError::Concurrent);
            }
        }
        carried(cursor.rows);
        Ok(cursor.rows)
    }

    /// What a table holds at the source and at the target, read side by side.
    ///
    /// # Errors
    /// Those of either database.
    pub async fn digests(
        &self,
        table: &'static Table,
    ) -> Result<(TableDigest, TableDigest), StoreError> {
        future::try_join(digest(&self.source, table), digest(&self.target, table)).await
    }

    /// Has the target count on from the numbers that the source has used, also of rows that are gone.
    ///
    /// # Errors
    /// Those of either database. Safe to repeat.
    pub async fn carry_numbers(&self) -> Result<(), StoreError> {
        for table in tables().filter(|table| table.definition.numbers == Numbers::Counted) {
            let used = self.source.number_used(table).await?;
            if used > 0 {
                self.target.raise_number(table, used).await?;
            }
        }
        Ok(())
    }

    /// Lets servers use the target.
    ///
    /// # Errors
    /// Those of the target. Safe to repeat.
    pub async fn release(&self) -> Result<(), StoreError> {
        self.target.release_arrival().await
    }
}

/// One page of a table, and what is noted with it.
#[derive(Debug)]
struct Step {
    table: &'static Table,
    rows: Vec<Row>,
    name: String,
    /// The note that must stand there now.
    noted: Option<Vec<u8>>,
    next: Vec<u8>,
}

impl Step {
    /// Changes the note, unless somebody else has.
    async fn advance(&self, connection: &mut Connection) -> Result<bool, StoreError> {
        let (name, next) = (self.name.as_str(), self.next.as_slice());
        let changed = match self.noted.as_deref() {
            None => connection.execute(CURSOR_FIRST, values![name, next]).await,
            Some(noted) => {
                let values = values![next, name, noted];
                connection.execute(CURSOR_NEXT, values).await
            }
        };
        Ok(changed? == 1)
    }
}

fn read_cursor(text: &[u8]) -> Result<Cursor, StoreError> {
    serde_json::from_slice(text)
        .map_err(|error| StoreError::Corrupt(format!("the note of a migration: {error}")))
}

async fn ensure_empty(target: &Store) -> Result<(), MoveError> {
    for table in tables() {
        if !target.row_page(table, None).await?.rows.is_empty() {
            return Err(MoveError::NotEmpty {
                table: table.name(),
            });
        }
    }
    Ok(())
}

async fn digest(store: &Store, table: &'static Table) -> Result<TableDigest, StoreError> {
    let (mut rows, mut after) = (0, None);
    let mut hasher = Hasher::new(Algorithm::Sha256);
    loop {
        let page = store.row_page(table, after.as_ref()).await?;
        for row in &page.rows {
            for cell in row {
                absorb(&mut hasher, cell);
            }
        }
        rows += page.rows.len() as u64;
        match page.last {
            Some(last) => after = Some(last),
            None => break,
        }
    }
    Ok(TableDigest {
        rows,
        digest: hasher.finish(),
    })
}

/// Each cell with its length before it: no two sequences of cells look alike.
fn absorb(hasher: &mut Hasher, cell: &Cell) {
    let number;
    let bytes = match cell {
        Cell::Int(Some(value)) => {
            number = value.to_be_bytes();
            Some(number.as_slice())
        }
        Cell::Text(Some(text)) => Some(text.as_bytes()),
        Cell::Bytes(Some(bytes)) => Some(bytes.as_slice()),
        Cell::Int(None) | Cell::Text(None) | Cell::Bytes(None) => None,
    };
    let length = bytes.map_or(u64::MAX, |bytes| bytes.len() as u64);
    hasher.update(&length.to_be_bytes());
    hasher.update(bytes.unwrap_or_default());
}

impl Store {
    /// The move that this store is the unfinished target of.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn arriving(&self) -> Result<Option<String>, StoreError> {
        let mark = self.setting(ARRIVING).await?;
        Ok(mark.map(|mark| String::from_utf8_lossy(&mark).into_owned()))
    }

    async fn release_arrival(&self) -> Result<(), StoreError> {
        let write = self.engine.write((), |c, ()| {
            Box::pin(async move {
                // The character after the slash.
                let end = MOVE_SETTINGS.replace('/', "0");
                c.execute(RELEASE, values![MOVE_SETTINGS, end.as_str()])
                    .await?;
                Ok(())
            })
        });
        write.await
    }

    /// The highest number that the database has given, as far as it remembers: also of rows that are gone.
    async fn number_used(&self, table: &'static Table) -> Result<i64, StoreError> {
        let statement = if matches!(self.engine, Engine::Postgres { .. }) {
            POSTGRES_NUMBER
        } else {
            SQLITE_NUMBER
        };
        let arguments = (table, statement);
        let read = self.engine.read(&arguments, |c, (table, statement)| {
            Box::pin(async move {
                let column = table.definition.key.first().copied().unwrap_or_default();
                let both = values![table.name(), column];
                let only = values![table.name()];
                let values = match c {
                    Connection::Sqlite(_) => only.as_slice(),
                    Connection::Postgres(_) | Connection::Transaction(_) => both.as_slice(),
                };
                let number = |row: &Record<'_>| row.int_or_null(0);
                let given = c.one(*statement, values, number).await?;
                let present = c.one(table.statements.highest, &[], number).await?;
                Ok(given.flatten().max(present.flatten()).unwrap_or_default())
            })
        });
        read.await
    }

    /// Has the database give higher numbers than this one.
    async fn raise_number(&self, table: &'static Table, used: i64) -> Result<(), StoreError> {
        let write = self.engine.write((table, used), |c, (table, used)| {
            Box::pin(async move {
                let name = table.name();
                let column = table.definition.key.first().copied().unwrap_or_default();
                if !matches!(c, Connection::Sqlite(_)) {
                    let values = values![name, column, *used];
                    c.one(POSTGRES_NUMBER_RAISE, values, |_| Ok(())).await?;
                    return Ok(());
                }
                let counted = c.one(SQLITE_IS_COUNTED, values![name], |_| Ok(())).await?;
                if counted.is_some() {
                    c.execute(SQLITE_NUMBER_FIRST, values![name, *used]).await?;
                    c.execute(SQLITE_NUMBER_RAISE, values![*used, name]).await?;
                }
                Ok(())
            })
        });
        write.await
    }
}
