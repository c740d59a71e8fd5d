//! Rows of SQLite with the bytes in them: one writer that commits, synced, what has queued; readers of their own.

use std::{
    cell::OnceCell,
    path::{Path, PathBuf},
    thread,
};

use axum::body::Body;
use bytes::Bytes;
use http_body_util::BodyExt as _;
use rusqlite::{Connection, OptionalExtension as _, params};
use tokio::sync::{mpsc, oneshot};

use crate::serve::Found;

const BATCH_MAX: usize = 256;
const QUEUE_MAX: usize = 1024;

/// A path with its bytes, or without if it is to be deleted, and who waits.
type Change = (String, Option<Bytes>, oneshot::Sender<()>);

pub(crate) struct Rows {
    file: PathBuf,
    queue: mpsc::Sender<Change>,
}

impl Rows {
    pub(crate) fn open(folder: &Path) -> Self {
        let file = folder.join("bare.sqlite");
        let connection = connect(&file);
        let table = "CREATE TABLE IF NOT EXISTS objects (path TEXT PRIMARY KEY, bytes BLOB NOT NULL) WITHOUT ROWID";
        connection.execute_batch(table).unwrap();
        let (queue, changes) = mpsc::channel(QUEUE_MAX);
        thread::spawn(move || write(&connection, changes));
        Self { file, queue }
    }

    pub(crate) async fn put(&self, path: String, body: Body) {
        let bytes = body.collect().await.unwrap().to_bytes();
        self.change(path, Some(bytes)).await;
    }

    pub(crate) async fn delete(&self, path: String) {
        self.change(path, None).await;
    }

    async fn change(&self, path: String, bytes: Option<Bytes>) {
        let (sender, committed) = oneshot::channel();
        self.queue.send((path, bytes, sender)).await.unwrap();
        committed.await.unwrap();
    }

    pub(crate) fn get(&self, path: &str) -> Option<Found> {
        thread_local! {
            static READER: OnceCell<Connection> = const { OnceCell::new() };
        }
        let bytes: Option<Vec<u8>> = READER.with(|reader| {
            let reader = reader.get_or_init(|| connect(&self.file));
            let mut select = reader
                .prepare_cached("SELECT bytes FROM objects WHERE path = ?1")
                .unwrap();
            select
                .query_row([path], |row| row.get(0))
                .optional()
                .unwrap()
        });
        let bytes = bytes?;
        Some(Found {
            size_bytes: bytes.len() as u64,
            body: Body::from(bytes),
        })
    }
}

fn connect(file: &Path) -> Connection {
    let connection = Connection::open(file).unwrap();
    let pragmas =
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA mmap_size = 268435456;
        PRAGMA cache_size = -16384; PRAGMA wal_autocheckpoint = 4096;";
    connection.execute_batch(pragmas).unwrap();
    connection
}

fn write(connection: &Connection, mut changes: mpsc::Receiver<Change>) {
    while let Some(first) = changes.blocking_recv() {
        connection.execute_batch("BEGIN IMMEDIATE").unwrap();
        let mut waiting = Vec::new();
        let mut next = Some(first);
        while let Some((path, bytes, sender)) = next {
            let mut statement = connection
                .prepare_cached(match bytes {
                    Some(_) => "INSERT OR REPLACE INTO objects (path, bytes) VALUES (?1, ?2)",
                    None => "DELETE FROM objects WHERE path = ?1",
                })
                .unwrap();
            match bytes {
                Some(bytes) => statement.execute(params![path, &bytes[..]]).unwrap(),
                None => statement.execute([path]).unwrap(),
            };
            waiting.push(sender);
            next = (waiting.len() < BATCH_MAX)
                .then(|| changes.try_recv().ok())
                .flatten();
        }
        connection.execute_batch("COMMIT").unwrap();
        for sender in waiting {
            // A client that has gone waits for nothing.
            _ = sender.send(());
        }
    }
}
