//! Where the rows are.

use std::{
    fmt,
    path::{Path, PathBuf},
    str::FromStr,
};

use sqlx::postgres::PgConnectOptions;

use crate::OpenError;

/// What connections of servers are called, and those of commands that must not be taken for one.
pub(crate) const SERVER: &str = "buckler";
pub(crate) const COMMAND: &str = "buckler command";

/// `sqlite://path`, `sqlite::memory:` or `postgres://user:password@host/database`.
///
/// Neither `Debug` nor `Display` shows the password of a Postgres URL.
#[derive(Clone)]
pub struct DatabaseLocation {
    pub(crate) kind: Kind,
}

#[derive(Clone)]
pub(crate) enum Kind {
    SqliteFile(PathBuf),
    SqliteMemory,
    Postgres(Box<PgConnectOptions>),
}

impl DatabaseLocation {
    /// Reads a location. `sqlite://data/rows.db` is relative, `sqlite:///var/rows.db` absolute.
    ///
    /// # Errors
    /// [`OpenError::Location`], which never repeats the text: it may hold a password.
    pub fn parse(text: &str) -> Result<Self, OpenError> {
        let kind = if text == "sqlite::memory:" {
            Kind::SqliteMemory
        } else if let Some(path) = text.strip_prefix("sqlite://") {
            if path.is_empty() {
                return Err(OpenError::Location("a path is missing after `sqlite://`"));
            }
            Kind::SqliteFile(PathBuf::from(path))
        } else if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            let options = PgConnectOptions::from_str(text)
                .map_err(|_| OpenError::Location("the Postgres URL cannot be read"))?;
            Kind::Postgres(Box::new(options))
        } else {
            return Err(OpenError::Location(
                "expected `sqlite://path`, `sqlite::memory:` or `postgres://…`",
            ));
        };
        Ok(Self { kind })
    }

    /// A `SQLite` file at this path.
    pub fn sqlite(path: impl Into<PathBuf>) -> Self {
        Self {
            kind: Kind::SqliteFile(path.into()),
        }
    }

    /// The same place, for a command that works beside servers: Postgres lists its connections by another name.
    #[must_use]
    pub fn for_command(mut self) -> Self {
        if let Kind::Postgres(options) = &mut self.kind {
            **options = options.as_ref().clone().application_name(COMMAND);
        }
        self
    }

    /// The file of the rows, if they are in one that lasts.
    pub fn sqlite_file(&self) -> Option<&Path> {
        match &self.kind {
            Kind::SqliteFile(path) => Some(path),
            Kind::SqliteMemory | Kind::Postgres(_) => None,
        }
    }

    /// Whether the rows are on a database server, not in a file.
    pub const fn is_remote(&self) -> bool {
        matches!(self.kind, Kind::Postgres(_))
    }

    /// A `SQLite` database that is gone when its store is closed.
    pub const fn memory() -> Self {
        Self {
            kind: Kind::SqliteMemory,
        }
    }
}

impl fmt::Display for DatabaseLocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::SqliteFile(path) => write!(f, "sqlite://{}", path.display()),
            Kind::SqliteMemory => f.write_str("sqlite::memory:"),
            Kind::Postgres(options) => write!(
                f,
                "postgres://{}:{}/{}",
                options.get_host(),
                options.get_port(),
                options.get_database().unwrap_or_default()
            ),
        }
    }
}

impl fmt::Debug for DatabaseLocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DatabaseLocation({self})")
    }
}
