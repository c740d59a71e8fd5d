//! A copy of all rows as they are at one moment, taken while a server writes.

use std::{fs, path::Path};

use rusqlite::{
    OpenFlags,
    backup::{Backup, StepResult},
};

use crate::{OpenError, StoreError};

/// Copies a `SQLite` database that another process may be writing to. Writers do not wait for it; what they commit
/// meanwhile is not in the copy. Blocks.
///
/// # Errors
/// If the one cannot be read or the other, which must not exist yet, not be written.
pub fn snapshot_sqlite(from: &Path, to: &Path) -> Result<(), OpenError> {
    drop(fs::File::create_new(to)?);
    let read_only = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let source =
        rusqlite::Connection::open_with_flags(from, read_only).map_err(StoreError::from)?;
    let mut copy = rusqlite::Connection::open(to).map_err(StoreError::from)?;
    // All pages in one step: it holds one read transaction, so that no commit makes it begin again.
    let step = Backup::new(&source, &mut copy).and_then(|backup| backup.step(-1));
    match step.map_err(StoreError::from)? {
        StepResult::Done => {}
        other => return Err(StoreError::Unavailable(format!("the copy ended {other:?}")).into()),
    }
    copy.close().map_err(|(_, error)| StoreError::from(error))?;
    fs::File::open(to)?.sync_all()?;
    if let Some(folder) = to.parent() {
        fs::File::open(folder)?.sync_all()?;
    }
    Ok(())
}
