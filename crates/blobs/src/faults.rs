//! A seam at which tests make the file system fail.

use std::{fmt, io, path::Path};

/// One kind of call to the operating system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// A fan-out folder is made.
    CreateFolder,
    /// The temporary file is made.
    CreateFile,
    /// Bytes are appended to the temporary file.
    Write,
    /// The bytes of the temporary file are synced.
    SyncFile,
    /// The temporary file gets its final name.
    Rename,
    /// The entries of a folder are synced.
    SyncFolder,
    /// Bytes of a blob are read.
    Read,
    /// A blob or a temporary file is removed.
    Unlink,
}

/// Asked before every step; what it returns as an error happens instead of the step.
pub trait Faults: fmt::Debug + Send + Sync + 'static {
    /// Lets the step happen, or names the error that happens instead.
    ///
    /// # Errors
    /// The error the step is to fail with.
    fn before(&self, step: Step, path: &Path) -> io::Result<()>;
}

/// No step fails on purpose.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoFaults;

impl Faults for NoFaults {
    fn before(&self, _: Step, _: &Path) -> io::Result<()> {
        Ok(())
    }
}
