//! Current versions that are read over and over, in memory: on `SQLite`, whose one writer knows of every change before it
//! is committed.
//!
//! PERF: the statement, its locks and the reading of its row were a quarter of the instructions of a small GET.
//!
//! INVARIANT: nothing is given that a commit has replaced. Triggers note the key of every row of `versions` that a
//! transaction touches, whatever statement does it. Before the commit those keys go, and until it is over nothing is taken
//! in. What was read from rows is taken in only if no commit was under way when it was read and none has begun since.

use std::{
    collections::HashMap,
    hash::{BuildHasher as _, RandomState},
    mem,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use buckler_policy::{Acl, Grant};
use buckler_s3::ObjectKey;
use bytes::Bytes;
use rusqlite::functions::FunctionFlags;

use crate::{Body, ObjectRow, StoreError, StoredObject};

/// Memory that versions may take, in bytes, as far as [`Hot::weight_bytes`] counts it.
const BYTES_MAX: usize = 16 * 1024 * 1024;
/// Largest body that is kept, in bytes: larger ones cost more to send than to find.
const BODY_BYTES_MAX: usize = 16 * 1024;
/// Maps with a lock each.
const SHARDS: usize = 16;
/// Memory of one version beside its texts and its body, in bytes: its structures, and its places in the maps.
const FIXED_BYTES: usize = 640;
/// Changed keys that are noted one by one; after a transaction that touches more, nothing is kept.
const NOTED_MAX: usize = 16 * 1024;

/// The versions, shared by readers and the writer.
#[derive(Debug, Clone, Default)]
pub(crate) struct HotObjects(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    hashes: RandomState,
    /// Counts the beginnings and ends of commits that change versions: odd while one is under way.
    commits: AtomicU64,
    noted: Mutex<Noted>,
    shards: [Mutex<Shard>; SHARDS],
}

/// What the transaction under way has changed.
#[derive(Debug, Default)]
struct Noted {
    hashes: Vec<u64>,
    everything: bool,
}

/// Versions by the hash of bucket and key. What is asked for moves to the young; when they fill their half of the room,
/// the old, which nobody has asked for since, are forgotten.
#[derive(Debug, Default)]
struct Shard {
    young: HashMap<u64, Arc<Hot>>,
    old: HashMap<u64, Arc<Hot>>,
    young_bytes: usize,
}

/// A current version.
#[derive(Debug)]
pub(crate) struct Hot {
    bucket: i64,
    key: ObjectKey,
    pub(crate) object: ObjectRow,
    body: Known,
}

/// What is known of the bytes of a version.
#[derive(Debug, Clone)]
enum Known {
    /// Nothing: only the head was asked for.
    Unread,
    /// All; a delete marker has none.
    Read(Option<Body>),
}

/// The right to add what is about to be read.
#[derive(Debug)]
pub(crate) struct Ticket<'k> {
    hots: HotObjects,
    bucket: i64,
    key: &'k ObjectKey,
    hash: u64,
    commits: u64,
}

impl Ticket<'_> {
    /// Adds the current version as it was read since, without its body.
    pub(crate) fn add_head(&self, object: &ObjectRow) {
        self.hots.add(self, object, Known::Unread);
    }

    /// Adds the current version as it was read since.
    pub(crate) fn add(&self, stored: &StoredObject) {
        let is_large = |bytes: &Bytes| bytes.len() > BODY_BYTES_MAX;
        // Parts are rows of their own.
        let is_kept = match &stored.body {
            Some(Body::Inline(bytes)) => !is_large(bytes),
            Some(Body::Blob(_)) | None => true,
            Some(Body::Parts(_)) => false,
        };
        if is_kept {
            let body = Known::Read(stored.body.clone());
            self.hots.add(self, &stored.object, body);
        }
    }
}

/// While it lives, nothing is taken in.
#[derive(Debug)]
pub(crate) struct Closed<'h>(&'h Inner);

impl Drop for Closed<'_> {
    fn drop(&mut self) {
        self.0.commits.fetch_add(1, Ordering::SeqCst);
    }
}

impl Hot {
    /// The version with its body, if that was read.
    pub(crate) fn with_body(&self) -> Option<StoredObject> {
        match &self.body {
            Known::Unread => None,
            Known::Read(body) => Some(StoredObject {
                object: self.object.clone(),
                body: body.clone(),
                parts: Vec::new(),
            }),
        }
    }
}

