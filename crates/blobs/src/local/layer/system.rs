//! The file system of the operating system.

use std::{
    fs,
    io::{self, IoSlice, IoSliceMut, Read as _, Seek as _, SeekFrom},
    os::unix::fs::MetadataExt as _,
    path::Path,
};

use rustix::{
    buffer::spare_capacity,
    fs::{Advice, CWD, Mode, OFlags, ResolveFlags, fadvise, openat2},
    io::{Errno, ReadWriteFlags, preadv2},
};
use time::OffsetDateTime;

use super::{Entry, FileLayer, LayerFile, direct::Tail};

/// The operating system's files.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemFiles;

impl FileLayer for SystemFiles {
    fn create_folder(&self, path: &Path) -> io::Result<()> {
        fs::create_dir(path)
    }

    fn create_file(&self, path: &Path) -> io::Result<Box<dyn LayerFile>> {
        let file = fs::File::create_new(path)?;
        let tail = Tail::new(&file);
        Ok(Box::new(SystemFile { file, tail }))
    }

    fn open_file(&self, path: &Path) -> io::Result<Box<dyn LayerFile>> {
        Ok(Box::new(SystemFile::to_read(fs::File::open(path)?)))
    }

    fn open_cached(&self, path: &Path) -> Option<Box<dyn LayerFile>> {
        let (flags, no_mode) = (OFlags::RDONLY | OFlags::CLOEXEC, Mode::empty());
        // An error may be that of a system without the call; whoever opens the file properly hears any other.
        let file = openat2(CWD, path, flags, no_mode, ResolveFlags::CACHED).ok()?;
        Some(Box::new(SystemFile::to_read(file.into())))
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
struct SystemFile {
    file: fs::File,
    tail: Tail,
}

impl SystemFile {
    fn to_read(file: fs::File) -> Self {
        let tail = Tail::Cached;
        Self { file, tail }
    }
}

impl LayerFile for SystemFile {
    fn append(&mut self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        self.tail.append(&mut self.file, slices)
    }

    /// Linux writes out what is dirty of a range that it is told will not be needed, and then drops only pages that are
    /// clean: none of these is. There is no safe call to `sync_file_range`.
    fn begin_writeback(&mut self, first: u64) {
        if matches!(self.tail, Tail::Cached) {
            _ = fadvise(&self.file, first, None, Advice::DontNeed);
        }
    }

    fn sync_data(&mut self) -> io::Result<()> {
        self.tail.finish(&mut self.file)?;
        self.file.sync_data()
    }

    fn size_bytes(&self) -> io::Result<u64> {
        Ok(self.file.metadata()?.len())
    }

    fn seek(&mut self, offset: u64) -> io::Result<()> {
        self.file.seek(SeekFrom::Start(offset)).map(drop)
    }

    fn read_cached(&mut self, wanted: usize, into: &mut Vec<u8>) -> io::Result<()> {
        const AT_POSITION: u64 = u64::MAX;
        let start = into.len();
        into.resize(start.saturating_add(wanted), 0);
        let room = into.get_mut(start..).unwrap_or_default();
        let mut room = [IoSliceMut::new(room)];
        let read = preadv2(&self.file, &mut room, AT_POSITION, ReadWriteFlags::NOWAIT);
        into.truncate(start + read.unwrap_or(0));
        match read {
            // Nothing is there, or the file system cannot say.
            Ok(_) | Err(Errno::AGAIN | Errno::INTR | Errno::OPNOTSUPP | Errno::NOSYS) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    fn read(&mut self, wanted: u64, into: &mut Vec<u8>) -> io::Result<()> {
        let end =
            usize::try_from(wanted).map_or(usize::MAX, |wanted| into.len().saturating_add(wanted));
        into.reserve_exact(end - into.len());
        // PERF: in calls as large as the room, where `read_to_end` feels its way up from 8 KiB.
        while into.len() < end && into.capacity() <= end {
            match rustix::io::read(&self.file, spare_capacity(into)) {
                Ok(0) => return Ok(()),
                Ok(_) | Err(Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
        // The room may have become larger than asked for.
        let left = (end - into.len()) as u64;
        (&self.file).take(left).read_to_end(into).map(drop)
    }
}
