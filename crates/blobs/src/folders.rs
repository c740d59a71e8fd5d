//! The fan-out folders, and what makes their entries durable.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
};

use crate::{BlobId, Faults, Step};

const BRANCHES: usize = 256;

/// `root/tmp` and `root/ab/cd/abcd…`; remembers which folders are known to survive a power loss.
#[derive(Debug)]
pub(crate) struct Folders {
    root: PathBuf,
    durable: Vec<AtomicBool>,
    faults: Box<dyn Faults>,
}

impl Folders {
    pub(crate) fn new(root: PathBuf, faults: Box<dyn Faults>) -> Self {
        let durable = (0..BRANCHES * BRANCHES)
            .map(|_| AtomicBool::new(false))
            .collect();
        Self {
            root,
            durable,
            faults,
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

    pub(crate) fn before(&self, step: Step, path: &Path) -> io::Result<()> {
        self.faults.before(step, path)
    }

    /// Gives the temporary file its final name, durably: afterwards the blob survives a power loss.
    pub(crate) fn publish(&self, id: BlobId) -> io::Result<()> {
        let (first, second) = id.folder();
        self.make_durable(first, second)?;
        let target = self.blob(id);
        self.before(Step::Rename, &target)?;
        #[expect(
            clippy::disallowed_methods,
            reason = "this is the rename that also syncs the folder"
        )]
        fs::rename(self.temporary(id), &target)?;
        self.sync(&self.leaf(first, second))
    }

    /// Makes the two folders of a blob, unless they are known to be durable already.
    ///
    /// A folder that exists may have been made by a writer (or a process) that has not synced its parent yet, so
    /// existing is not enough: the first use in each process syncs.
    fn make_durable(&self, first: u8, second: u8) -> io::Result<()> {
        let slot = usize::from(first) * BRANCHES + usize::from(second);
        let known = self.durable.get(slot);
        if known.is_some_and(|known| known.load(Ordering::Acquire)) {
            return Ok(());
        }
        let branch = self.branch(first);
        self.create(&branch)?;
        self.create(&self.leaf(first, second))?;
        self.sync(&branch)?;
        self.sync(&self.root)?;
        if let Some(known) = known {
            known.store(true, Ordering::Release);
        }
        Ok(())
    }

    fn create(&self, folder: &Path) -> io::Result<()> {
        self.before(Step::CreateFolder, folder)?;
        match fs::create_dir(folder) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
            _ => Ok(()),
        }
    }

    pub(crate) fn sync(&self, folder: &Path) -> io::Result<()> {
        self.before(Step::SyncFolder, folder)?;
        fs::File::open(folder)?.sync_all()
    }
}
