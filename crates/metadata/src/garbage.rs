//! Blobs that no version names any more, until their bytes are removed.

use time::OffsetDateTime;

use crate::{
    Store, StoreError,
    connection::Connection,
    sql::{statements, values},
    times,
};

/// A blob whose bytes can go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GarbageRow {
    /// The row's number.
    pub id: i64,
    /// The blob's name.
    pub blob_id: String,
    /// Its length, in bytes.
    pub size_bytes: u64,
    /// When it lost its row.
    pub deleted_at: OffsetDateTime,
}

statements! {
    ADD = "INSERT INTO garbage (blob_id, size_bytes, deleted_at) VALUES ($1, $2, $3)";
    OLDEST = "SELECT id, blob_id, size_bytes, deleted_at FROM garbage WHERE deleted_at <= $1 ORDER BY id LIMIT $2";
    FORGET = "DELETE FROM garbage WHERE id = $1";
    REFERENCED = "SELECT version_order FROM versions WHERE blob_id = $1 LIMIT 1";
}

impl Store {
    /// The oldest garbage of before `deleted_before`: a reader that found a row has that long to open its blob.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn garbage(
        &self,
        deleted_before: OffsetDateTime,
        limit: u32,
    ) -> Result<Vec<GarbageRow>, StoreError> {
        let arguments = (times::to_micros(deleted_before), i64::from(limit));
        let read = self.engine.read(&arguments, |c, (before, limit)| {
            Box::pin(async move {
                c.all(OLDEST, values![*before, *limit], |row| {
                    Ok(GarbageRow {
                        id: row.int(0)?,
                        blob_id: row.text(1)?.to_owned(),
                        size_bytes: row.size(2)?,
                        deleted_at: row.time(3)?,
                    })
                })
                .await
            })
        });
        read.await
    }

    /// Forgets garbage whose bytes are gone, by the rows' numbers.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn forget_garbage(&self, ids: Vec<i64>) -> Result<(), StoreError> {
        let write = self.engine.write(ids, |c, ids| {
            Box::pin(async move {
                for id in ids {
                    c.execute(FORGET, values![*id]).await?;
                }
                Ok(())
            })
        });
        write.await
    }

    /// Notes a blob as garbage, such as one whose row was refused after it was written.
    ///
    /// # Errors
    /// If the database fails; the sweep finds the blob then.
    pub async fn add_garbage(
        &self,
        blob_id: String,
        size_bytes: u64,
        now: OffsetDateTime,
    ) -> Result<(), StoreError> {
        let write = self
            .engine
            .write((blob_id, size_bytes, now), |c, (blob, size, now)| {
                Box::pin(add(c, blob, i64::try_from(*size).unwrap_or(i64::MAX), *now))
            });
        write.await
    }

    /// Says of each blob whether a version names it, in the order of `blob_ids`.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn blobs_are_referenced(&self, blob_ids: &[String]) -> Result<Vec<bool>, StoreError> {
        let read = self.engine.read(blob_ids, |c, blob_ids| {
            Box::pin(async move {
                let mut referenced = Vec::with_capacity(blob_ids.len());
                for blob_id in blob_ids {
                    let values = values![blob_id.as_str()];
                    let found = c.one(REFERENCED, values, |_| Ok(())).await?;
                    referenced.push(found.is_some());
                }
                Ok(referenced)
            })
        });
        read.await
    }
}

pub(crate) async fn add(
    connection: &mut Connection,
    blob_id: &str,
    size_bytes: i64,
    now: OffsetDateTime,
) -> Result<(), StoreError> {
    let row = values![blob_id, size_bytes, times::to_micros(now)];
    connection.execute(ADD, row).await?;
    Ok(())
}
