//! Listing current versions, by seeking from key to key and from common prefix to common prefix.
//!
//! The cost follows the page: what lies below a common prefix is skipped by one seek, however much it is.

use std::collections::HashMap;

use buckler_checksum::{Algorithm, ChecksumType};
use buckler_policy::{AccountId, CanonicalId};
use buckler_s3::{ETag, ObjectKey, StorageClass};
use time::OffsetDateTime;

use crate::{
    Store, StoreError, accounts,
    connection::Connection,
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
    /// The account that owns it.
    pub owner: AccountId,
}

statements! {
    RANGE = "SELECT key, is_delete_marker, created_at, etag, size_bytes, checksum_algorithm, checksum_type,
            storage_class, owner_id
        FROM versions WHERE bucket_id = $1 AND key >= $2 AND key < $3
        ORDER BY bucket_id, key, version_order DESC LIMIT $4";
}

/// Rows of the first read with a delimiter: most of what lies below a common prefix is not wanted.
const CHUNK_FIRST: u32 = 8;
/// Rows of one read at most.
const CHUNK_MAX: u32 = 1001;

impl Store {
    /// A page of the current versions of a bucket that are not delete markers.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn list_objects(&self, query: &ListQuery) -> Result<ListPage, StoreError> {
        let read = self.engine.read(query, |c, query| Box::pin(list(c, query)));
        read.await
    }
}

async fn list(connection: &mut Connection, query: &ListQuery) -> Result<ListPage, StoreError> {
    let mut walk = Walk::new(query);
    if query.entries_max == 0 {
        return Ok(walk.page);
    }
    let end = successor(query.prefix.as_bytes());
    let mut chunk = walk.first_chunk();
    while !walk.is_done {
        let from = std::mem::take(&mut walk.from);
        let values = values![query.bucket_id, &*from, &*end, i64::from(chunk)];
        let rows = connection.all(RANGE, values, read_listed).await?;
        walk.is_done = rows.len() < chunk as usize;
        walk.from = from;
        let skipped = walk.take(rows);
        chunk = if skipped {
            CHUNK_FIRST
        } else {
            (chunk * 2).min(CHUNK_MAX)
        };
    }
    name_owners(connection, &mut walk.page).await?;
    Ok(walk.page)
}

/// A page while it fills.
struct Walk<'q> {
    query: &'q ListQuery,
    /// The least key that is still wanted.
    from: Vec<u8>,
    page: ListPage,
    last: ListStart,
    is_done: bool,
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
            ListStart::AfterGroupOf(key) => match group(query, key) {
                Some(group) => successor(group.as_bytes()),
                None => after(key),
            },
        };
        Self {
            query,
            from: from.max(query.prefix.clone().into_bytes()),
            page: ListPage::default(),
            last: ListStart::Beginning,
            is_done: false,
        }
    }

    fn first_chunk(&self) -> u32 {
        if self.query.delimiter.is_empty() {
            self.query.entries_max.saturating_add(1).min(CHUNK_MAX)
        } else {
            CHUNK_FIRST
        }
    }

    /// Takes what a read found; `true` if the next read can skip keys that it did not reach.
    fn take(&mut self, rows: Vec<Row>) -> bool {
        let mut skipped = false;
        for row in rows {
            let key = row.object.key.as_str();
            // An older version of the key before, or a key below the common prefix before.
            if key.as_bytes() < self.from.as_slice() {
                continue;
            }
            let group = group(self.query, key).filter(|_| !row.is_delete_marker);
            skipped = group.is_some();
            let (next, last) = match group {
                Some(group) => (
                    successor(group.as_bytes()),
                    ListStart::AfterPrefix(group.to_owned()),
                ),
                None => (after(key), ListStart::After(key.to_owned())),
            };
            self.from = next;
            if row.is_delete_marker {
                continue;
            }
            if self.is_full() {
                self.page.next = Some(std::mem::take(&mut self.last));
                self.is_done = true;
                return false;
            }
            match &last {
                ListStart::AfterPrefix(prefix) => self.page.common_prefixes.push(prefix.clone()),
                _ => self.page.objects.push(row.object),
            }
            self.last = last;
        }
        skipped
    }

    fn is_full(&self) -> bool {
        let entries = self.page.objects.len() + self.page.common_prefixes.len();
        entries >= self.query.entries_max as usize
    }
}

/// The common prefix that a key lies below.
fn group<'k>(query: &ListQuery, key: &'k str) -> Option<&'k str> {
    if query.delimiter.is_empty() {
        return None;
    }
    let rest = key.strip_prefix(query.prefix.as_str())?;
    let at = rest.find(query.delimiter.as_str())?;
    key.get(..query.prefix.len() + at + query.delimiter.len())
}

/// The least key after this one.
fn after(key: &str) -> Vec<u8> {
    let mut next = key.as_bytes().to_vec();
    next.push(0);
    next
}

/// The least byte string after all that begin with `prefix`.
fn successor(prefix: &[u8]) -> Vec<u8> {
    let mut next = prefix.to_vec();
    match next.last_mut() {
        // UTF-8 has no byte above 0xF4, so this cannot overflow.
        Some(last) => *last = last.saturating_add(1),
        None => next.push(0xFF),
    }
    next
}

/// Looks up the canonical id of each owner once, instead of joining it to every row.
async fn name_owners(connection: &mut Connection, page: &mut ListPage) -> Result<(), StoreError> {
    for object in &page.objects {
        if page.owners.contains_key(&object.owner) {
            continue;
        }
        if let Some(account) = accounts::by_id(connection, &object.owner).await? {
            page.owners.insert(account.id, account.canonical_id);
        }
    }
    Ok(())
}

fn read_listed(row: &Record<'_>) -> Result<Row, StoreError> {
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
    let object = ListedObject {
        key,
        created_at: row.time(2)?,
        etag: row.parsed(3, |text| ETag::parse(text).ok())?,
        size_bytes: row.size(4)?,
        checksum,
        storage_class: row.parsed(7, StorageClass::from_name)?,
        owner: row.parsed(8, |text| AccountId::parse(text).ok())?,
    };
    Ok(Row {
        is_delete_marker: row.flag(1)?,
        object,
    })
}
