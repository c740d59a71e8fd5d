//! The file system of the operating system.

use std::{
    fs,
    io::{self, IoSlice, Read as _, Seek as _, SeekFrom, Write as _},
    os::unix::fs::MetadataExt as _,
    path::Path,
};

use time::OffsetDateTime;

use super::{Entry, FileLayer, LayerFile};

/// The operating system's files.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemFiles;

impl FileLayer for SystemFiles {
    fn create_folder(&self, path: &Path) -> io::Result<()> {
        fs::create_dir(path)
    }

    fn create_file(&self, path: &Path) -> io::Result<Box<dyn LayerFile>> {
        Ok(Box::new(SystemFile(fs::File::create_new(path)?)))
    }

    fn open_file(&self, path: &Path) -> io::Result<Box<dyn LayerFile>> {
        Ok(Box::new(SystemFile(fs::File::open(path)?)))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        #[expect(
            clippy::disallowed_methods,
            reason = "`Folders::publish` is the caller, and it syncs the folder"
        )]
        fs::rename(from, to)
    }

    fn link(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::hard_link(from, to)
    }

    fn remove_file(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        fs::File::open(path)?.sync_all()
    }

    fn entries(&self, folder: &Path) -> io::Result<Vec<Entry>> {
        let mut entries = Vec::new();
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let Ok(name) = entry.file_name().into_string() else {
                continue;
            };
            let metadata = match entry.metadata() {
                Ok(metadata) => metadata,
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => return Err(error),
            };
            entries.push(Entry {
                name,
                size_bytes: metadata.len(),
                changed_at: changed_at(&metadata),
            });
        }
        Ok(entries)
    }

    fn size_bytes(&self, path: &Path) -> io::Result<Option<u64>> {
        match fs::metadata(path) {
            Ok(metadata) => Ok(Some(metadata.len())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// The inode's change time: it moves with the bytes and with the name, and nobody can set it.
fn changed_at(metadata: &fs::Metadata) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(metadata.ctime()).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

#[derive(Debug)]
struct SystemFile(fs::File);

impl LayerFile for SystemFile {
    fn append(&mut self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        self.0.write_vectored(slices)
    }

    fn sync_data(&mut self) -> io::Result<()> {
        self.0.sync_data()
    }

    fn size_bytes(&self) -> io::Result<u64> {
        Ok(self.0.metadata()?.len())
    }

    fn seek(&mut self, offset: u64) -> io::Result<()> {
        self.0.seek(SeekFrom::Start(offset)).map(drop)
    }

    fn read(&mut self, wanted: u64, into: &mut Vec<u8>) -> io::Result<()> {
        (&self.0).take(wanted).read_to_end(into).map(drop)
    }
}
