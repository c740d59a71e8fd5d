//! A file system in memory that keeps, when its power goes, what was synced and nothing else for certain.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{self, IoSlice},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard},
};

use buckler_blobs::{Entry, FileLayer, LayerFile};
use time::OffsetDateTime;

/// What becomes of changes that were never synced. POSIX allows each of these.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Unsynced {
    /// Neither names nor bytes.
    AllLost,
    /// Names got to the disk, bytes did not.
    NamesKept,
    /// Bytes got to the disk, names did not.
    BytesKept,
    /// Each of them or not, as the bits of the number say.
    Some(u64),
}

#[derive(Debug, Clone, Default)]
struct File {
    bytes: Vec<u8>,
    synced: Vec<u8>,
}

/// Names of one kind: as programs see them, and as they are on the platter.
#[derive(Debug, Clone, Default)]
struct Names {
    now: BTreeMap<PathBuf, usize>,
    durable: BTreeMap<PathBuf, usize>,
}

#[derive(Debug, Clone, Default)]
struct State {
    files: Vec<File>,
    names: Names,
    folders: BTreeSet<PathBuf>,
    durable_folders: BTreeSet<PathBuf>,
    /// Changes until the power goes.
    power: Option<usize>,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct ForgetfulDisk(Arc<Mutex<State>>);

impl ForgetfulDisk {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    /// From now on, so many changes take place; then nothing works any more.
    pub(crate) fn cut_power_after(&self, changes: usize) {
        self.state().power = Some(changes);
    }

    /// The disk as it is found when the power is back.
    pub(crate) fn after_power_loss(&self, unsynced: Unsynced) -> Self {
        let state = self.state();
        let mut dice = Dice(unsynced);
        let mut folders = state.durable_folders.clone();
        for folder in state.folders.difference(&state.durable_folders) {
            if dice.keeps_name() {
                folders.insert(folder.clone());
            }
        }
        let mut names = state.names.durable.clone();
        for (name, file) in &state.names.now {
            if names.get(name) != Some(file) && dice.keeps_name() {
                names.insert(name.clone(), *file);
            }
        }
        for name in state.names.durable.keys() {
            if !state.names.now.contains_key(name) && dice.keeps_name() {
                names.remove(name);
            }
        }
        // A name below a folder that was lost is lost, too.
        names.retain(|name, _| {
            let mut above = name.ancestors().skip(1);
            above.all(|folder| !state.folders.contains(folder) || folders.contains(folder))
        });
        let files = state
            .files
            .iter()
            .map(|file| {
                let bytes = dice.bytes(file);
                File {
                    synced: bytes.clone(),
                    bytes,
                }
            })
            .collect();
        Self(Arc::new(Mutex::new(State {
            files,
            names: Names {
                now: names.clone(),
                durable: names,
            },
            durable_folders: folders.clone(),
            folders,
            power: None,
        })))
    }
}

struct Dice(Unsynced);

impl Dice {
    fn toss(bits: &mut u64) -> bool {
        // A linear congruential generator; its high bits are good enough for a coin.
        *bits = bits
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        *bits >> 63 == 1
    }

    fn keeps_name(&mut self) -> bool {
        match &mut self.0 {
            Unsynced::AllLost | Unsynced::BytesKept => false,
            Unsynced::NamesKept => true,
            Unsynced::Some(bits) => Self::toss(bits),
        }
    }

    fn bytes(&mut self, file: &File) -> Vec<u8> {
        match &mut self.0 {
            Unsynced::AllLost | Unsynced::NamesKept => file.synced.clone(),
            Unsynced::BytesKept => file.bytes.clone(),
            Unsynced::Some(bits) => {
                if Self::toss(bits) {
                    return file.bytes.clone();
                }
                // The length got to the disk, the blocks did not.
                let mut bytes = file.synced.clone();
                if Self::toss(bits) {
                    bytes.resize(file.bytes.len(), 0);
                }
                bytes
            }
        }
    }
}

impl State {
    /// A change takes place, unless the power is gone.
    fn change(&mut self) -> io::Result<()> {
        match &mut self.power {
            Some(0) => Err(io::Error::other("no power")),
            Some(left) => {
                *left -= 1;
                Ok(())
            }
            None => Ok(()),
        }
    }

