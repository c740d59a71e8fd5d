//! Whether the server can do its work, as the health page says it.
//!
//! Asked often and by anybody, so that it costs next to nothing while all is well. An answer of 500 or 503 raises the
//! suspicion that something is not; from then on each question tries a real write, until one succeeds.

use std::sync::atomic::{AtomicBool, Ordering};

use buckler_blobs::BlobError;
use buckler_metadata::StoreError;
use http::StatusCode;
use tokio::sync::Mutex;

use crate::context::Context;

/// The setting that a trial write sets.
const TRIAL: &str = "health";

/// Why the server is not well.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unwell {
    /// The database does not answer, or does not take writes.
    #[error("rows: {0}")]
    Rows(#[from] StoreError),
    /// The folder of the blobs is not there, full, or not to be written to.
    #[error("bytes: {0}")]
    Bytes(#[from] BlobError),
}

/// What is known of the server's health.
#[derive(Debug, Default)]
pub(crate) struct Health {
    is_suspected: AtomicBool,
    /// Held during a trial: there is one at a time, and others wait for its result. Only trials wait on it.
    trial: Mutex<()>,
}

impl Health {
    /// Takes note of an answer.
    pub(crate) fn answered(&self, status: StatusCode) {
        if status == StatusCode::INTERNAL_SERVER_ERROR || status == StatusCode::SERVICE_UNAVAILABLE
        {
            self.is_suspected.store(true, Ordering::Relaxed);
        }
    }

    /// Whether all is well now.
    ///
    /// # Errors
    ///
    /// What is not.
    pub(crate) async fn check(&self, cx: &Context) -> Result<(), Unwell> {
        cx.store.health().await?;
        cx.blobs.glance().await?;
        if !self.is_suspected.load(Ordering::Relaxed) {
            return Ok(());
        }
        let _trial = self.trial.lock().await;
        if self.is_suspected.load(Ordering::Relaxed) {
            cx.blobs.try_write().await?;
            match cx.store.put_setting(TRIAL, Vec::new()).await {
                // A frozen store does what is expected of it: it is to be read on.
                Ok(()) | Err(StoreError::Frozen) => {}
                Err(error) => return Err(error.into()),
            }
            self.is_suspected.store(false, Ordering::Relaxed);
        }
        Ok(())
    }
}
