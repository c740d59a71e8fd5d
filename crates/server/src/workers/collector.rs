//! Removes the blobs of garbage rows: those of overwritten and deleted objects, whose garbage rows were written in the
//! same transaction.

use std::convert::Infallible;
use std::time::Duration;

use buckler_blobs::{BlobError, BlobId};

use crate::context::Context;
use crate::integrity::IntegrityError;

/// Pause between rounds.
const ROUND: Duration = Duration::from_secs(30);
/// How long a blob stays after its object is gone: a GET that has read the row, and not yet opened the file, still finds
/// it.
const GRACE: time::Duration = time::Duration::seconds(60);
/// Blobs removed at once.
const BATCH: u32 = 256;

/// Collects until it is dropped.
pub(crate) async fn run(context: &Context) -> Infallible {
    loop {
        tokio::time::sleep(ROUND).await;
        match collect(context).await {
            Ok(()) => {}
            Err(IntegrityError::Blobs(BlobError::Held)) => {
                tracing::debug!("garbage is not collected while a backup is under way");
            }
            Err(error) => tracing::warn!(%error, "garbage was not collected; it is tried again"),
        }
    }
}

/// Removes the blobs of garbage rows, and then the rows: a crash between the two only makes the next round remove a blob
/// that is already gone.
async fn collect(context: &Context) -> Result<(), IntegrityError> {
    loop {
        let before = context.readings.garbage_before(context.clock.now(), GRACE);
        let garbage = context.store.garbage(before, BATCH).await?;
        if garbage.is_empty() {
            return Ok(());
        }
        let blobs = garbage
            .iter()
            .filter_map(|row| BlobId::parse(&row.blob_id))
            .collect();
        context.blobs.delete(blobs).await?;
        context
            .store
            .forget_garbage(garbage.iter().map(|row| row.id).collect())
            .await?;
    }
}