    fn find(&self, path: &Path) -> io::Result<usize> {
        let found = self.names.now.get(path).copied();
        found.ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn needs_folder_of(&self, path: &Path) -> io::Result<()> {
        let folder = path.parent().unwrap();
        let known = self.folders.contains(folder) || !is_made_by_the_store(folder);
        known
            .then_some(())
            .ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}

/// What is above the store's root, and the root, is not its own to make.
fn is_made_by_the_store(folder: &Path) -> bool {
    folder
        .file_name()
        .is_some_and(|name| name.len() == 2 || name == "tmp")
}

impl FileLayer for ForgetfulDisk {
    fn create_folder(&self, path: &Path) -> io::Result<()> {
        let mut state = self.state();
        state.change()?;
        state.needs_folder_of(path)?;
        if !state.folders.insert(path.to_owned()) {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        Ok(())
    }

    fn create_file(&self, path: &Path) -> io::Result<Box<dyn LayerFile>> {
        let mut state = self.state();
        state.change()?;
        state.needs_folder_of(path)?;
        if state.names.now.contains_key(path) {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        let number = state.files.len();
        state.files.push(File::default());
        state.names.now.insert(path.to_owned(), number);
        Ok(self.handle(number))
    }

    fn open_file(&self, path: &Path) -> io::Result<Box<dyn LayerFile>> {
        let number = self.state().find(path)?;
        Ok(self.handle(number))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut state = self.state();
        state.change()?;
        state.needs_folder_of(to)?;
        let number = state.find(from)?;
        state.names.now.remove(from);
        state.names.now.insert(to.to_owned(), number);
        Ok(())
    }

    fn link(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut state = self.state();
        state.change()?;
        state.needs_folder_of(to)?;
        let number = state.find(from)?;
        state.names.now.insert(to.to_owned(), number);
        Ok(())
    }

    fn remove_file(&self, path: &Path) -> io::Result<()> {
        let mut state = self.state();
        state.change()?;
        state.find(path)?;
        state.names.now.remove(path);
        Ok(())
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        let mut state = self.state();
        state.change()?;
        let State {
            names,
            folders,
            durable_folders,
            ..
        } = &mut *state;
        let is_in = |path: &Path| path.parent() == Some(folder);
        names.durable.retain(|path, _| !is_in(path));
        let now = names.now.iter().filter(|(path, _)| is_in(path));
        names
            .durable
            .extend(now.map(|(path, number)| (path.clone(), *number)));
        durable_folders.extend(folders.iter().filter(|path| is_in(path)).cloned());
        Ok(())
    }

    fn entries(&self, folder: &Path) -> io::Result<Vec<Entry>> {
        let state = self.state();
        let entry = |path: &Path, size: usize| Entry {
            name: path.file_name().unwrap().to_str().unwrap().to_owned(),
            size_bytes: size as u64,
            changed_at: OffsetDateTime::UNIX_EPOCH,
        };
        let is_in = |path: &Path| path.parent() == Some(folder);
        let files = state.names.now.iter().filter(|(path, _)| is_in(path));
        let folders = state.folders.iter().filter(|path| is_in(path));
        Ok(files
            .map(|(path, number)| entry(path, state.files[*number].bytes.len()))
            .chain(folders.map(|path| entry(path, 0)))
            .collect())
    }

    fn size_bytes(&self, path: &Path) -> io::Result<Option<u64>> {
        let state = self.state();
        let number = state.find(path).ok();
        Ok(number.map(|number| state.files[number].bytes.len() as u64))
    }
}

impl ForgetfulDisk {
    fn handle(&self, number: usize) -> Box<dyn LayerFile> {
        Box::new(Handle {
            disk: self.clone(),
            number,
            next: 0,
        })
    }
}

#[derive(Debug)]
struct Handle {
    disk: ForgetfulDisk,
    number: usize,
    next: usize,
}

impl LayerFile for Handle {
    fn append(&mut self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        let mut state = self.disk.state();
        state.change()?;
        let file = &mut state.files[self.number];
        let before = file.bytes.len();
        for slice in slices {
            file.bytes.extend_from_slice(slice);
        }
        Ok(file.bytes.len() - before)
    }

    fn sync_data(&mut self) -> io::Result<()> {
        let mut state = self.disk.state();
        state.change()?;
        let file = &mut state.files[self.number];
        file.synced.clone_from(&file.bytes);
        Ok(())
    }

    fn size_bytes(&self) -> io::Result<u64> {
        Ok(self.disk.state().files[self.number].bytes.len() as u64)
    }

    fn seek(&mut self, offset: u64) -> io::Result<()> {
        self.next = usize::try_from(offset).unwrap();
        Ok(())
    }

    fn read(&mut self, wanted: u64, into: &mut Vec<u8>) -> io::Result<()> {
        let state = self.disk.state();
        let rest = state.files[self.number]
            .bytes
            .get(self.next..)
            .unwrap_or_default();
        let piece = &rest[..rest.len().min(usize::try_from(wanted).unwrap())];
        into.extend_from_slice(piece);
        self.next += piece.len();
        Ok(())
    }
}
