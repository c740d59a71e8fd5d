//! Hashing bodies on other threads, several at a time.
//!
//! PERF: MD5 was half of what an upload of 1 MiB cost. Bodies that come at the same time share a thread and are hashed in
//! step with each other (`buckler_checksum::Md5`), at a fifth of the price; one that comes alone waits for nobody.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use buckler_checksum::MD5_LANES;
use buckler_s3::{ErrorCode, S3Error};
use bytes::Bytes;
use tokio::sync::{mpsc, oneshot};
use tokio::task::spawn_blocking;

use super::digests::{Digested, Digests};

/// Pieces of a body that are hashed together.
pub(crate) type Batch = Vec<Bytes>;

/// Hashes a body as it comes.
///
/// # Errors
///
/// `InternalError` if the server is shutting down.
pub(crate) async fn hash_batches(
    mut batches: mpsc::Receiver<Batch>,
    mut digests: Digests,
) -> Result<Digested, S3Error> {
    while let Some(batch) = batches.recv().await {
        let (done, hashed) = oneshot::channel();
        hash_elsewhere(Body {
            digests,
            batch,
            batches,
            done,
        });
        (digests, batches) = hashed
            .await
            .map_err(|_| S3Error::new(ErrorCode::InternalError))?;
    }
    Ok(digests.finish())
}

/// A body with a batch at hand. When no other has come, it goes back to whoever waits for its next one: a thread that
/// waited for a client would be one less for all others.
struct Body {
    digests: Digests,
    batch: Batch,
    batches: mpsc::Receiver<Batch>,
    done: oneshot::Sender<(Digests, mpsc::Receiver<Batch>)>,
}

/// Bodies that wait for a thread. There are as many as uploads at most, one batch each.
struct Queue {
    bodies: VecDeque<Body>,
    workers: usize,
}

/// One for the process, as its cores are.
static QUEUE: Mutex<Queue> = Mutex::new(Queue {
    bodies: VecDeque::new(),
    workers: 0,
});

fn queue() -> MutexGuard<'static, Queue> {
    // A poisoned lock held a whole queue: it is changed in single steps.
    QUEUE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Threads that hash at once: one for each core.
fn workers_max() -> usize {
    static CORES: OnceLock<usize> = OnceLock::new();
    *CORES.get_or_init(|| std::thread::available_parallelism().map_or(1, usize::from))
}

fn hash_elsewhere(body: Body) {
    let mut queue = queue();
    queue.bodies.push_back(body);
    if queue.workers < workers_max() {
        queue.workers += 1;
        let worker = Worker { is_counted: true };
        drop(queue);
        spawn_blocking(move || worker.run());
    }
}

/// A thread that hashes, counted in the queue until it ends, even if it never begins.
struct Worker {
    is_counted: bool,
}

impl Worker {
    fn run(mut self) {
        loop {
            let mut bodies = self.next();
            if bodies.is_empty() {
                return;
            }
            let hashed = bodies.iter_mut();
            Digests::update_together(hashed.map(|body| (&mut body.digests, &*body.batch)));
            for mut body in bodies {
                body.batch = Batch::new();
                match body.batches.try_recv() {
                    // Behind those who wait.
                    Ok(batch) => queue().bodies.push_back(Body { batch, ..body }),
                    // Nobody waits any more if the request was cancelled.
                    Err(_) => drop(body.done.send((body.digests, body.batches))),
                }
            }
        }
    }

    /// The next bodies; none ends the worker.
    fn next(&mut self) -> Vec<Body> {
        let mut queue = queue();
        let count = queue.bodies.len().min(MD5_LANES);
        if count == 0 {
            // INVARIANT: under the same lock, so that a body that comes now finds this worker gone and makes its own.
            queue.workers -= 1;
            self.is_counted = false;
        }
        queue.bodies.drain(..count).collect()
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        if self.is_counted {
            queue().workers -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use buckler_checksum::Algorithm;
    use futures_util::future::join_all;

    use super::*;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn bodies_that_come_together_have_their_own_digests() {
        let upload = |number: usize| async move {
            let body: Vec<u8> = (0..number * 7919)
                .map(|at| (at * number).to_le_bytes()[0])
                .collect();
            let mut alone = Digests::of_copy(Algorithm::Crc32);
            alone.update(&body);
            let (sender, receiver) = mpsc::channel(1);
            let hashing = hash_batches(receiver, Digests::of_copy(Algorithm::Crc32));
            let sending = async move {
                for pieces in body.chunks(5000) {
                    let batch = pieces.chunks(777).map(Bytes::copy_from_slice).collect();
                    sender.send(batch).await.unwrap();
                }
            };
            let (hashed, ()) = tokio::join!(hashing, sending);
            let (hashed, alone) = (hashed.unwrap(), alone.finish());
            assert_eq!(hashed.md5, alone.md5, "{number}");
            assert_eq!(hashed.checksum, alone.checksum, "{number}");
        };
        join_all((0..40).map(upload)).await;
    }
}
