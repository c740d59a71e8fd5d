//! Removes the blobs of garbage rows: those of overwritten and deleted objects, whose garbage rows were written in the
//! same transaction.

use std::convert::Infallible;
use std::time::Duration;

use buckler_blobs::{BlobError, BlobId};
use tokio::time::Instant;

use crate::context::Context;
use crate::integrity::IntegrityError;

/// Pause between rounds.
const ROUND: Duration = Duration::from_secs(30);
/// Pause between looks at how much room there is.
const LOOK: Duration = Duration::from_secs(2);
/// How long a blob stays after its object is gone: a GET that has read the row, and not yet opened the file, still finds
/// it.
const GRACE: time::Duration = time::Duration::seconds(60);
/// The same where room is short: still a thousand times what lies between the row and the file.
const GRACE_MIN: time::Duration = time::Duration::seconds(5);
/// Blobs removed at once.
const BATCH: u32 = 256;

/// Collects until it is dropped.
pub(crate) async fn run(context: &Context) -> Infallible {
    let mut next_round = Instant::now() + ROUND;
    loop {
        tokio::time::sleep(LOOK).await;
        let grace = if Instant::now() >= next_round {
            next_round = Instant::now() + ROUND;
            GRACE
        } else if is_room_short(context).await.unwrap_or(false) {
            GRACE_MIN
        } else {
            continue;
        };
        match collect(context, grace).await {
            Ok(()) => {}
            Err(IntegrityError::Blobs(BlobError::Held)) => {
                tracing::debug!("garbage is not collected while a backup is under way");
            }
            Err(error) => tracing::warn!(%error, "garbage was not collected; it is tried again"),
        }
    }
}

/// Whether the disk would be full of garbage before its time: a client that writes one large object over and over makes
/// a minute of it.
async fn is_room_short(context: &Context) -> Result<bool, IntegrityError> {
    let Some(room_bytes) = context.blobs.room_bytes().await? else {
        return Ok(false);
    };
    let (_, garbage_bytes) = context.store.garbage_total().await?;
    Ok(garbage_bytes > room_bytes / 4)
}

/// Removes the blobs of rows that have been garbage for so long, and then the rows: a crash between the two only makes
/// the next round remove a blob that is already gone.
async fn collect(context: &Context, grace: time::Duration) -> Result<(), IntegrityError> {
    // Its garbage rows cannot be forgotten.
    if context.store.frozen().await?.is_some() {
        return Ok(());
    }
    loop {
        let before = context.readings.garbage_before(context.clock.now(), grace);
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

#[cfg(test)]
mod tests {
    use buckler_blobs::Step;

    use super::*;
    use crate::workers::fixtures::World;

    #[tokio::test]
    async fn garbage_is_removed_after_its_grace_and_forgotten() {
        let world = World::new().await;
        let (old, stored) = (world.blob().await, world.blob().await);
        world.put("a", &stored).await;
        world.put("b", &old).await;
        world.delete("b").await;
        world.clock.advance_seconds(GRACE.whole_seconds() - 1);
        collect(&world.context, GRACE).await.unwrap();
        assert_eq!(world.blobs().await, world.sorted([&old, &stored]));
        world.clock.advance_seconds(1);
        collect(&world.context, GRACE).await.unwrap();
        assert_eq!(world.blobs().await, world.sorted([&stored]));
        assert_eq!(world.context.store.garbage_total().await.unwrap(), (0, 0));
    }

    #[tokio::test]
    async fn garbage_stays_while_a_read_is_under_way_that_began_before_it() {
        let world = World::new().await;
        let blob = world.blob().await;
        world.put("a", &blob).await;
        let reading = world.context.readings.begin(world.context.clock.now());
        world.clock.advance_seconds(1);
        world.delete("a").await;
        world.clock.advance_seconds(GRACE.whole_seconds() * 10);
        collect(&world.context, GRACE).await.unwrap();
        assert_eq!(world.blobs().await.len(), 1);
        drop(reading);
        collect(&world.context, GRACE).await.unwrap();
        assert_eq!(world.blobs().await.len(), 0);
    }

    #[tokio::test]
    async fn more_garbage_than_a_batch_is_removed_in_one_round() {
        let world = World::new().await;
        for _ in 0..=BATCH {
            let blob = world.blob().await;
            world.garbage(&blob).await;
        }
        world.clock.advance_seconds(GRACE.whole_seconds());
        collect(&world.context, GRACE).await.unwrap();
        assert_eq!(world.blobs().await.len(), 0);
        assert_eq!(world.context.store.garbage_total().await.unwrap(), (0, 0));
    }

    #[tokio::test]
    async fn garbage_that_the_disk_does_not_let_go_keeps_its_row_and_goes_later() {
        let world = World::new().await;
        let blob = world.blob().await;
        world.garbage(&blob).await;
        world.clock.advance_seconds(GRACE.whole_seconds());
        world.faults.fail(Step::Unlink);
        collect(&world.context, GRACE).await.unwrap_err();
        assert_eq!(world.blobs().await.len(), 1);
        assert_eq!(world.context.store.garbage_total().await.unwrap().0, 1);
        world.faults.mend();
        collect(&world.context, GRACE).await.unwrap();
        assert_eq!(world.blobs().await.len(), 0);
        assert_eq!(world.context.store.garbage_total().await.unwrap().0, 0);
    }

    #[tokio::test]
    async fn room_is_short_when_garbage_would_fill_it() {
        let world = World::new().await;
        let blob = world.blob().await;
        world.garbage(&blob).await;
        assert!(!is_room_short(&world.context).await.unwrap());
        let too_much = world.context.blobs.room_bytes().await.unwrap().unwrap();
        let id = BlobId::random().unwrap().to_string();
        let now = world.context.clock.now();
        world
            .context
            .store
            .add_garbage(id, too_much, now)
            .await
            .unwrap();
        assert!(is_room_short(&world.context).await.unwrap());
    }

    #[tokio::test]
    async fn row_of_a_blob_that_is_gone_already_is_forgotten() {
        let world = World::new().await;
        let blob = world.blob().await;
        world.garbage(&blob).await;
        // As after a crash between the blob and its row.
        world.context.blobs.delete(vec![blob.id()]).await.unwrap();
        world.clock.advance_seconds(GRACE.whole_seconds());
        collect(&world.context, GRACE).await.unwrap();
        assert_eq!(world.context.store.garbage_total().await.unwrap(), (0, 0));
    }

    #[tokio::test]
    async fn nothing_is_collected_while_a_backup_is_under_way() {
        let world = World::new().await;
        let blob = world.blob().await;
        world.garbage(&blob).await;
        world.clock.advance_seconds(GRACE.whole_seconds());
        let hold = world.context.blobs.hold().await.unwrap();
        let refused = collect(&world.context, GRACE).await;
        assert!(
            matches!(refused, Err(IntegrityError::Blobs(BlobError::Held))),
            "{refused:?}"
        );
        assert_eq!(world.blobs().await.len(), 1);
        assert_eq!(world.context.store.garbage_total().await.unwrap().0, 1);
        drop(hold);
        collect(&world.context, GRACE).await.unwrap();
        assert_eq!(world.blobs().await.len(), 0);
    }

    #[tokio::test]
    async fn garbage_row_of_a_stored_object_removes_nothing() {
        let world = World::new().await;
        let blob = world.blob().await;
        world.put("a", &blob).await;
        world.garbage(&blob).await;
        world.clock.advance_seconds(GRACE.whole_seconds());
        collect(&world.context, GRACE).await.unwrap();
        assert_eq!(world.blobs().await, world.sorted([&blob]));
    }
}
