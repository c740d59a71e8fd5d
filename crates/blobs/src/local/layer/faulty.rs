//! A file system whose steps fail on purpose.

use std::{
    fmt,
    io::{self, IoSlice},
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{Entry, FileLayer, LayerFile, SystemFiles};

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

impl<F: Faults + ?Sized> Faults for Arc<F> {
    fn before(&self, step: Step, path: &Path) -> io::Result<()> {
        (**self).before(step, path)
    }
}

/// The operating system's files, with [`Faults`] in front of every step.
#[derive(Debug)]
pub struct FaultyFiles<F>(Arc<F>);

impl<F: Faults> FaultyFiles<F> {
    /// Asks `faults` before every step.
    pub fn new(faults: F) -> Self {
        Self(Arc::new(faults))
    }
}

impl<F: Faults> FaultyFiles<F> {
    fn file(&self, path: &Path, file: Box<dyn LayerFile>) -> Box<dyn LayerFile> {
        Box::new(FaultyFile {
            faults: Arc::clone(&self.0),
            path: path.to_owned(),
            file,
        })
    }
}

impl<F: Faults> FileLayer for FaultyFiles<F> {
    fn create_folder(&self, path: &Path) -> io::Result<()> {
        self.0.before(Step::CreateFolder, path)?;
        SystemFiles.create_folder(path)
    }

    fn create_file(&self, path: &Path) -> io::Result<Box<dyn LayerFile>> {
        self.0.before(Step::CreateFile, path)?;
        Ok(self.file(path, SystemFiles.create_file(path)?))
    }

    fn open_file(&self, path: &Path) -> io::Result<Box<dyn LayerFile>> {
        self.0.before(Step::Read, path)?;
        Ok(self.file(path, SystemFiles.open_file(path)?))
    }

    fn open_cached(&self, path: &Path) -> Option<Box<dyn LayerFile>> {
        self.0.before(Step::Read, path).ok()?;
        Some(self.file(path, SystemFiles.open_cached(path)?))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.0.before(Step::Rename, to)?;
        SystemFiles.rename(from, to)
    }

    fn link(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.0.before(Step::Rename, to)?;
        SystemFiles.link(from, to)
    }

    fn remove_file(&self, path: &Path) -> io::Result<()> {
        self.0.before(Step::Unlink, path)?;
        SystemFiles.remove_file(path)
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        self.0.before(Step::SyncFolder, path)?;
        SystemFiles.sync_folder(path)
    }

    fn entries(&self, folder: &Path) -> io::Result<Vec<Entry>> {
        SystemFiles.entries(folder)
    }

    fn size_bytes(&self, path: &Path) -> io::Result<Option<u64>> {
        SystemFiles.size_bytes(path)
    }
}

#[derive(Debug)]
struct FaultyFile<F> {
    faults: Arc<F>,
    path: PathBuf,
    file: Box<dyn LayerFile>,
}

impl<F: Faults> LayerFile for FaultyFile<F> {
    fn append(&mut self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        self.faults.before(Step::Write, &self.path)?;
        self.file.append(slices)
    }

    fn begin_writeback(&mut self, first: u64) {
        self.file.begin_writeback(first);
    }

    fn sync_data(&mut self) -> io::Result<()> {
        self.faults.before(Step::SyncFile, &self.path)?;
        self.file.sync_data()
    }

    fn size_bytes(&self) -> io::Result<u64> {
        self.file.size_bytes()
    }

    fn read_cached(&mut self, wanted: usize, into: &mut Vec<u8>) -> io::Result<()> {
        self.faults.before(Step::Read, &self.path)?;
        self.file.read_cached(wanted, into)
    }

    fn seek(&mut self, offset: u64) -> io::Result<()> {
        self.file.seek(offset)
    }

    fn read(&mut self, wanted: u64, into: &mut Vec<u8>) -> io::Result<()> {
        self.faults.before(Step::Read, &self.path)?;
        self.file.read(wanted, into)
    }
}
