//! Keeping blobs from being removed while someone copies them.

use crate::{BlobError, local::LocalHold, remote::RemoteHold};

/// While it lives, no process removes a blob that is named. In a folder it ends with its process, however that ends; in
/// a remote store a process that ends without [`release`](Self::release) holds on for a quarter of an hour.
#[derive(Debug)]
pub struct RemovalHold(Kind);

#[derive(Debug)]
enum Kind {
    Local(LocalHold),
    Remote(RemoteHold),
}

impl RemovalHold {
    /// Ends the hold, in every process at once.
    ///
    /// # Errors
    /// [`BlobError::Remote`]: it ends by itself then.
    pub async fn release(self) -> Result<(), BlobError> {
        match self.0 {
            Kind::Local(hold) => {
                drop(hold);
                Ok(())
            }
            Kind::Remote(hold) => hold.release().await,
        }
    }
}

impl From<LocalHold> for RemovalHold {
    fn from(hold: LocalHold) -> Self {
        Self(Kind::Local(hold))
    }
}

impl From<RemoteHold> for RemovalHold {
    fn from(hold: RemoteHold) -> Self {
        Self(Kind::Remote(hold))
    }
}
