//! The one thread that writes to `SQLite`, and its group commit.
//!
//! Writes that queue up while a commit is under way share the next one. Nothing waits for company: an idle writer
//! commits a single write at once. A write is answered only after the commit that holds it.

use std::{
    sync::{Arc, Mutex, PoisonError},
    thread,
};

use tokio::sync::{mpsc, oneshot};

use crate::{
    CommitFaults, CommitStep, StoreError, connection::Connection, engine::Work,
    freshness::Published, hot_objects::HotObjects, sql::Sql, sqlite::now,
};

/// Writes that one commit holds at most.
const BATCH_MAX: usize = 256;
/// Writes that wait at most; beyond, callers wait to queue.
const QUEUE_MAX: usize = 1024;

/// Tells the caller of a write how the commit went.
type Answer = Box<dyn FnOnce(Result<(), StoreError>) + Send>;
/// Runs a write inside its savepoint, or takes the reason why there is none; says whether to keep its changes.
type Job = Box<dyn FnOnce(Result<&mut Connection, StoreError>) -> (Keep, Answer) + Send>;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Keep {
    Changes,
    Nothing,
}

/// The queue in front of the writer thread.
#[derive(Debug)]
pub(crate) struct SqliteWriter {
    queue: Mutex<Option<mpsc::Sender<Job>>>,
    thread: Mutex<Option<thread::JoinHandle<()>>>,
}

impl SqliteWriter {
    pub(crate) fn start(
        connection: Connection,
        published: Published,
        hot: HotObjects,
        faults: Arc<dyn CommitFaults>,
    ) -> Result<Self, StoreError> {
        let (sender, receiver) = mpsc::channel(QUEUE_MAX);
        let thread = thread::Builder::new()
            .name("metadata-writer".to_owned())
            .spawn(move || run(connection, receiver, &published, &hot, &*faults))
            .map_err(|error| StoreError::Unavailable(error.to_string()))?;
        Ok(Self {
            queue: Mutex::new(Some(sender)),
            thread: Mutex::new(Some(thread)),
        })
    }

    /// Queues a write and waits for its commit. Dropped while waiting, the write still happens.
    pub(crate) async fn write<A, T>(
        &self,
        arguments: A,
        work: for<'c> fn(&'c mut Connection, &'c A) -> Work<'c, T>,
    ) -> Result<T, StoreError>
    where
        A: Send + 'static,
        T: Send + 'static,
    {
        let (sender, receiver) = oneshot::channel();
        let job: Job = Box::new(move |connection| {
            let result = connection.and_then(|open| now(work(open, &arguments)).flatten());
            let keep = match result {
                Ok(_) => Keep::Changes,
                Err(_) => Keep::Nothing,
            };
            let answer: Answer = Box::new(move |commit| {
                // Nobody waits any more if the request was cancelled.
                _ = sender.send(result.and_then(|value| commit.map(|()| value)));
            });
            (keep, answer)
        });
        let queue = self
            .queue
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
            .ok_or(StoreError::Closed)?;
        queue.send(job).await.map_err(|_| StoreError::Closed)?;
        receiver.await.map_err(|_| StoreError::Closed)?
    }

    /// Commits what is queued, and ends the thread. Blocks until it has ended.
    pub(crate) fn stop(&self) {
        drop(
            self.queue
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .take(),
        );
        let thread = self
            .thread
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if thread.is_some_and(|thread| thread.join().is_err()) {
            tracing::error!("the metadata writer thread panicked");
        }
    }
}

impl Drop for SqliteWriter {
    /// The database is closed when the store is gone, not some time after.
    fn drop(&mut self) {
        self.stop();
    }
}

const BEGIN: Sql = Sql("BEGIN IMMEDIATE");
const COMMIT: Sql = Sql("COMMIT");
const ROLLBACK: Sql = Sql("ROLLBACK");
const SAVE: Sql = Sql("SAVEPOINT one_write");
const KEEP: Sql = Sql("RELEASE one_write");
const UNDO: Sql = Sql("ROLLBACK TO one_write");

fn run(
    mut connection: Connection,
    mut queue: mpsc::Receiver<Job>,
    published: &Published,
    hot: &HotObjects,
    faults: &dyn CommitFaults,
) {
    let mut answers = Vec::with_capacity(BATCH_MAX);
    while let Some(first) = queue.blocking_recv() {
        let committed = batch(
            &mut connection,
            first,
            &mut queue,
            &mut answers,
            (hot, faults),
        );
        if let Err(error) = &committed {
            tracing::error!(%error, writes = answers.len(), "a commit failed");
            if is_open(&connection) {
                _ = statement(&mut connection, ROLLBACK);
            }
        }
        // INVARIANT: before anyone is answered, so that the next request after an answer sees the change.
        _ = now(published.refresh(&mut connection));
        for answer in answers.drain(..) {
            answer(committed.clone());
        }
    }
    // The last connection to close empties the log; readers may outlive this one.
    _ = now(connection.script("PRAGMA wal_checkpoint(TRUNCATE)"));
}

/// Runs the first write and those that are queued in one transaction.
fn batch(
    connection: &mut Connection,
    first: Job,
    queue: &mut mpsc::Receiver<Job>,
    answers: &mut Vec<Answer>,
    (hot, faults): (&HotObjects, &dyn CommitFaults),
) -> Result<(), StoreError> {
    let mut begun = statement(connection, BEGIN);
    let mut next = Some(first);
    while let Some(job) = next {
        let (keep, answer) = job(begun.and_then(|()| save(connection)));
        answers.push(answer);
        begun = settle(connection, keep);
        begun.clone()?;
        next = (answers.len() < BATCH_MAX)
            .then(|| queue.try_recv().ok())
            .flatten();
    }
    faults.before(CommitStep::Commit)?;
    let _closed = hot.close();
    statement(connection, COMMIT)?;
    faults.before(CommitStep::Answer)
}

fn save(connection: &mut Connection) -> Result<&mut Connection, StoreError> {
    statement(connection, SAVE)?;
    Ok(connection)
}

/// Ends the savepoint of one write; an error here ends the whole transaction.
fn settle(connection: &mut Connection, keep: Keep) -> Result<(), StoreError> {
    // A full disk or an I/O error may have rolled everything back, or nothing has begun.
    if !is_open(connection) {
        return Err(StoreError::Unavailable(
            "the database rolled the transaction back".to_owned(),
        ));
    }
    if keep == Keep::Nothing {
        statement(connection, UNDO)?;
    }
    statement(connection, KEEP)
}

fn statement(connection: &mut Connection, sql: Sql) -> Result<(), StoreError> {
    now(connection.execute(sql, &[])).flatten().map(drop)
}

fn is_open(connection: &Connection) -> bool {
    matches!(connection, Connection::Sqlite(sqlite) if !sqlite.is_autocommit())
}
