//! Listing current versions, by seeking from key to key and from common prefix to common prefix.
//!
//! The cost follows the page: what lies below a common prefix is skipped by one seek, however much it is.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use buckler_checksum::{Algorithm, ChecksumType};
use buckler_policy::{AccountId, CanonicalId};
use buckler_s3::{ETag, ObjectKey, StorageClass};
use time::OffsetDateTime;

use crate::{
    Store, StoreError, accounts,
    connection::Connection,
    key_ranges::{ChunkSize, after, group, successor},
    owners::read_owner,
    record::Record,
    sql::{statements, values},
};

/// What to list of a bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListQuery {
    /// The bucket's number.
    pub bucket_id: i64,
    /// What keys begin with; empty for all.
    pub prefix: String,
    /// What ends a common prefix; empty for none. May be several characters.
    pub delimiter: String,
    /// Where the page begins.
    pub start: ListStart,
    /// Keys and common prefixes at most.
    pub entries_max: u32,
}

/// Where a page begins. Every place is exclusive.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum ListStart {
    /// At the first key.
    #[default]
    Beginning,
    /// After this key, which need not exist.
    After(String),
    /// After this key and, if it lies below a common prefix, after all of that: V1's `marker`.
    AfterGroupOf(String),
    /// After all keys that begin so.
    AfterPrefix(String),
}

/// A page of a listing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ListPage {
    /// Keys, in the order of their bytes.
    pub objects: Vec<ListedObject>,
    /// Common prefixes, in the order of their bytes.
    pub common_prefixes: Vec<String>,
    /// Where the next page begins; `None` if this is the last.
    pub next: Option<ListStart>,
    /// Canonical user ids of the objects' owners: few accounts own many objects.
    pub owners: HashMap<AccountId, CanonicalId>,
    /// How many rows were read for it.
    pub rows_read: usize,
}

/// What a listing shows of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedObject {
    /// The key.
    pub key: ObjectKey,
    /// When it was written.
    pub created_at: OffsetDateTime,
    /// The entity tag.
    pub etag: ETag,
    /// Length of the body.
    pub size_bytes: u64,
    /// Algorithm and type of its checksum.
    pub checksum: Option<(Algorithm, ChecksumType)>,
    /// The storage class.
    pub storage_class: StorageClass,
    /// The account that owns it; `None` if it was written without a signature.
    pub owner: Option<AccountId>,
}

/// The columns that [`read_listed`] reads, and in second place whether it is a delete marker.
macro_rules! listed_columns {
    () => {
        "key, is_delete_marker, created_at, etag, size_bytes, checksum_algorithm, checksum_type, storage_class, owner_id"
    };
}
pub(crate) use listed_columns;

statements! {
    RANGE = concat!("SELECT ", listed_columns!(), "
        FROM versions WHERE bucket_id = $1 AND key >= $2 AND key < $3
        ORDER BY bucket_id, key, version_order DESC LIMIT $4");
}

/// Reads of one stretch at most: on `SQLite` a stretch runs to its end on the thread that serves other requests, too.
const STRETCH_READS_MAX: u32 = 16;

impl Store {
    /// A page of the current versions of a bucket that are not delete markers.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn list_objects(&self, query: &ListQuery) -> Result<ListPage, StoreError> {
        let mut walk = Walk::new(query);
        while !walk.is_done {
            let slot = Mutex::new(Some(walk));
            let read = self
                .engine
                .read(&slot, |c, slot| Box::pin(stretch(c, slot)));
            walk = read.await?;
            if !walk.is_done {
                tokio::task::yield_now().await;
            }
        }
        Ok(walk.page)
    }
}

/// Goes on for some reads with the walk in the slot, and hands it back.
async fn stretch<'q>(
    connection: &mut Connection,
    slot: &Mutex<Option<Walk<'q>>>,
) -> Result<Walk<'q>, StoreError> {
    let walk = slot.lock().unwrap_or_else(PoisonError::into_inner).take();
    let mut walk = walk.ok_or(StoreError::Closed)?;
    let end = successor(walk.query.prefix.as_bytes());
    for _ in 0..STRETCH_READS_MAX {
        let limit = walk.chunk.rows();
        let values = values![
            walk.query.bucket_id,
            walk.from.as_slice(),
            end.as_slice(),
            i64::from(limit)
        ];
        let rows = connection.all(RANGE, values, read_row).await?;
        let read = rows.len();
        walk.page.rows_read += read;
        walk.is_done = read < limit as usize;
        let met = walk.take(rows);
        walk.chunk.adapt(met, read);
        if walk.is_done {
            let owners = walk.page.objects.iter().filter_map(|object| object.owner);
            walk.page.owners = owners_of(connection, owners).await?;
            break;
        }
    }
    Ok(walk)
}

/// A page while it fills.
struct Walk<'q> {
    query: &'q ListQuery,
    /// The least key that is still wanted.
    from: Vec<u8>,
    page: ListPage,
    last: Last,
    chunk: ChunkSize,
    is_done: bool,
}

