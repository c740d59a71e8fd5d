//! Being the only one that has the folder open, for a while.

use std::{io, sync::Arc};

use rustix::fs::{FlockOperation, flock};
use tokio::task::spawn_blocking;

use super::{Inner, LocalBlobs};
use crate::BlobError;

/// While it lives, no other process has the folder open; one that wants to waits. What is unfinished now, nobody writes.
#[derive(Debug)]
pub struct SoleTenant {
    inner: Arc<Inner>,
}

impl LocalBlobs {
    /// Keeps others out, if nobody is in.
    ///
    /// # Errors
    /// [`BlobError::Io`].
    pub async fn sole_tenant(&self) -> Result<Option<SoleTenant>, BlobError> {
        let inner = Arc::clone(&self.inner);
        spawn_blocking(move || {
            match flock(&inner.lock, FlockOperation::NonBlockingLockExclusive) {
                Ok(()) => Ok(Some(SoleTenant { inner })),
                Err(rustix::io::Errno::WOULDBLOCK) => {
                    // flock(2): a lock that cannot be converted is lost.
                    share(&inner)?;
                    Ok(None)
                }
                Err(error) => Err(io::Error::from(error).into()),
            }
        })
        .await?
    }
}

impl Drop for SoleTenant {
    fn drop(&mut self) {
        // From exclusive to shared there is nothing to wait for, and nothing to fail.
        _ = share(&self.inner);
    }
}

fn share(inner: &Inner) -> io::Result<()> {
    Ok(flock(&inner.lock, FlockOperation::LockShared)?)
}
