//! What can go wrong with rows.

use crate::freeze::FROZEN_SQLSTATE;

/// A question to the store, or a change of it, failed. Ordinary results ("no such bucket") are not errors but outcomes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The database cannot be reached, is locked, restarts, or was opened for reading. Nothing is known to have
    /// changed; try again.
    #[error("the database is not available: {0}")]
    Unavailable(String),
    /// The database's disk is full. Nothing changed.
    #[error("no space left for metadata")]
    Full,
    /// The store is closed, or was stopped by a failure of its writer.
    #[error("the metadata store is closed")]
    Closed,
    /// The store is frozen, so that nothing changes while it is moved elsewhere. Nothing changed.
    #[error("the store takes no changes while it is migrated")]
    Frozen,
    /// A row cannot be read as what it should be, or the database reports damage.
    #[error("metadata is damaged: {0}")]
    Corrupt(String),
    /// Another transaction was in the way, again and again. Nothing changed; try again.
    #[error("too many concurrent changes of the same rows")]
    Contended,
    /// The change names a row that does not exist, such as a user of an unknown account.
    #[error("a row that the change refers to does not exist")]
    MissingParent,
    /// The change would make a second row of what exists once, such as an account with a known canonical id.
    #[error("a row of the same name exists")]
    Duplicate,
    /// The database refused a statement of ours: schema and program do not fit together.
    #[error("the database refused a statement: {0}")]
    Statement(String),
}

/// A store could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The location is neither `sqlite://path`, `sqlite::memory:` nor a Postgres URL that can be read.
    #[error("the database location is not understood: {0}")]
    Location(&'static str),
    /// Another server process has this `SQLite` file open.
    #[error("the database `{path}` is in use by another process; stop it first")]
    Locked {
        /// The database file.
        path: String,
    },
    /// A newer program has changed the schema.
    #[error(
        "the database has schema version {found}, this program knows up to {known}; run a newer buckler"
    )]
    NewerSchema {
        /// The schema version in the database.
        found: i64,
        /// The newest schema version of this program.
        known: i64,
    },
    /// The schema is an older program's, and a store that is opened for reading is not changed.
    #[error(
        "the database has schema version {found}, this program reads {known}; serve it once with this buckler"
    )]
    OlderSchema {
        /// The schema version in the database.
        found: i64,
        /// The schema version of this program.
        known: i64,
    },
    /// The file, its folder or its lock cannot be made or opened.
    #[error("cannot open the database: {0}")]
    Io(#[from] std::io::Error),
    /// The database answers with an error.
    #[error("cannot open the database: {0}")]
    Store(#[from] StoreError),
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::{ErrorCode, ffi};
        let rusqlite::Error::SqliteFailure(failure, _) = &error else {
            return Self::Statement(error.to_string());
        };
        match failure.extended_code {
            ffi::SQLITE_CONSTRAINT_FOREIGNKEY => return Self::MissingParent,
            ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY => {
                return Self::Duplicate;
            }
            // No other trigger refuses anything.
            ffi::SQLITE_CONSTRAINT_TRIGGER => return Self::Frozen,
            _ => {}
        }
        match failure.code {
            ErrorCode::DiskFull => Self::Full,
            ErrorCode::DatabaseBusy
            | ErrorCode::DatabaseLocked
            | ErrorCode::CannotOpen
            | ErrorCode::ReadOnly
            | ErrorCode::PermissionDenied
            | ErrorCode::SystemIoFailure
            | ErrorCode::OutOfMemory => Self::Unavailable(error.to_string()),
            ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => {
                Self::Corrupt(error.to_string())
            }
            _ => Self::Statement(error.to_string()),
        }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        let sqlx::Error::Database(refusal) = &error else {
            return match error {
                sqlx::Error::PoolClosed => Self::Closed,
                sqlx::Error::Io(_)
                | sqlx::Error::Tls(_)
                | sqlx::Error::Protocol(_)
                | sqlx::Error::PoolTimedOut
                | sqlx::Error::WorkerCrashed => Self::Unavailable(error.to_string()),
                _ => Self::Statement(error.to_string()),
            };
        };
        let code = refusal.code().unwrap_or_default();
        // Postgres manual, appendix A: a class is the first two characters of a code.
        match (code.get(..2).unwrap_or_default(), code.as_ref()) {
            (_, "23503") => Self::MissingParent,
            (_, "23505") => Self::Duplicate,
            (_, "40001" | "40P01") => Self::Contended,
            (_, "53100") => Self::Full,
            (_, FROZEN_SQLSTATE) => Self::Frozen,
            ("08" | "53" | "57", _) | (_, "25006") => Self::Unavailable(error.to_string()),
            ("XX", _) => Self::Corrupt(error.to_string()),
            _ => Self::Statement(error.to_string()),
        }
    }
}
