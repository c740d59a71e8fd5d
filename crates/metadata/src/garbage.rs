//! Blobs that no version and no part names any more, until their bytes are removed.

use time::OffsetDateTime;

use crate::{
    Store, StoreError,
    blob_names::is_live_blob,
    connection::Connection,
    record::Record,
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
    // A garbage row for a blob that an object names would be a defect of ours: the bytes stay, and doctor reports it.
    OLDEST = concat!("SELECT id, blob_id, size_bytes, deleted_at FROM garbage WHERE deleted_at <= $1 AND NOT ",
        is_live_blob!("garbage.blob_id"), " ORDER BY id LIMIT $2");
    FALSE = concat!("SELECT id, blob_id, size_bytes, deleted_at FROM garbage WHERE id > $1 AND ",
        is_live_blob!("garbage.blob_id"), " ORDER BY id LIMIT $2");
    TOTAL = "SELECT CAST(count(*) AS BIGINT), CAST(coalesce(sum(size_bytes), 0) AS BIGINT) FROM garbage";
    FORGET = "DELETE FROM garbage WHERE id = $1";
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
            Box::pin(async move { c.all(OLDEST, values![*before, *limit], read_row).await })
        });
        read.await
    }

    /// Up to `limit` garbage rows after the number `after` whose blobs objects name: there should be none, and the bytes
    /// are never collected.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn false_garbage(
        &self,
        after: i64,
        limit: u32,
    ) -> Result<Vec<GarbageRow>, StoreError> {
        let arguments = (after, i64::from(limit));
        let read = self.engine.read(&arguments, |c, (after, limit)| {
            Box::pin(async move { c.all(FALSE, values![*after, *limit], read_row).await })
        });
        read.await
    }

    /// How many garbage rows there are, and how many bytes their blobs have.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn garbage_total(&self) -> Result<(u64, u64), StoreError> {
        let read = self.engine.read(&(), |c, ()| {
            Box::pin(async move {
                let total = c.one(TOTAL, &[], |row| Ok((row.size(0)?, row.size(1)?)));
                Ok(total.await?.unwrap_or_default())
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
}

fn read_row(row: &Record<'_>) -> Result<GarbageRow, StoreError> {
    Ok(GarbageRow {
        id: row.int(0)?,
        blob_id: row.text(1)?.to_owned(),
        size_bytes: row.size(2)?,
        deleted_at: row.time(3)?,
    })
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