impl Hot {
    fn weight_bytes(&self) -> usize {
        let headers = &self.object.headers;
        let headers = [
            &headers.content_type,
            &headers.cache_control,
            &headers.content_disposition,
            &headers.content_encoding,
            &headers.content_language,
            &headers.expires,
            &headers.website_redirect_location,
        ];
        let headers: usize = headers.into_iter().flatten().map(String::len).sum();
        let metadata = self.object.user_metadata.iter();
        let metadata: usize = metadata.map(|(name, value)| name.len() + value.len()).sum();
        let tags = self.object.tags.iter();
        let tags: usize = tags.map(|tag| tag.key.len() + tag.value.len()).sum();
        let body = match &self.body {
            Known::Read(Some(Body::Inline(bytes))) => bytes.len(),
            Known::Read(_) | Known::Unread => 0,
        };
        let acl = match &self.object.acl {
            Acl::OwnersAlone => 0,
            Acl::Grants(grants) => mem::size_of_val::<[Grant]>(grants),
        };
        FIXED_BYTES + self.key.as_str().len() + headers + metadata + tags + acl + body
    }
}

impl HotObjects {
    /// Has this connection, which is the only one that writes, note every change of a version.
    pub(crate) fn watch(&self, writer: &rusqlite::Connection) -> Result<(), StoreError> {
        let noting = self.clone();
        let note = move |context: &rusqlite::functions::Context<'_>| {
            match (context.get::<Option<i64>>(0)?, context.get_raw(1).as_blob()) {
                (Some(bucket), Ok(key)) => noting.note(Some((bucket, key))),
                _ => noting.note(None),
            }
            Ok(false)
        };
        writer.create_scalar_function("note_change", 2, FunctionFlags::SQLITE_UTF8, note)?;
        writer.execute_batch(
            "CREATE TEMP TRIGGER version_made AFTER INSERT ON main.versions BEGIN
                 SELECT note_change(NEW.bucket_id, NEW.key);
             END;
             CREATE TEMP TRIGGER version_changed AFTER UPDATE ON main.versions BEGIN
                 SELECT note_change(OLD.bucket_id, OLD.key), note_change(NEW.bucket_id, NEW.key);
             END;
             CREATE TEMP TRIGGER version_removed AFTER DELETE ON main.versions BEGIN
                 SELECT note_change(OLD.bucket_id, OLD.key);
             END;
             CREATE TEMP TRIGGER owner_changed AFTER UPDATE ON main.accounts BEGIN
                 SELECT note_change(NULL, NULL);
             END;
             CREATE TEMP TRIGGER owner_removed AFTER DELETE ON main.accounts BEGIN
                 SELECT note_change(NULL, NULL);
             END;",
        )?;
        Ok(())
    }

    /// Notes that the current version of a key, or any, may be another after this transaction.
    fn note(&self, changed: Option<(i64, &[u8])>) {
        let mut noted = lock(&self.0.noted);
        match changed {
            Some((bucket, key)) if noted.hashes.len() < NOTED_MAX => {
                noted.hashes.push(self.hash(bucket, key));
            }
            _ => noted.everything = true,
        }
    }

    /// To be called before a commit: forgets what it changes, and takes in nothing until the answer is dropped, which must
    /// be after the commit and before anyone is told of it.
    pub(crate) fn close(&self) -> Option<Closed<'_>> {
        let noted = mem::take(&mut *lock(&self.0.noted));
        if noted.hashes.is_empty() && !noted.everything {
            return None;
        }
        self.0.commits.fetch_add(1, Ordering::SeqCst);
        let closed = Closed(&self.0);
        if noted.everything {
            for shard in &self.0.shards {
                *lock(shard) = Shard::default();
            }
        }
        for hash in noted.hashes {
            if let Some(mut shard) = self.shard(hash) {
                shard.forget(hash);
            }
        }
        Some(closed)
    }

    /// The current version of a key, if it is known, and the right to add it.
    pub(crate) fn get<'k>(
        &self,
        bucket: i64,
        key: &'k ObjectKey,
    ) -> (Option<Arc<Hot>>, Ticket<'k>) {
        let hash = self.hash(bucket, key.as_str().as_bytes());
        let ticket = Ticket {
            hots: self.clone(),
            bucket,
            key,
            hash,
            // Before the rows are read.
            commits: self.0.commits.load(Ordering::SeqCst),
        };
        let found = self.shard(hash).and_then(|mut shard| shard.get(hash));
        let found = found.filter(|hot| hot.bucket == bucket && hot.key == *key);
        (found, ticket)
    }

    /// Adds a version that was read since the ticket was given.
    fn add(&self, ticket: &Ticket<'_>, object: &ObjectRow, body: Known) {
        let (bucket, key) = (ticket.bucket, ticket.key);
        if object.parts.is_some() || ticket.commits % 2 == 1 {
            return;
        }
        let hot = Arc::new(Hot {
            bucket,
            key: key.clone(),
            object: object.clone(),
            body,
        });
        let Some(mut shard) = self.shard(ticket.hash) else {
            return;
        };
        // Under the lock: a commit that begins now waits for it to forget what is added here.
        if self.0.commits.load(Ordering::SeqCst) == ticket.commits {
            shard.add(ticket.hash, hot);
        }
    }

    fn hash(&self, bucket: i64, key: &[u8]) -> u64 {
        self.0.hashes.hash_one((bucket, key))
    }

    fn shard(&self, hash: u64) -> Option<MutexGuard<'_, Shard>> {
        // The maps' own hash of it starts anew, so that its low bits may choose the map.
        let at = usize::from(hash.to_le_bytes()[0]) % SHARDS;
        self.0.shards.get(at).map(lock)
    }
}

