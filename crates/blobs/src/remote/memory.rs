//! What bodies on their way to the backend may hold in memory.
//!
//! A body holds what it has taken until the backend has answered, and its client, or the backend, decides how long that
//! takes. All of them together share a pool. Who finds it empty waits for it, or for one of a few places whose part may
//! be filled whatever the pool holds: writers that each wait for what the others have would wait for ever.

use std::{mem, sync::Arc, time::Duration};

use tokio::{
    select,
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

use super::PART_BYTES;
use crate::BlobError;

/// What is counted in, in bytes: a semaphore counts to some millions only.
const UNIT_BYTES: usize = 64 * 1024;
/// Bytes that all bodies share.
const POOL_BYTES: usize = 192 * 1024 * 1024;
/// Parts that may be filled although the pool is empty; all of them together are 80 MiB.
const PARTS_BEYOND: usize = 16;
/// How long a body waits for memory, or for its turn. Clients give up after a minute.
pub(super) const PATIENCE: Duration = Duration::from_secs(20);

/// The memory of one place.
#[derive(Debug)]
pub(super) struct Memory {
    pool: Arc<Semaphore>,
    beyond: Arc<Semaphore>,
}

/// What one part holds; given back when it is dropped.
#[derive(Debug, Default)]
pub(super) struct Room {
    of_pool: Option<OwnedSemaphorePermit>,
    beyond: Option<OwnedSemaphorePermit>,
}

impl Default for Memory {
    fn default() -> Self {
        Self::of(POOL_BYTES, PARTS_BEYOND)
    }
}

impl Memory {
    fn of(pool_bytes: usize, parts_beyond: usize) -> Self {
        Self {
            pool: Arc::new(Semaphore::new(pool_bytes / UNIT_BYTES)),
            beyond: Arc::new(Semaphore::new(parts_beyond)),
        }
    }

    /// Makes `room` large enough for so many bytes, which are at most [`PART_BYTES`].
    ///
    /// # Errors
    /// [`BlobError::Busy`] if there is no memory for long.
    pub(super) async fn enlarge(&self, room: &mut Room, bytes: usize) -> Result<(), BlobError> {
        debug_assert!(bytes <= PART_BYTES);
        let missing = bytes.div_ceil(UNIT_BYTES).saturating_sub(room.units());
        let missing = u32::try_from(missing).unwrap_or(u32::MAX);
        if missing == 0 || room.beyond.is_some() {
            return Ok(());
        }
        if let Ok(permit) = Arc::clone(&self.pool).try_acquire_many_owned(missing) {
            room.take(permit);
            return Ok(());
        }
        let wait = async {
            select! {
                permit = Arc::clone(&self.pool).acquire_many_owned(missing) => {
                    room.take(permit.map_err(|_| BlobError::ShuttingDown)?);
                }
                permit = Arc::clone(&self.beyond).acquire_owned() => {
                    room.beyond = Some(permit.map_err(|_| BlobError::ShuttingDown)?);
                }
            }
            Ok(())
        };
        timeout(PATIENCE, wait)
            .await
            .unwrap_or(Err(BlobError::Busy))
    }
}

impl Room {
    fn units(&self) -> usize {
        self.of_pool
            .as_ref()
            .map_or(0, OwnedSemaphorePermit::num_permits)
    }

    fn take(&mut self, permit: OwnedSemaphorePermit) {
        match &mut self.of_pool {
            Some(held) => held.merge(permit),
            None => self.of_pool = Some(permit),
        }
    }

    /// Hands over what is held, with the part that it is held for.
    pub(super) fn hand_over(&mut self) -> Self {
        mem::take(self)
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    #[tokio::test]
    async fn parts_that_fill_the_pool_together_are_filled_one_after_another() {
        let memory = Memory::of(4 * UNIT_BYTES, 1);
        let (mut one, mut two) = (Room::default(), Room::default());
        for room in [&mut one, &mut two] {
            memory.enlarge(room, 2 * UNIT_BYTES).await.unwrap();
        }
        memory.enlarge(&mut one, PART_BYTES).await.unwrap();
        memory.enlarge(&mut one, PART_BYTES).await.unwrap();
        let mut waits = Box::pin(memory.enlarge(&mut two, 3 * UNIT_BYTES));
        assert!((&mut waits).now_or_never().is_none());
        drop(one);
        waits.await.unwrap();
    }

    #[tokio::test]
    async fn what_was_handed_over_is_held_until_it_is_dropped() {
        let memory = Memory::of(2 * UNIT_BYTES, 0);
        let mut room = Room::default();
        memory.enlarge(&mut room, UNIT_BYTES + 1).await.unwrap();
        memory.enlarge(&mut room, 1).await.unwrap();
        let sent = room.hand_over();
        assert!(memory.enlarge(&mut room, 1).now_or_never().is_none());
        drop(sent);
        memory.enlarge(&mut room, 2 * UNIT_BYTES).await.unwrap();
    }

    #[tokio::test]
    async fn wait_that_was_given_up_takes_nothing() {
        let memory = Memory::of(2 * UNIT_BYTES, 0);
        let mut first = Room::default();
        memory.enlarge(&mut first, UNIT_BYTES).await.unwrap();
        let mut second = Room::default();
        assert!(
            memory
                .enlarge(&mut second, 2 * UNIT_BYTES)
                .now_or_never()
                .is_none()
        );
        memory.enlarge(&mut second, UNIT_BYTES).await.unwrap();
    }
}
