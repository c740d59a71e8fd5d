//! `SQLite` beside the process that has it open.
//!
//! The lock on the file keeps a second writer away. In WAL mode a reader disturbs none, and none disturbs it.

use std::{
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use rusqlite::OpenFlags;

use crate::{OpenError, StoreError, connection::Connection, migrations, sqlite::now};

/// How long a reader waits for a writer that holds all of the file, which happens when its log is set up.
const BUSY_SECONDS: u64 = 5;

/// A database that is read and never written.
#[derive(Debug)]
pub(crate) struct SqliteReading {
    file: PathBuf,
    /// One idle connection; `None` once closed.
    idle: Mutex<Option<Vec<Connection>>>,
}

impl SqliteReading {
    /// Opens a database that exists and has this program's schema.
    pub(crate) fn open(file: &Path) -> Result<Self, OpenError> {
        let mut connection = connect(file)?;
        now(migrations::check(&mut connection))??;
        Ok(Self {
            file: file.to_owned(),
            idle: Mutex::new(Some(vec![connection])),
        })
    }

    /// A connection to read with; give it back with [`put`](Self::put).
    pub(crate) fn take(&self) -> Result<Connection, StoreError> {
        let idle = self.lock().as_mut().ok_or(StoreError::Closed)?.pop();
        match idle {
            Some(connection) => Ok(connection),
            None => connect(&self.file),
        }
    }

    pub(crate) fn put(&self, connection: Connection) {
        if let Some(idle) = self.lock().as_mut().filter(|idle| idle.is_empty()) {
            idle.push(connection);
        }
    }

    pub(crate) fn close(&self) {
        self.lock().take();
    }

    fn lock(&self) -> MutexGuard<'_, Option<Vec<Connection>>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn connect(file: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = rusqlite::Connection::open_with_flags(file, flags)?;
    connection.busy_timeout(Duration::from_secs(BUSY_SECONDS))?;
    Ok(Connection::Sqlite(connection))
}
