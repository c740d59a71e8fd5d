//! Removes blobs that no row names any more: those of overwritten and deleted objects, whose
//! garbage rows were written in the same transaction, and those of uploads that a crash cut off.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use buckler_blobs::BlobId;
use buckler_metadata::StoreError;
use time::OffsetDateTime;

use crate::context::Context;

/// Pause between rounds.
const ROUND: Duration = Duration::from_secs(30);
/// How long a blob stays after its object is gone: a GET that has read the row, and not yet
/// opened the file, still finds it.
const GRACE: time::Duration = time::Duration::seconds(60);
/// Blobs removed at once.
const BATCH: u32 = 256;

/// Collects until it is dropped: first what an earlier process left behind, then garbage rows.
pub(crate) async fn run(context: Arc<Context>) -> Infallible {
    let started_at = context.clock.now();
    if let Err(error) = sweep(&context, started_at).await {
        tracing::warn!(%error, "the sweep for blobs without a row stopped early");
    }
    loop {
        tokio::time::sleep(ROUND).await;
        if let Err(error) = collect(&context).await {
            tracing::warn!(%error, "garbage was not collected; it is tried again");
        }
    }
}

/// What stops a round. The next one begins where it began.
#[derive(Debug, thiserror::Error)]
enum CollectError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Blobs(#[from] buckler_blobs::BlobError),
}

/// Removes the blobs of garbage rows, and then the rows: a crash between the two only makes the
/// next round remove a blob that is already gone.
async fn collect(context: &Context) -> Result<(), CollectError> {
    loop {
        let garbage = context
            .store
            .garbage(context.clock.now() - GRACE, BATCH)
            .await?;
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

/// Removes blobs older than this process that neither an object nor a garbage row names: bytes
/// of uploads that never became an object.
async fn sweep(context: &Context, started_at: OffsetDateTime) -> Result<(), CollectError> {
    let mut ids = context.blobs.ids();
    while let Some(found) = ids.next_batch().await? {
        let old: Vec<BlobId> = found
            .iter()
            .filter(|blob| blob.written_at < started_at - GRACE)
            .map(|blob| blob.id)
            .collect();
        let names: Vec<String> = old.iter().map(BlobId::to_string).collect();
        let referenced = context.store.blobs_are_referenced(&names).await?;
        let orphans: Vec<BlobId> = old
            .into_iter()
            .zip(referenced)
            .filter_map(|(blob, is_referenced)| (!is_referenced).then_some(blob))
            .collect();
        if !orphans.is_empty() {
            tracing::info!(count = orphans.len(), "removing blobs that no row names");
            context.blobs.delete(orphans).await?;
        }
    }
    Ok(())
}
