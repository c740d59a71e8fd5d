//! The fan-out folders, and what makes their entries durable.

use std::{
    io,
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
};

use super::{Entry, FileLayer};
use crate::BlobId;

const BRANCHES: usize = 256;

/// `root/tmp` and `root/ab/cd/abcd…`; remembers which folders are known to survive a power loss.
#[derive(Debug)]
pub(crate) struct Folders {
    root: PathBuf,
    durable: Vec<AtomicBool>,
    pub(crate) layer: Box<dyn FileLayer>,
}

impl Folders {
    pub(crate) fn new(root: PathBuf, layer: Box<dyn FileLayer>) -> Self {
        let durable = (0..BRANCHES * BRANCHES)
            .map(|_| AtomicBool::new(false))
            .collect();
        Self {
            root,
            durable,
            layer,
        }
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn temporary_folder(&self) -> PathBuf {
        self.root.join("tmp")
    }

    pub(crate) fn temporary(&self, id: BlobId) -> PathBuf {
        self.root.join("tmp").join(id.to_string())
    }

    pub(crate) fn blob(&self, id: BlobId) -> PathBuf {
        let (first, second) = id.folder();
        self.leaf(first, second).join(id.to_string())
    }

    pub(crate) fn branch(&self, first: u8) -> PathBuf {
        self.root.join(format!("{first:02x}"))
    }

    pub(crate) fn leaf(&self, first: u8, second: u8) -> PathBuf {
        self.branch(first).join(format!("{second:02x}"))
    }

    /// Gives the temporary file its final name, durably: afterwards the blob survives a power loss.
    pub(crate) fn publish(&self, id: BlobId) -> io::Result<()> {
        let (first, second) = id.folder();
        self.make_durable(first, second)?;
        self.layer.rename(&self.temporary(id), &self.blob(id))?;
        self.layer.sync_folder(&self.leaf(first, second))
    }

    /// Removes one file; `false` if it was not there.
    pub(crate) fn unlink(&self, path: &Path) -> io::Result<bool> {
        match self.layer.remove_file(path) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// What a folder holds; nothing if it is not there.
    pub(crate) fn entries(&self, folder: &Path) -> io::Result<Vec<Entry>> {
        match self.layer.entries(folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
            result => result,
        }
    }

    /// Makes the two folders of a blob, unless they are known to be durable already.
    ///
    /// A folder that exists may have been made by a writer (or a process) that has not synced its parent yet, so
    /// existing is not enough: the first use in each process syncs.
    pub(crate) fn make_durable(&self, first: u8, second: u8) -> io::Result<()> {
        let slot = usize::from(first) * BRANCHES + usize::from(second);
        let known = self.durable.get(slot);
        if known.is_some_and(|known| known.load(Ordering::Acquire)) {
            return Ok(());
        }
        let branch = self.branch(first);
        self.create(&branch)?;
        self.create(&self.leaf(first, second))?;
        self.layer.sync_folder(&branch)?;
        self.layer.sync_folder(&self.root)?;
        if let Some(known) = known {
            known.store(true, Ordering::Release);
        }
        Ok(())
    }

    pub(crate) fn create(&self, folder: &Path) -> io::Result<()> {
        match self.layer.create_folder(folder) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
            _ => Ok(()),
        }
    }
}
