//! Which rows name blobs: the one list of tables that do.
//!
//! INVARIANT: a blob whose id stands in none of these tables may be removed. A migration that adds a column with blob ids
//! adds its table to both texts below.

use crate::{
    Store, StoreError, StoredChecksum, objects,
    sql::{statements, values},
};

/// Whether a row that is not garbage names the blob of the given column.
macro_rules! is_live_blob {
    ($blob:literal) => {
        concat!(
            "(EXISTS (SELECT 1 FROM versions named WHERE named.blob_id = ",
            $blob,
            ") OR EXISTS (SELECT 1 FROM parts named WHERE named.blob_id = ",
            $blob,
            "))"
        )
    };
}
pub(crate) use is_live_blob;

statements! {
    NAMED = "SELECT blob_id, CAST(1 AS BIGINT) AS is_live FROM versions WHERE blob_id >= $1 AND blob_id <= $2
        UNION ALL SELECT blob_id, CAST(1 AS BIGINT) FROM parts WHERE blob_id >= $1 AND blob_id <= $2
        UNION ALL SELECT blob_id, CAST(0 AS BIGINT) FROM garbage WHERE blob_id >= $1 AND blob_id <= $2
        ORDER BY blob_id, is_live";
    // Each half by an index of its own.
    PROMISED = "SELECT * FROM (SELECT blob_id, size_bytes, checksum_algorithm, checksum_type, checksum_value FROM versions
            WHERE blob_id > $1 ORDER BY blob_id LIMIT $2) of_versions
        UNION ALL SELECT * FROM (SELECT p.blob_id, p.size_bytes, coalesce(u.checksum_algorithm, 'CRC64NVME'), 'FULL_OBJECT',
            p.checksum_value FROM parts p JOIN uploads u ON u.number = p.upload_number
            WHERE p.blob_id > $1 ORDER BY p.blob_id LIMIT $2) of_parts
        ORDER BY blob_id LIMIT $2";
    PROMISED_TOTAL = "SELECT CAST(count(*) AS BIGINT), CAST(coalesce(sum(size_bytes), 0) AS BIGINT) FROM
        (SELECT size_bytes FROM versions WHERE blob_id IS NOT NULL
            UNION ALL SELECT size_bytes FROM parts WHERE blob_id IS NOT NULL) promised";
}

/// A blob that an object or a part of an upload needs, with what it must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PromisedBlob {
    /// The blob's name.
    pub id: String,
    /// How many bytes there must be.
    pub size_bytes: u64,
    /// The checksum they must have, or why the row's cannot be read.
    pub checksum: Result<Option<StoredChecksum>, StoreError>,
}

/// A blob that a row names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedBlob {
    /// The blob's name.
    pub id: String,
    /// What names it.
    pub by: NamedBy,
}

/// What kind of row names a blob.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NamedBy {
    /// A garbage row: its bytes are about to go.
    Garbage,
    /// An object or a part: its bytes are needed.
    Object,
}

impl Store {
    /// The blobs from `first` to `last` that rows name, in the order of their ids; one that both kinds name comes twice,
    /// as garbage first. Ids are random, so that a range is as large as the folder it was taken from.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn blobs_named_between(
        &self,
        first: &str,
        last: &str,
    ) -> Result<Vec<NamedBlob>, StoreError> {
        let arguments = (first.to_owned(), last.to_owned());
        let read = self.engine.read(&arguments, |c, (first, last)| {
            Box::pin(async move {
                c.all(NAMED, values![first.as_str(), last.as_str()], |row| {
                    Ok(NamedBlob {
                        id: row.text(0)?.to_owned(),
                        by: if row.flag(1)? {
                            NamedBy::Object
                        } else {
                            NamedBy::Garbage
                        },
                    })
                })
                .await
            })
        });
        read.await
    }

    /// Up to `limit` blobs after the id `after` that objects and parts need, also parts of uploads in progress, in the
    /// order of their ids.
    ///
    /// # Errors
    /// If the database fails. A checksum that cannot be read is part of the answer.
    pub async fn promised_blobs(
        &self,
        after: &str,
        limit: u32,
    ) -> Result<Vec<PromisedBlob>, StoreError> {
        let arguments = (after.to_owned(), i64::from(limit));
        let read = self.engine.read(&arguments, |c, (after, limit)| {
            Box::pin(async move {
                c.all(PROMISED, values![after.as_str(), *limit], |row| {
                    Ok(PromisedBlob {
                        id: row.text(0)?.to_owned(),
                        size_bytes: row.size(1)?,
                        checksum: objects::read_checksum(row, 2),
                    })
                })
                .await
            })
        });
        read.await
    }

    /// How many blobs [`promised_blobs`](Self::promised_blobs) are, and how many bytes.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn promised_total(&self) -> Result<(u64, u64), StoreError> {
        let read = self.engine.read(&(), |c, ()| {
            Box::pin(async move {
                let total = c.one(PROMISED_TOTAL, &[], |row| Ok((row.size(0)?, row.size(1)?)));
                Ok(total.await?.unwrap_or_default())
            })
        });
        read.await
    }

    /// What names this blob now; an object counts before garbage.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn blob_named_by(&self, id: &str) -> Result<Option<NamedBy>, StoreError> {
        let named = self.blobs_named_between(id, id).await?;
        Ok(named.into_iter().map(|blob| blob.by).max())
    }
}
