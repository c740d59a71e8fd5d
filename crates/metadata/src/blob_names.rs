//! Which rows name blobs: the one list of tables that do.
//!
//! INVARIANT: a blob whose id stands in none of these tables may be removed. A migration that adds a column with blob ids
//! adds its table to both texts below.

use crate::{
    Store, StoreError,
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

    /// What names this blob now; an object counts before garbage.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn blob_named_by(&self, id: &str) -> Result<Option<NamedBy>, StoreError> {
        let named = self.blobs_named_between(id, id).await?;
        Ok(named.into_iter().map(|blob| blob.by).max())
    }
}
