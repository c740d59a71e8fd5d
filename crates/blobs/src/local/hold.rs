//! Keeping blobs from being removed while someone copies them.

use std::{fs, io, path::Path};

use rustix::fs::{FlockOperation, flock};

/// Locked shared by whoever needs every blob to stay, exclusively by whoever removes some.
const HOLD_FILE: &str = "hold";

/// While it lives, no process removes a named blob of the folder. It ends with its process, however that ends.
#[derive(Debug)]
pub(crate) struct LocalHold(#[expect(dead_code, reason = "the lock is its being open")] fs::File);

impl LocalHold {
    /// Waits for removals under way.
    pub(crate) fn shared(root: &Path) -> io::Result<Self> {
        let file = open(root)?;
        flock(&file, FlockOperation::LockShared)?;
        Ok(Self(file))
    }

    /// `None` while someone else holds the blobs.
    pub(crate) fn exclusive(root: &Path) -> io::Result<Option<Self>> {
        let file = open(root)?;
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => Ok(Some(Self(file))),
            Err(rustix::io::Errno::WOULDBLOCK) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}

fn open(root: &Path) -> io::Result<fs::File> {
    fs::File::options()
        .create(true)
        .append(true)
        .open(root.join(HOLD_FILE))
}