/// The last entry of a page.
#[derive(Debug, Clone, Copy)]
enum Last {
    Object,
    CommonPrefix,
}

struct Row {
    is_delete_marker: bool,
    object: ListedObject,
}

impl<'q> Walk<'q> {
    fn new(query: &'q ListQuery) -> Self {
        let from = match &query.start {
            ListStart::Beginning => Vec::new(),
            ListStart::After(key) => after(key),
            ListStart::AfterPrefix(prefix) => successor(prefix.as_bytes()),
            ListStart::AfterGroupOf(key) => match group(&query.prefix, &query.delimiter, key) {
                Some(group) => successor(group.as_bytes()),
                None => after(key),
            },
        };
        Self {
            query,
            from: from.max(query.prefix.clone().into_bytes()),
            page: ListPage::default(),
            last: Last::Object,
            chunk: ChunkSize::of_page(query.entries_max, &query.delimiter),
            is_done: query.entries_max == 0,
        }
    }

    /// Takes what a read found, and returns how many of the rows counted: not those below the common prefix before, and
    /// not older versions of the key before.
    fn take(&mut self, rows: Vec<Row>) -> usize {
        let mut counted = 0;
        let mut passed = Passed::Nothing;
        for row in rows {
            if self.is_passed(&passed, &row.object.key) {
                continue;
            }
            counted += 1;
            if row.is_delete_marker {
                passed = Passed::Marker(row.object.key);
                continue;
            }
            if self.is_full() {
                self.page.next = self.last_entry();
                self.is_done = true;
                return counted;
            }
            let key = row.object.key.as_str();
            if let Some(group) = group(&self.query.prefix, &self.query.delimiter, key) {
                passed = Passed::Below(successor(group.as_bytes()));
                self.page.common_prefixes.push(group.to_owned());
                self.last = Last::CommonPrefix;
            } else {
                passed = Passed::LastObject;
                self.page.objects.push(row.object);
                self.last = Last::Object;
            }
        }
        match passed {
            Passed::Nothing => {}
            Passed::Marker(key) => self.from = after(key.as_str()),
            Passed::Below(end) => self.from = end,
            Passed::LastObject => {
                let last = self.page.objects.last();
                self.from = last.map_or_else(Vec::new, |last| after(last.key.as_str()));
            }
        }
        counted
    }

    fn is_passed(&self, passed: &Passed, key: &ObjectKey) -> bool {
        match passed {
            Passed::Nothing => false,
            Passed::Marker(marker) => marker == key,
            Passed::Below(end) => key.as_str().as_bytes() < end.as_slice(),
            Passed::LastObject => {
                let last = self.page.objects.last();
                last.is_some_and(|last| last.key == *key)
            }
        }
    }

    fn last_entry(&self) -> Option<ListStart> {
        Some(match self.last {
            Last::Object => ListStart::After(self.page.objects.last()?.key.to_string()),
            Last::CommonPrefix => ListStart::AfterPrefix(self.page.common_prefixes.last()?.clone()),
        })
    }

    fn is_full(&self) -> bool {
        let entries = self.page.objects.len() + self.page.common_prefixes.len();
        entries >= self.query.entries_max as usize
    }
}

/// What the rows of a read have passed, so that the rest of it is skipped.
enum Passed {
    Nothing,
    /// The object that was added last.
    LastObject,
    /// A key whose current version is a delete marker.
    Marker(ObjectKey),
    /// All keys below this one: a common prefix.
    Below(Vec<u8>),
}

/// Looks up the canonical id of each owner once, instead of joining it to every row.
pub(crate) async fn owners_of(
    connection: &mut Connection,
    accounts: impl Iterator<Item = AccountId> + Send,
) -> Result<HashMap<AccountId, CanonicalId>, StoreError> {
    let mut owners = HashMap::new();
    for id in accounts {
        if owners.contains_key(&id) {
            continue;
        }
        if let Some(account) = accounts::by_id(connection, &id).await? {
            owners.insert(account.id, account.canonical_id);
        }
    }
    Ok(owners)
}

fn read_row(row: &Record<'_>) -> Result<Row, StoreError> {
    Ok(Row {
        is_delete_marker: row.flag(1)?,
        object: read_listed(row)?,
    })
}

pub(crate) fn read_listed(row: &Record<'_>) -> Result<ListedObject, StoreError> {
    let key = std::str::from_utf8(row.bytes(0)?)
        .ok()
        .and_then(|key| ObjectKey::parse(key).ok())
        .ok_or_else(|| StoreError::Corrupt("a key is not a key".to_owned()))?;
    let checksum = match row.text_or_null(5)? {
        None => None,
        Some(_) => Some((
            row.parsed(5, Algorithm::from_name)?,
            row.parsed(6, ChecksumType::from_name)?,
        )),
    };
    Ok(ListedObject {
        key,
        created_at: row.time(2)?,
        etag: row.parsed(3, |text| ETag::parse(text).ok())?,
        size_bytes: row.size(4)?,
        checksum,
        storage_class: row.parsed(7, StorageClass::from_name)?,
        owner: read_owner(row, 8)?,
    })
}
