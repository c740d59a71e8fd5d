//! Listing versions and delete markers, newest first within a key, by seeking as the listing of objects does.

use std::collections::HashMap;

use buckler_policy::{AccountId, CanonicalId};
use buckler_s3::{VersionId, VersionSelector};

use crate::{
    ListedObject, Store, StoreError,
    connection::Connection,
    key_ranges::{ChunkSize, after, group, successor},
    listing::{listed_columns, owners_of, read_listed},
    record::Record,
    sql::{statements, values},
    versions::{self, Place},
};

/// Which versions of a bucket to list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionsQuery {
    /// The bucket's number.
    pub bucket_id: i64,
    /// What keys begin with; empty for all.
    pub prefix: String,
    /// What ends a common prefix; empty for none. May be several characters.
    pub delimiter: String,
    /// Where the page begins.
    pub start: VersionsStart,
    /// Versions, delete markers and common prefixes at most.
    pub entries_max: u32,
}

/// Where a page of versions begins. Every place is exclusive.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum VersionsStart {
    /// At the newest version of the first key.
    #[default]
    Beginning,
    /// After all versions of this key, which need not exist, or after all of the common prefix it lies below.
    AfterKey(String),
    /// After this version of the key, which may be gone. In a common prefix as [`AfterKey`](Self::AfterKey).
    AfterVersion(String, VersionId),
}

/// A page of versions.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct VersionsPage {
    /// Versions and delete markers, by the bytes of their keys, newest first within a key.
    pub versions: Vec<ListedVersion>,
    /// Common prefixes, in the order of their bytes.
    pub common_prefixes: Vec<String>,
    /// Where the next page begins; `None` if this is the last.
    pub next: Option<VersionsStart>,
    /// Canonical user ids of the owners.
    pub owners: HashMap<AccountId, CanonicalId>,
    /// How many rows were read for it.
    pub rows_read: usize,
}

/// What a listing shows of a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedVersion {
    /// The version as an object; of a delete marker only key, time and owner count.
    pub object: ListedObject,
    /// Its id.
    pub version_id: VersionId,
    /// Whether it is an object's.
    pub kind: VersionKind,
    /// Whether it is the current version of its key.
    pub is_latest: bool,
}

/// What a version is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum VersionKind {
    /// An object.
    Object,
    /// A delete marker.
    DeleteMarker,
}

