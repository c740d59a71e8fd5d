//! One row of an answer, of either database.

use sqlx::Row as _;
use time::OffsetDateTime;

use crate::{StoreError, times};

/// A row while it is being read. Columns are counted from 0.
#[derive(Debug)]
pub(crate) enum Record<'r> {
    Sqlite(&'r rusqlite::Row<'r>),
    Postgres(&'r sqlx::postgres::PgRow),
}

impl Record<'_> {
    pub(crate) fn int(&self, column: usize) -> Result<i64, StoreError> {
        self.int_or_null(column)?.ok_or_else(|| null(column))
    }

    pub(crate) fn int_or_null(&self, column: usize) -> Result<Option<i64>, StoreError> {
        match self {
            Self::Sqlite(row) => row.get(column).map_err(|error| unreadable(column, &error)),
            Self::Postgres(row) => row
                .try_get(column)
                .map_err(|error| unreadable(column, &error)),
        }
    }

    pub(crate) fn flag(&self, column: usize) -> Result<bool, StoreError> {
        Ok(self.int(column)? != 0)
    }

    pub(crate) fn time(&self, column: usize) -> Result<OffsetDateTime, StoreError> {
        times::from_micros(self.int(column)?)
    }

    pub(crate) fn size(&self, column: usize) -> Result<u64, StoreError> {
        u64::try_from(self.int(column)?).map_err(|error| unreadable(column, &error))
    }

    pub(crate) fn text(&self, column: usize) -> Result<&str, StoreError> {
        self.text_or_null(column)?.ok_or_else(|| null(column))
    }

    pub(crate) fn text_or_null(&self, column: usize) -> Result<Option<&str>, StoreError> {
        match self {
            Self::Sqlite(row) => row
                .get_ref(column)
                .map_err(|error| unreadable(column, &error))?
                .as_str_or_null()
                .map_err(|error| unreadable(column, &error)),
            Self::Postgres(row) => row
                .try_get(column)
                .map_err(|error| unreadable(column, &error)),
        }
    }

    pub(crate) fn bytes(&self, column: usize) -> Result<&[u8], StoreError> {
        self.bytes_or_null(column)?.ok_or_else(|| null(column))
    }

    pub(crate) fn bytes_or_null(&self, column: usize) -> Result<Option<&[u8]>, StoreError> {
        match self {
            Self::Sqlite(row) => row
                .get_ref(column)
                .map_err(|error| unreadable(column, &error))?
                .as_blob_or_null()
                .map_err(|error| unreadable(column, &error)),
            Self::Postgres(row) => row
                .try_get(column)
                .map_err(|error| unreadable(column, &error)),
        }
    }

    /// Reads a text as what it should be.
    pub(crate) fn parsed<T>(
        &self,
        column: usize,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Result<T, StoreError> {
        let text = self.text(column)?;
        parse(text).ok_or_else(|| StoreError::Corrupt(format!("column {column} holds `{text}`")))
    }
}

fn null(column: usize) -> StoreError {
    StoreError::Corrupt(format!("column {column} is null"))
}

fn unreadable(column: usize, error: &dyn std::fmt::Display) -> StoreError {
    StoreError::Corrupt(format!("column {column}: {error}"))
}
