//! Removes blobs that no row names: bytes of uploads that a crash cut off between the blob's name and its row.

use std::convert::Infallible;
use std::time::Duration;

use crate::context::Context;
use crate::integrity::{Candidates, IntegrityError, remove_orphans, unnamed};

/// Pause between sweeps; the first is at start.
const ROUND: Duration = Duration::from_hours(24);
/// Time between the two looks at a blob that nothing names. Between a blob's name and the commit of its row lie a sync
/// of its folder and a transaction with its tries: seconds, on a bad day a minute.
const GRACE: Duration = Duration::from_mins(10);
/// Blobs that wait for their second look at once.
const CANDIDATES_MAX: usize = 100_000;

/// Sweeps until it is dropped.
pub(crate) async fn run(context: &Context) -> Infallible {
    loop {
        if let Err(error) = sweep(context).await {
            tracing::warn!(%error, "the sweep for blobs without a row stopped early");
        }
        tokio::time::sleep(ROUND).await;
    }
}

async fn sweep(context: &Context) -> Result<(), IntegrityError> {
    let mut candidates = Candidates::default();
    let mut walk = context.blobs.ids();
    while let Some(found) = walk.next_batch().await? {
        candidates.extend(unnamed(&context.store, &found).await?);
        if candidates.count() >= CANDIDATES_MAX {
            finish(context, &mut candidates).await?;
        }
    }
    finish(context, &mut candidates).await
}

async fn finish(context: &Context, candidates: &mut Candidates) -> Result<(), IntegrityError> {
    if candidates.count() == 0 {
        return Ok(());
    }
    tokio::time::sleep(GRACE).await;
    let orphans = candidates.confirm(&context.store).await?;
    tracing::info!(count = orphans.len(), "removing blobs that no row names");
    remove_orphans(&context.blobs, &orphans).await
}