statements! {
    RANGE = concat!("SELECT ", listed_columns!(), ", version_id, version_order
        FROM versions WHERE bucket_id = $1 AND key >= $2 AND key < $3
        ORDER BY bucket_id, key, version_order DESC LIMIT $4");
    OLDER = concat!("SELECT ", listed_columns!(), ", version_id, version_order
        FROM versions WHERE bucket_id = $1 AND key = $2 AND version_order < $3
        ORDER BY version_order DESC LIMIT $4");
    NEWEST = "SELECT max(version_order) FROM versions WHERE bucket_id = $1 AND key = $2";
}

impl Store {
    /// A page of the versions and delete markers of a bucket.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn list_versions(&self, query: &VersionsQuery) -> Result<VersionsPage, StoreError> {
        let read = self.engine.read(query, |c, query| Box::pin(list(c, query)));
        read.await
    }
}

async fn list(
    connection: &mut Connection,
    query: &VersionsQuery,
) -> Result<VersionsPage, StoreError> {
    let mut walk = Walk::new(query);
    if query.entries_max == 0 {
        return Ok(walk.page);
    }
    walk.begin(connection).await?;
    let mut chunk = ChunkSize::of_page(query.entries_max, &query.delimiter);
    while !walk.is_done {
        let rows = walk.read(connection, chunk.rows()).await?;
        let read = rows.len();
        walk.page.rows_read += read;
        let met = walk.take(rows, read < chunk.rows() as usize);
        chunk.adapt(met, read);
    }
    let owners = walk.page.versions.iter();
    let owners = owners.filter_map(|version| version.object.owner);
    walk.page.owners = owners_of(connection, owners).await?;
    Ok(walk.page)
}

/// A page while it fills.
struct Walk<'q> {
    query: &'q VersionsQuery,
    page: VersionsPage,
    next: Next,
    /// The key that the page began within, and the place of its current version.
    began_within: Option<(&'q str, i64)>,
    last: Last,
    is_done: bool,
}

/// The next version that is wanted.
#[derive(Debug)]
enum Next {
    /// The newest of the first key that is not less.
    From(Vec<u8>),
    /// Of this key, the first below this place in its history; then the next key.
    Below(Vec<u8>, i64),
}

/// The last entry of a page.
#[derive(Debug, Clone, Copy)]
enum Last {
    Version,
    CommonPrefix,
}

struct Row {
    version: ListedVersion,
    order: i64,
}

impl<'q> Walk<'q> {
    fn new(query: &'q VersionsQuery) -> Self {
        Self {
            query,
            page: VersionsPage::default(),
            next: Next::From(query.prefix.clone().into_bytes()),
            began_within: None,
            last: Last::Version,
            is_done: false,
        }
    }

    /// Goes to where the page begins.
    async fn begin(&mut self, connection: &mut Connection) -> Result<(), StoreError> {
        let query = self.query;
        let (key, version_id) = match &query.start {
            VersionsStart::Beginning => return Ok(()),
            VersionsStart::AfterKey(key) => (key, None),
            VersionsStart::AfterVersion(key, version_id) => (key, Some(version_id)),
        };
        let from = match (group(&query.prefix, &query.delimiter, key), version_id) {
            (Some(group), _) => successor(group.as_bytes()),
            (None, None) => after(key),
            (None, Some(version_id)) => {
                if !key.starts_with(&query.prefix) {
                    after(key)
                } else if let Some(order) = self.order_of(connection, key, version_id).await? {
                    return self.begin_within(connection, key, order).await;
                } else {
                    // The null version is gone, and its place with it: what is left of the key comes again, so that
                    // none of it is missed.
                    key.clone().into_bytes()
                }
            }
        };
        self.next = Next::From(from.max(query.prefix.clone().into_bytes()));
        Ok(())
    }

    async fn begin_within(
        &mut self,
        connection: &mut Connection,
        key: &'q str,
        order: i64,
    ) -> Result<(), StoreError> {
        let values = values![self.query.bucket_id, key.as_bytes()];
        let newest = connection.one(NEWEST, values, |row| row.int_or_null(0));
        self.began_within = newest.await?.flatten().map(|newest| (key, newest));
        self.next = Next::Below(key.as_bytes().to_vec(), order);
        Ok(())
    }

    /// The place of a version in its key's history. Its id tells it, also of one that is gone; the null version's row
    /// does.
    async fn order_of(
        &self,
        connection: &mut Connection,
        key: &str,
        version_id: &VersionId,
    ) -> Result<Option<i64>, StoreError> {
        if let Some(order) = version_id.order() {
            return Ok(Some(order));
        }
        let place = Place {
            bucket: self.query.bucket_id,
            key: key.as_bytes(),
        };
        let null = VersionSelector::Id(VersionId::null());
        let found = versions::find(connection, place, &null).await?;
        Ok(found.map(|version| version.order))
    }

    async fn read(&self, connection: &mut Connection, limit: u32) -> Result<Vec<Row>, StoreError> {
        let (bucket, limit) = (self.query.bucket_id, i64::from(limit));
        match &self.next {
            Next::From(from) => {
                let end = successor(self.query.prefix.as_bytes());
                let values = values![bucket, from.as_slice(), end.as_slice(), limit];
                connection.all(RANGE, values, read_row).await
            }
            Next::Below(key, order) => {
                let values = values![bucket, key.as_slice(), *order, limit];
                connection.all(OLDER, values, read_row).await
            }
        }
    }

    /// Takes the rows of one read; `is_last` if there are no more in its range. Returns how many of them counted.
    fn take(&mut self, rows: Vec<Row>, is_last: bool) -> usize {
        let (mut met, mut skipped) = (0, Vec::new());
        let mut reached = None;
        for Row { mut version, order } in rows {
            let key = version.object.key.as_str();
            if key.as_bytes() < skipped.as_slice() {
                continue;
            }
            met += 1;
            if self.is_full() {
                self.page.next = self.last_entry();
                self.is_done = true;
                return met;
            }
            if let Some(group) = group(&self.query.prefix, &self.query.delimiter, key) {
                skipped = successor(group.as_bytes());
                self.page.common_prefixes.push(group.to_owned());
                self.last = Last::CommonPrefix;
                reached = None;
                continue;
            }
            version.is_latest = self.is_latest(key, order);
            self.page.versions.push(version);
            self.last = Last::Version;
            reached = Some(order);
        }
        self.next = match (
            std::mem::replace(&mut self.next, Next::From(skipped)),
            reached,
        ) {
            (Next::Below(key, _), _) if is_last => {
                let mut next = key;
                next.push(0);
                Next::From(next)
            }
            (Next::From(_), _) if is_last => {
                self.is_done = true;
                return met;
            }
            (_, Some(order)) => Next::Below(self.last_key(), order),
            (_, None) => return met,
        };
        met
    }

    /// Rows of a key come newest first, and a page that begins within a key knows its newest.
    fn is_latest(&self, key: &str, order: i64) -> bool {
        match (self.began_within, self.page.versions.last()) {
            (Some((within, newest)), _) if within == key => newest == order,
            (_, Some(last)) => last.object.key.as_str() != key,
            (_, None) => true,
        }
    }

    fn last_key(&self) -> Vec<u8> {
        let last = self.page.versions.last();
        last.map_or_else(Vec::new, |last| last.object.key.as_str().into())
    }

    fn last_entry(&self) -> Option<VersionsStart> {
        Some(match self.last {
            Last::CommonPrefix => {
                VersionsStart::AfterKey(self.page.common_prefixes.last()?.clone())
            }
            Last::Version => {
                let last = self.page.versions.last()?;
                let key = last.object.key.to_string();
                VersionsStart::AfterVersion(key, last.version_id.clone())
            }
        })
    }

    fn is_full(&self) -> bool {
        let entries = self.page.versions.len() + self.page.common_prefixes.len();
        entries >= self.query.entries_max as usize
    }
}

fn read_row(row: &Record<'_>) -> Result<Row, StoreError> {
    let version = ListedVersion {
        object: read_listed(row)?,
        kind: if row.flag(1)? {
            VersionKind::DeleteMarker
        } else {
            VersionKind::Object
        },
        version_id: row.parsed(9, |text| VersionId::parse(text).ok())?,
        is_latest: false,
    };
    let order = row.int(10)?;
    Ok(Row { version, order })
}
