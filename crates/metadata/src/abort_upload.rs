//! Giving uploads up: one, or all of a bucket.

use buckler_s3::{ObjectKey, UploadId};
use time::OffsetDateTime;

use crate::{
    Store, StoreError,
    connection::Connection,
    sql::{statements, values},
    times, upload_parts,
};

/// What became of giving an upload up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AbortUpload {
    /// It is gone, with its parts.
    Aborted,
    /// It was not in progress: completed, aborted before, or never there.
    NotInProgress,
}

statements! {
    IN_PROGRESS = "SELECT number FROM uploads
        WHERE bucket_id = $1 AND key = $2 AND id = $3 AND completed_version IS NULL";
    BLOBS_OF_BUCKET = "INSERT INTO garbage (blob_id, size_bytes, deleted_at)
        SELECT p.blob_id, p.size_bytes, CAST($1 AS BIGINT) FROM uploads u JOIN parts p ON p.upload_number = u.number
        WHERE u.bucket_id = $2 AND p.blob_id IS NOT NULL";
    REMOVE_BODIES_OF_BUCKET = "DELETE FROM bodies WHERE id IN
        (SELECT p.body_id FROM uploads u JOIN parts p ON p.upload_number = u.number
            WHERE u.bucket_id = $1 AND p.body_id IS NOT NULL)";
    REMOVE_PARTS_OF_BUCKET = "DELETE FROM parts WHERE upload_number IN
        (SELECT number FROM uploads WHERE bucket_id = $1)";
    REMOVE_UPLOADS_OF_BUCKET = "DELETE FROM uploads WHERE bucket_id = $1";
}

impl Store {
    /// Gives an upload up. The blobs of its parts become garbage in the same transaction.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn abort_upload(
        &self,
        bucket_id: i64,
        key: ObjectKey,
        id: UploadId,
        now: OffsetDateTime,
    ) -> Result<AbortUpload, StoreError> {
        let write = self
            .engine
            .write((bucket_id, key, id, now), |c, (bucket, key, id, now)| {
                Box::pin(abort(c, *bucket, key, id, *now))
            });
        write.await
    }
}

async fn abort(
    connection: &mut Connection,
    bucket: i64,
    key: &ObjectKey,
    id: &UploadId,
    now: OffsetDateTime,
) -> Result<AbortUpload, StoreError> {
    connection.lock_upload(id).await?;
    let values = values![bucket, key.as_str().as_bytes(), &id.as_bytes()[..]];
    let found = connection
        .one(IN_PROGRESS, values, |row| row.int(0))
        .await?;
    let Some(upload) = found else {
        return Ok(AbortUpload::NotInProgress);
    };
    upload_parts::discard_upload(connection, upload, now).await?;
    Ok(AbortUpload::Aborted)
}

/// Gives up all uploads of a bucket that has no versions, so that none of them is completed.
pub(crate) async fn abort_all(
    connection: &mut Connection,
    bucket: i64,
    now: OffsetDateTime,
) -> Result<(), StoreError> {
    let blobs = values![times::to_micros(now), bucket];
    connection.execute(BLOBS_OF_BUCKET, blobs).await?;
    for sql in [
        REMOVE_BODIES_OF_BUCKET,
        REMOVE_PARTS_OF_BUCKET,
        REMOVE_UPLOADS_OF_BUCKET,
    ] {
        connection.execute(sql, values![bucket]).await?;
    }
    Ok(())
}
