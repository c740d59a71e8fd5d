//! `SQLite`: one writer thread, and readers on the calling thread.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use futures_util::FutureExt as _;
use rusqlite::OpenFlags;
use rustix::fs::{FlockOperation, flock};

use crate::{
    CommitFaults, OpenError, StoreError, connection::Connection, freshness::Published,
    hot_objects::HotObjects, migrations, sqlite_writer::SqliteWriter,
};

/// Idle reading connections that are kept. There are never more at once than threads that read.
const IDLE_READERS_MAX: usize = 16;
/// Memory of one reading connection for pages, in KiB.
const READER_CACHE_KIBIBYTES: i64 = 2048;

/// An open `SQLite` database, locked against other processes.
#[derive(Debug)]
pub(crate) struct Sqlite {
    pub(crate) writer: SqliteWriter,
    pub(crate) published: Published,
    pub(crate) hot: HotObjects,
    /// Idle connections; `None` once closed.
    readers: Mutex<Option<Vec<Connection>>>,
    file: PathBuf,
    durability: Durability,
    _lock: fs::File,
    _folder: Option<tempfile::TempDir>,
}

/// What a commit promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Durability {
    /// Survives a power loss.
    Synced,
    /// Lives as long as the process: `sqlite::memory:`.
    None,
}

/// Whether the file must be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Presence {
    /// A reader that made the file anew would find nothing in it, ever.
    Required,
    MadeIfAbsent,
}

impl Sqlite {
    /// Opens or makes a database file.
    pub(crate) fn open_file(path: &Path, faults: Arc<dyn CommitFaults>) -> Result<Self, OpenError> {
        if let Some(folder) = path.parent().filter(|f| !f.as_os_str().is_empty()) {
            fs::create_dir_all(folder)?;
        }
        Self::open(path.to_owned(), Durability::Synced, None, faults)
    }

    /// A database in a temporary folder that goes with it, never synced.
    ///
    /// Not `SQLite`'s own in-memory mode: its shared cache locks tables between readers and the writer. Not `/dev/shm`:
    /// containers get 64 MiB of it.
    pub(crate) fn open_memory(faults: Arc<dyn CommitFaults>) -> Result<Self, OpenError> {
        let folder = tempfile::Builder::new().prefix("buckler-").tempdir()?;
        let file = folder.path().join("rows.db");
        Self::open(file, Durability::None, Some(folder), faults)
    }

    fn open(
        file: PathBuf,
        durability: Durability,
        folder: Option<tempfile::TempDir>,
        faults: Arc<dyn CommitFaults>,
    ) -> Result<Self, OpenError> {
        let lock = lock(&file)?;
        let connection = connect(&file, Presence::MadeIfAbsent, durability)?;
        let mut connection = Connection::Sqlite(connection);
        run_migrations(&mut connection)?;
        let hot = HotObjects::default();
        if let Connection::Sqlite(connection) = &connection {
            hot.watch(connection)?;
        }
        let published = Published::default();
        now(published.refresh(&mut connection))?;
        Ok(Self {
            writer: SqliteWriter::start(connection, published.clone(), hot.clone(), faults)?,
            published,
            hot,
            readers: Mutex::new(Some(Vec::new())),
            file,
            durability,
            _lock: lock,
            _folder: folder,
        })
    }

    /// A connection to read with; give it back with [`put_reader`](Self::put_reader).
    pub(crate) fn take_reader(&self) -> Result<Connection, StoreError> {
        let idle = self
            .lock_readers()
            .as_mut()
            .ok_or(StoreError::Closed)?
            .pop();
        if let Some(connection) = idle {
            return Ok(connection);
        }
        let connection = connect(&self.file, Presence::Required, self.durability)?;
        connection.pragma_update(None, "query_only", true)?;
        // PERF: what is read over and over lies in the mapped file; a reader's own cache holds pages of the log.
        connection.pragma_update(None, "cache_size", -READER_CACHE_KIBIBYTES)?;
        Ok(Connection::Sqlite(connection))
    }

    pub(crate) fn put_reader(&self, connection: Connection) {
        let mut readers = self.lock_readers();
        if let Some(readers) = readers.as_mut().filter(|r| r.len() < IDLE_READERS_MAX) {
            readers.push(connection);
        }
    }

    fn lock_readers(&self) -> MutexGuard<'_, Option<Vec<Connection>>> {
        self.readers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes what is queued and empties the log. Blocks.
    pub(crate) fn close(&self) {
        self.lock_readers().take();
        self.writer.stop();
    }
}

fn run_migrations(connection: &mut Connection) -> Result<(), OpenError> {
    now(connection.script("BEGIN IMMEDIATE"))??;
    let migrated = now(migrations::migrate(connection)).map_err(OpenError::Store)?;
    now(connection.script(if migrated.is_ok() {
        "COMMIT"
    } else {
        "ROLLBACK"
    }))??;
    migrated
}

/// Takes the result of a future that has nothing to wait for.
pub(crate) fn now<T>(future: impl Future<Output = T>) -> Result<T, StoreError> {
    future
        .now_or_never()
        .ok_or_else(|| StoreError::Statement("a statement of SQLite had to wait".to_owned()))
}

fn connect(
    file: &Path,
    presence: Presence,
    durability: Durability,
) -> Result<rusqlite::Connection, StoreError> {
    let mut flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    flags.set(
        OpenFlags::SQLITE_OPEN_CREATE,
        presence == Presence::MadeIfAbsent,
    );
    let connection = rusqlite::Connection::open_with_flags(file, flags)?;
    connection.set_prepared_statement_cache_capacity(128);
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    connection.execute_batch(
        "PRAGMA journal_mode = WAL;
         PRAGMA foreign_keys = ON;
         PRAGMA temp_store = MEMORY;
         PRAGMA cache_size = -16384;
         PRAGMA mmap_size = 268435456;
         PRAGMA wal_autocheckpoint = 4096;
         PRAGMA journal_size_limit = 67108864;",
    )?;
    connection.execute_batch(match durability {
        Durability::Synced => "PRAGMA synchronous = FULL;",
        Durability::None => "PRAGMA synchronous = OFF;",
    })?;
    Ok(connection)
}

fn lock(database: &Path) -> Result<fs::File, OpenError> {
    let mut name = database.as_os_str().to_owned();
    name.push(".lock");
    let file = fs::File::create(PathBuf::from(name))?;
    match flock(&file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(file),
        Err(rustix::io::Errno::WOULDBLOCK) => Err(OpenError::Locked {
            path: database.display().to_string(),
        }),
        Err(error) => Err(OpenError::Io(error.into())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::NoCommitFaults;

    #[test]
    fn readers_do_not_make_a_file_that_was_taken_away_and_find_it_when_it_is_back() {
        let folder = tempfile::tempdir().unwrap();
        let [file, aside] = ["rows.db", "aside.db"].map(|name| folder.path().join(name));
        let sqlite = Sqlite::open_file(&file, Arc::new(NoCommitFaults)).unwrap();
        let moved = |from: &Path, to: &Path| {
            fs::hard_link(from, to).unwrap();
            fs::remove_file(from).unwrap();
        };
        moved(&file, &aside);
        assert!(matches!(
            sqlite.take_reader(),
            Err(StoreError::Unavailable(_))
        ));
        assert!(!file.exists());
        moved(&aside, &file);
        sqlite.take_reader().unwrap();
    }
}
