//! Listing uploads in progress, by seeking from upload to upload and from common prefix to common prefix.

use buckler_s3::UploadId;

use crate::{
    Store, StoreError, UploadRow,
    connection::Connection,
    key_ranges::{ChunkSize, after, group, successor},
    sql::{statements, values},
    uploads::{read_upload, select_uploads},
};

/// Which uploads of a bucket to list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadQuery {
    /// The bucket's number.
    pub bucket_id: i64,
    /// What keys begin with; empty for all.
    pub prefix: String,
    /// What ends a common prefix; empty for none. May be several characters.
    pub delimiter: String,
    /// Where the page begins.
    pub start: UploadStart,
    /// Uploads and common prefixes at most.
    pub entries_max: u32,
}

/// Where a page of uploads begins. Every place is exclusive.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum UploadStart {
    /// At the first.
    #[default]
    Beginning,
    /// After all uploads of this key, which need not have any, and, if it lies below a common prefix, after all of that.
    AfterKey(String),
    /// After this upload of this key. It need not be in progress.
    AfterUpload(String, UploadId),
}

/// A page of uploads.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UploadPage {
    /// Uploads, by the bytes of their keys, and then by age.
    pub uploads: Vec<UploadRow>,
    /// Common prefixes, in the order of their bytes.
    pub common_prefixes: Vec<String>,
    /// The last entry, whether another page follows or not: a key with its upload, or a common prefix alone.
    pub last: Option<(String, Option<UploadId>)>,
    /// Whether another page follows.
    pub is_truncated: bool,
}

statements! {
    RANGE = select_uploads!("WHERE u.bucket_id = $1 AND (u.key, u.id) > ($2, $3) AND u.key < $4
            AND u.completed_version IS NULL
        ORDER BY u.bucket_id, u.key, u.id LIMIT $5");
}

impl Store {
    /// A page of the uploads in progress of a bucket.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn list_uploads(&self, query: &UploadQuery) -> Result<UploadPage, StoreError> {
        let read = self.engine.read(query, |c, query| Box::pin(list(c, query)));
        read.await
    }
}

async fn list(connection: &mut Connection, query: &UploadQuery) -> Result<UploadPage, StoreError> {
    let mut walk = Walk::new(query);
    let end = successor(query.prefix.as_bytes());
    let mut chunk = ChunkSize::of_page(query.entries_max, &query.delimiter);
    let mut is_done = query.entries_max == 0;
    while !is_done {
        let (key, id) = walk.after.clone();
        let values = values![query.bucket_id, &*key, &*id, &*end, i64::from(chunk.rows())];
        let rows = connection.all(RANGE, values, read_upload).await?;
        let read = rows.len();
        let met = walk.take(rows);
        is_done = read < chunk.rows() as usize || walk.page.is_truncated;
        chunk.adapt(met, read);
    }
    Ok(walk.page)
}

/// A page while it fills.
struct Walk<'q> {
    query: &'q UploadQuery,
    /// The key and the id after which the next wanted upload stands.
    after: (Vec<u8>, Vec<u8>),
    page: UploadPage,
}

impl<'q> Walk<'q> {
    fn new(query: &'q UploadQuery) -> Self {
        let start = match &query.start {
            UploadStart::Beginning => before(query.prefix.as_bytes()),
            UploadStart::AfterUpload(key, id) => (key.clone().into_bytes(), id.as_bytes().to_vec()),
            UploadStart::AfterKey(key) => match group(&query.prefix, &query.delimiter, key) {
                Some(group) => before(&successor(group.as_bytes())),
                None => before(&after(key)),
            },
        };
        Self {
            query,
            after: start.max(before(query.prefix.as_bytes())),
            page: UploadPage::default(),
        }
    }

    /// Takes the rows of a read, and says how many of them made entries of the page.
    fn take(&mut self, rows: Vec<UploadRow>) -> usize {
        let mut met = 0;
        for row in rows {
            let place = (row.key.as_str().as_bytes(), &row.id.as_bytes()[..]);
            // An upload below the common prefix before.
            if place <= (&*self.after.0, &*self.after.1) {
                continue;
            }
            if self.is_full() {
                self.page.is_truncated = true;
                break;
            }
            met += 1;
            self.add(row);
        }
        met
    }

    fn is_full(&self) -> bool {
        let entries = self.page.uploads.len() + self.page.common_prefixes.len();
        entries >= self.query.entries_max as usize
    }

    fn add(&mut self, row: UploadRow) {
        let key = row.key.as_str();
        if let Some(group) = group(&self.query.prefix, &self.query.delimiter, key) {
            self.after = before(&successor(group.as_bytes()));
            self.page.common_prefixes.push(group.to_owned());
            self.page.last = Some((group.to_owned(), None));
        } else {
            self.after = (key.as_bytes().to_vec(), row.id.as_bytes().to_vec());
            self.page.last = Some((key.to_owned(), Some(row.id)));
            self.page.uploads.push(row);
        }
    }
}

/// The place before every upload of this key.
fn before(key: &[u8]) -> (Vec<u8>, Vec<u8>) {
    (key.to_vec(), Vec::new())
}
