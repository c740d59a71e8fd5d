//! The calls to the operating system that durability depends on, as a seam.
//!
//! A store does everything through a [`FileLayer`]. [`SystemFiles`] is the file system; tests put [`FaultyFiles`] in its
//! place, which fails chosen steps, or a file system of their own that forgets what was never synced.
//! PERF: one call through a table per batch of 256 KiB and per file operation, beside a system call of microseconds.

mod direct;
mod faulty;
mod system;

use std::{
    fmt,
    io::{self, IoSlice},
    path::Path,
};

use time::OffsetDateTime;

pub use faulty::{Faults, FaultyFiles, Step};
pub use system::SystemFiles;

/// The file system, as far as blobs need it. Errors are those of the system calls.
///
/// A name survives a power loss only after [`sync_folder`](Self::sync_folder) of the folder that holds it, bytes only
/// after [`LayerFile::sync_data`].
#[allow(
    clippy::missing_errors_doc,
    reason = "each returns what its system call returns"
)]
pub trait FileLayer: fmt::Debug + Send + Sync + 'static {
    /// `mkdir`: fails with `AlreadyExists` if it is there.
    fn create_folder(&self, path: &Path) -> io::Result<()>;
    /// Makes a file that must not exist yet.
    fn create_file(&self, path: &Path) -> io::Result<Box<dyn LayerFile>>;
    /// Opens a file for reading, at its start.
    fn open_file(&self, path: &Path) -> io::Result<Box<dyn LayerFile>>;
    /// The same without waiting for the disk; `None` where that cannot be known, or cannot be done.
    fn open_cached(&self, path: &Path) -> Option<Box<dyn LayerFile>> {
        let _ = path;
        None
    }
    /// Gives a file another name, replacing what had it. The folders still have to be synced.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Gives a file a second name; fails with `AlreadyExists` if it is taken.
    fn link(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Removes a file.
    fn remove_file(&self, path: &Path) -> io::Result<()>;
    /// Makes the names in a folder durable.
    fn sync_folder(&self, path: &Path) -> io::Result<()>;
    /// What a folder holds, in no order. Entries that go away meanwhile are left out.
    fn entries(&self, folder: &Path) -> io::Result<Vec<Entry>>;
    /// Length of a file, in bytes; `None` if it is not there.
    fn size_bytes(&self, path: &Path) -> io::Result<Option<u64>>;
}

/// An open file of a [`FileLayer`].
#[allow(
    clippy::missing_errors_doc,
    reason = "each returns what its system call returns"
)]
pub trait LayerFile: fmt::Debug + Send {
    /// Appends what it can of the slices, and returns how many bytes that was.
    fn append(&mut self, slices: &[IoSlice<'_>]) -> io::Result<usize>;
    /// Has the bytes from `first` on, so far as they are written, begin their way to the disk. Promises nothing, waits
    /// for nothing: only [`sync_data`](Self::sync_data) makes anything durable, and has less left to do then.
    fn begin_writeback(&mut self, first: u64) {
        let _ = first;
    }
    /// Makes the bytes durable, and the length. Nothing is appended afterwards.
    fn sync_data(&mut self) -> io::Result<()>;
    /// Length in bytes.
    fn size_bytes(&self) -> io::Result<u64>;
    /// Continues reading at this byte.
    fn seek(&mut self, offset: u64) -> io::Result<()>;
    /// Reads what is in memory of the next `wanted` bytes, which may be none, without waiting for the disk.
    fn read_cached(&mut self, wanted: usize, into: &mut Vec<u8>) -> io::Result<()> {
        let _ = (wanted, into);
        Ok(())
    }
    /// Reads the next `wanted` bytes, fewer only at the end of the file.
    fn read(&mut self, wanted: u64, into: &mut Vec<u8>) -> io::Result<()>;
}

/// One name in a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The name, without the folder. Names that are not UTF-8 are none of ours and are left out.
    pub name: String,
    /// Length, in bytes.
    pub size_bytes: u64,
    /// When its bytes or its name last changed.
    pub changed_at: OffsetDateTime,
}