impl Shard {
    fn get(&mut self, hash: u64) -> Option<Arc<Hot>> {
        if let Some(hot) = self.young.get(&hash) {
            return Some(Arc::clone(hot));
        }
        let hot = self.old.remove(&hash)?;
        self.add(hash, Arc::clone(&hot));
        Some(hot)
    }

    fn add(&mut self, hash: u64, hot: Arc<Hot>) {
        let weight_bytes = hot.weight_bytes();
        if self.young_bytes + weight_bytes > BYTES_MAX / SHARDS / 2 {
            self.old = mem::take(&mut self.young);
            self.young_bytes = 0;
        }
        self.old.remove(&hash);
        self.young.insert(hash, hot);
        // What it replaced stays counted, which only brings the next forgetting forward.
        self.young_bytes += weight_bytes;
    }

    fn forget(&mut self, hash: u64) {
        self.old.remove(&hash);
        self.young.remove(&hash);
    }
}

/// A poisoned lock held a whole value: each is changed in steps that leave it whole.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use buckler_policy::{AccountId, CanonicalId};
    use buckler_s3::{ETag, StoredHeaders, TagSet, UserMetadata, VersionId};
    use time::OffsetDateTime;

    use super::*;

    const BUCKET: i64 = 7;

    fn key(name: &str) -> ObjectKey {
        ObjectKey::parse(name).unwrap()
    }

    fn stored(bytes: usize) -> StoredObject {
        StoredObject {
            object: ObjectRow {
                version_id: VersionId::null(),
                is_delete_marker: false,
                owner: Some(AccountId::parse("111122223333").unwrap()),
                owner_canonical_id: CanonicalId::parse(&"1f".repeat(32)).unwrap(),
                created_at: OffsetDateTime::UNIX_EPOCH,
                size_bytes: bytes as u64,
                etag: ETag::parse("tag").unwrap(),
                checksum: None,
                headers: StoredHeaders::default(),
                user_metadata: UserMetadata::default(),
                tags: TagSet::default(),
                acl: Acl::OwnersAlone,
                parts: None,
            },
            body: Some(Body::Inline(Bytes::from(vec![0; bytes]))),
            parts: Vec::new(),
        }
    }

    /// What a connection that is watched may change, and what is kept, all of it in memory already.
    fn watched(names: &[&str]) -> (rusqlite::Connection, HotObjects) {
        let connection = rusqlite::Connection::open_in_memory().unwrap();
        let tables = "CREATE TABLE versions (bucket_id INTEGER, key BLOB, tags TEXT, PRIMARY KEY (bucket_id, key)) WITHOUT ROWID;
            CREATE TABLE accounts (id TEXT); INSERT INTO accounts VALUES ('1');";
        connection.execute_batch(tables).unwrap();
        let hots = HotObjects::default();
        hots.watch(&connection).unwrap();
        for name in names {
            put(&connection, name);
        }
        drop(hots.close());
        for name in names {
            hots.get(BUCKET, &key(name)).1.add(&stored(10));
            assert!(is_kept(&hots, name));
        }
        (connection, hots)
    }

    fn put(connection: &rusqlite::Connection, name: &str) {
        let sql = "INSERT INTO versions VALUES (?1, ?2, NULL)";
        connection.execute(sql, (BUCKET, name.as_bytes())).unwrap();
    }

    fn is_kept(hots: &HotObjects, name: &str) -> bool {
        hots.get(BUCKET, &key(name)).0.is_some()
    }

    #[test]
    fn what_a_transaction_touches_goes_before_its_commit_and_nothing_else() {
        for change in [
            "UPDATE versions SET tags = 't' WHERE key = CAST('a' AS BLOB)",
            "DELETE FROM versions WHERE key = CAST('a' AS BLOB)",
            "REPLACE INTO versions VALUES (7, CAST('a' AS BLOB), 't')",
            "UPDATE versions SET key = CAST('c' AS BLOB) WHERE key = CAST('a' AS BLOB)",
        ] {
            let (connection, hots) = watched(&["a", "b"]);
            connection.execute_batch(change).unwrap();
            assert!(is_kept(&hots, "a"), "before the commit it is current");
            let closed = hots.close();
            assert!(!is_kept(&hots, "a"), "{change}");
            assert!(is_kept(&hots, "b"), "{change}");
            drop(closed);
            assert!(!is_kept(&hots, "a"), "{change}");
        }
    }

    #[test]
    fn an_account_that_changes_takes_everything_with_it() {
        for change in ["UPDATE accounts SET id = '2'", "DELETE FROM accounts"] {
            let (connection, hots) = watched(&["a", "b"]);
            connection.execute_batch(change).unwrap();
            drop(hots.close());
            assert!(!is_kept(&hots, "a") && !is_kept(&hots, "b"), "{change}");
        }
    }

    #[test]
    fn nothing_is_taken_in_that_was_read_before_or_during_a_commit() {
        let (connection, hots) = watched(&[]);
        let key = key("a");
        let before = hots.get(BUCKET, &key).1;
        put(&connection, "a");
        let closed = hots.close();
        let during = hots.get(BUCKET, &key).1;
        before.add(&stored(10));
        during.add(&stored(10));
        assert!(!is_kept(&hots, "a"));
        drop(closed);
        before.add(&stored(10));
        during.add(&stored(10));
        assert!(!is_kept(&hots, "a"));
        hots.get(BUCKET, &key).1.add(&stored(10));
        assert!(is_kept(&hots, "a"));
    }

    #[test]
    fn a_head_is_kept_without_its_body_and_large_bodies_are_not() {
        let hots = HotObjects::default();
        let (head, large) = (key("head"), key("large"));
        hots.get(BUCKET, &head).1.add_head(&stored(10).object);
        let kept = hots.get(BUCKET, &head).0.unwrap();
        assert_eq!(kept.object, stored(10).object);
        assert!(kept.with_body().is_none());
        hots.get(BUCKET, &head).1.add(&stored(10));
        let kept = hots.get(BUCKET, &head).0.unwrap();
        assert_eq!(kept.with_body(), Some(stored(10)));
        hots.get(BUCKET, &large).1.add(&stored(BODY_BYTES_MAX + 1));
        assert!(hots.get(BUCKET, &large).0.is_none());
        assert!(hots.get(BUCKET + 1, &head).0.is_none());
    }

    #[test]
    fn memory_is_bounded_and_what_is_asked_for_stays() {
        let hots = HotObjects::default();
        let often = key("often");
        hots.get(BUCKET, &often).1.add(&stored(100));
        for number in 0..4000 {
            hots.get(BUCKET, &key(&number.to_string()))
                .1
                .add(&stored(BODY_BYTES_MAX));
            assert!(hots.get(BUCKET, &often).0.is_some(), "{number}");
        }
        let bytes: usize = hots
            .0
            .shards
            .iter()
            .map(|shard| {
                let shard = lock(shard);
                shard
                    .young
                    .values()
                    .chain(shard.old.values())
                    .map(|hot| hot.weight_bytes())
                    .sum::<usize>()
            })
            .sum();
        assert!(bytes <= BYTES_MAX, "{bytes}");
        assert!(bytes > BYTES_MAX / 4, "{bytes}");
    }
}
