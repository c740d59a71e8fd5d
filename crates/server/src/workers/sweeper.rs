//! Removes blobs that no row names: bytes of uploads that a crash cut off between the blob's name and its row; and writes
//! that a crash cut off before that.

use std::convert::Infallible;
use std::time::Duration;

use buckler_blobs::BlobIds;

use crate::context::Context;
use crate::integrity::{Candidates, IntegrityError, left_behind, remove_orphans, unnamed};

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
    let mut walk = context.blobs.ids();
    while let Some(mut candidates) = first_look(context, &mut walk).await? {
        tokio::time::sleep(GRACE).await;
        second_look(context, &mut candidates).await?;
    }
    let unfinished = left_behind(context.blobs.unfinished().await?, context.clock.now());
    Ok(context.blobs.remove_unfinished(unfinished).await?)
}

/// The next blobs that nothing names now; `None` at the end of the walk.
async fn first_look(
    context: &Context,
    walk: &mut BlobIds,
) -> Result<Option<Candidates>, IntegrityError> {
    let mut candidates = Candidates::default();
    while candidates.count() < CANDIDATES_MAX
        && let Some(found) = walk.next_batch().await?
    {
        candidates.extend(unnamed(&context.store, &found).await?);
    }
    Ok((candidates.count() > 0).then_some(candidates))
}

/// Removes those of them that nothing has named since.
async fn second_look(context: &Context, candidates: &mut Candidates) -> Result<(), IntegrityError> {
    let orphans = candidates.confirm(&context.store).await?;
    // The bytes may be another database's by now, and named by rows that this one does not have.
    if context.store.frozen().await?.is_some() {
        return Ok(());
    }
    if !orphans.is_empty() {
        tracing::info!(count = orphans.len(), "removing blobs that no row names");
    }
    remove_orphans(&context.blobs, &orphans).await
}

#[cfg(test)]
mod tests {
    use buckler_blobs::{BlobError, Step};

    use super::*;
    use crate::workers::fixtures::World;

    impl World {
        async fn look(&self) -> Option<Candidates> {
            let mut walk = self.context.blobs.ids();
            first_look(&self.context, &mut walk).await.unwrap()
        }
    }

    #[tokio::test]
    async fn blob_that_nothing_names_twice_is_removed_and_others_stay() {
        let world = World::new().await;
        let (orphan, stored, garbage) =
            (world.blob().await, world.blob().await, world.blob().await);
        world.put("a", &stored).await;
        world.garbage(&garbage).await;
        let mut candidates = world.look().await.unwrap();
        assert_eq!(candidates.count(), 1);
        assert_eq!(
            world.blobs().await,
            world.sorted([&orphan, &stored, &garbage])
        );
        second_look(&world.context, &mut candidates).await.unwrap();
        assert_eq!(world.blobs().await, world.sorted([&stored, &garbage]));
        assert!(world.look().await.is_none());
    }

    #[tokio::test]
    async fn blob_that_gets_its_row_between_the_looks_stays() {
        let world = World::new().await;
        let (late, part, refused, orphan) = (
            world.blob().await,
            world.blob().await,
            world.blob().await,
            world.blob().await,
        );
        let mut candidates = world.look().await.unwrap();
        assert_eq!(candidates.count(), 4);
        world.put("a", &late).await;
        world.put_part("b", &part).await;
        world.garbage(&refused).await;
        second_look(&world.context, &mut candidates).await.unwrap();
        assert_eq!(world.blobs().await, world.sorted([&late, &part, &refused]));
        assert!(!world.blobs().await.contains(&orphan.id().to_string()));
    }

    #[tokio::test]
    async fn nothing_is_removed_while_a_backup_is_under_way() {
        let world = World::new().await;
        world.blob().await;
        let mut candidates = world.look().await.unwrap();
        let hold = world.context.blobs.hold().await.unwrap();
        let refused = second_look(&world.context, &mut candidates).await;
        assert!(
            matches!(refused, Err(IntegrityError::Blobs(BlobError::Held))),
            "{refused:?}"
        );
        assert_eq!(world.blobs().await.len(), 1);
        drop(hold);
        let mut candidates = world.look().await.unwrap();
        second_look(&world.context, &mut candidates).await.unwrap();
        assert_eq!(world.blobs().await.len(), 0);
    }

    #[tokio::test]
    async fn orphan_that_the_disk_does_not_let_go_is_removed_later() {
        let world = World::new().await;
        world.blob().await;
        let mut candidates = world.look().await.unwrap();
        world.faults.fail(Step::Unlink);
        second_look(&world.context, &mut candidates)
            .await
            .unwrap_err();
        assert_eq!(world.blobs().await.len(), 1);
        world.faults.mend();
        let mut candidates = world.look().await.unwrap();
        second_look(&world.context, &mut candidates).await.unwrap();
        assert_eq!(world.blobs().await.len(), 0);
    }
}
