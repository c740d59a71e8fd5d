//! Where tests interfere with a whole server.

use std::sync::Arc;

use buckler_blobs::Faults;
use buckler_metadata::{CommitFaults, NoCommitFaults};

/// What stands between the server and its disk. The default lets everything happen; the example program `faulty` puts
/// crashes and errors there.
#[derive(Debug, Clone)]
pub struct Seams {
    /// Asked before every step of writing and reading blobs; nobody is if absent.
    pub blob_faults: Option<Arc<dyn Faults>>,
    /// Asked around every commit.
    pub commit_faults: Arc<dyn CommitFaults>,
}

impl Default for Seams {
    fn default() -> Self {
        Self {
            blob_faults: None,
            commit_faults: Arc::new(NoCommitFaults),
        }
    }
}
