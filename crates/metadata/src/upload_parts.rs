//! Parts of an upload in progress: writing, listing, giving up.

use buckler_checksum::{Algorithm, Checksum};
use buckler_s3::{ObjectKey, PartNumber, UploadId, multipart::UploadedPart};
use time::OffsetDateTime;

use crate::{
    Body, Store, StoreError,
    bodies::{self, BodyColumns},
    connection::Connection,
    garbage,
    record::Record,
    sql::{statements, values},
    times,
};

/// A part to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPart {
    /// The bucket's number.
    pub bucket_id: i64,
    /// The key.
    pub key: ObjectKey,
    /// The upload.
    pub upload_id: UploadId,
    /// The part, with a checksum of the upload's algorithm. One of the same number is replaced.
    pub part: UploadedPart,
    /// Now.
    pub created_at: OffsetDateTime,
    /// The bytes, or the name of the blob that holds them durably.
    pub body: Body,
}

/// What became of writing a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PutPart {
    /// It is stored. What it replaced is garbage.
    Stored,
    /// The upload is not in progress (any more); a blob given as body is the caller's to delete.
    NoSuchUpload,
}

/// Which parts to list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartQuery {
    /// The bucket's number.
    pub bucket_id: i64,
    /// The key.
    pub key: ObjectKey,
    /// The upload.
    pub upload_id: UploadId,
    /// The algorithm of its checksums.
    pub algorithm: Algorithm,
    /// Numbers above this one.
    pub after: u32,
    /// Parts at most. Ask for one more than the page holds to learn whether there is another.
    pub limit: u32,
}

/// A part as listings show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartRow {
    /// The part.
    pub part: UploadedPart,
    /// When it was written.
    pub created_at: OffsetDateTime,
}

/// Selects the number of an upload that is in progress.
macro_rules! upload_in_progress {
    () => {
        "SELECT number FROM uploads
            WHERE bucket_id = $1 AND key = $2 AND id = $3 AND completed_version IS NULL"
    };
}

statements! {
    IN_PROGRESS = upload_in_progress!();
    TAKE = "DELETE FROM parts WHERE upload_number = $1 AND part_number = $2
        RETURNING size_bytes, body_id, blob_id";
    INSERT = "INSERT INTO parts (upload_number, part_number, size_bytes, md5, checksum_value, created_at,
            body_id, blob_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    PAGE = concat!("SELECT part_number, size_bytes, md5, checksum_value, created_at FROM parts
        WHERE upload_number = (", upload_in_progress!(), ") AND part_number > $4 ORDER BY part_number LIMIT $5");
    ALL_PARTS = "SELECT part_number, size_bytes, md5, checksum_value FROM parts WHERE upload_number = $1
        ORDER BY part_number";

    BLOBS_TO_GARBAGE = "INSERT INTO garbage (blob_id, size_bytes, deleted_at)
        SELECT blob_id, size_bytes, CAST($1 AS BIGINT) FROM parts
        WHERE upload_number = $2 AND blob_id IS NOT NULL";
    REMOVE_BODIES = "DELETE FROM bodies WHERE id IN
        (SELECT body_id FROM parts WHERE upload_number = $1 AND body_id IS NOT NULL)";
    REMOVE_PARTS = "DELETE FROM parts WHERE upload_number = $1";
    REMOVE_UPLOAD = "DELETE FROM uploads WHERE number = $1";

    // The parts whose byte in the map `$2`, counted from 1, is `$3`.
    SOME_BLOBS_TO_GARBAGE = "INSERT INTO garbage (blob_id, size_bytes, deleted_at)
        SELECT blob_id, size_bytes, CAST($1 AS BIGINT) FROM parts
        WHERE upload_number = $2 AND substr($3, CAST(part_number AS INTEGER), 1) = $4 AND blob_id IS NOT NULL";
    REMOVE_SOME_BODIES = "DELETE FROM bodies WHERE id IN (SELECT body_id FROM parts
        WHERE upload_number = $1 AND substr($2, CAST(part_number AS INTEGER), 1) = $3 AND body_id IS NOT NULL)";
    REMOVE_SOME_PARTS = "DELETE FROM parts
        WHERE upload_number = $1 AND substr($2, CAST(part_number AS INTEGER), 1) = $3";
}

impl Store {
    /// Writes a part of an upload in progress.
    ///
    /// # Errors
    /// If the database fails; a blob given as body may then be named by a row or not, and is found by the sweep.
    pub async fn put_part(&self, part: NewPart) -> Result<PutPart, StoreError> {
        let write = self.engine.write(part, |c, part| Box::pin(put(c, part)));
        match write.await {
            // Postgres: the bucket was deleted with its uploads.
            Err(StoreError::MissingParent) => Ok(PutPart::NoSuchUpload),
            other => other,
        }
    }

    /// A page of the parts of an upload in progress, by their numbers; none if it is not in progress.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn list_parts(&self, list: &PartQuery) -> Result<Vec<PartRow>, StoreError> {
        let read = self.engine.read(list, |c, list| {
            Box::pin(async move {
                let values = values![
                    list.bucket_id,
                    list.key.as_str().as_bytes(),
                    &list.upload_id.as_bytes()[..],
                    i64::from(list.after),
                    i64::from(list.limit),
                ];
                c.all(PAGE, values, |row| {
                    Ok(PartRow {
                        part: read_part(row, list.algorithm)?,
                        created_at: row.time(4)?,
                    })
                })
                .await
            })
        });
        read.await
    }
}

async fn put(connection: &mut Connection, new: &NewPart) -> Result<PutPart, StoreError> {
    connection.share_upload(&new.upload_id).await?;
    let values = values![
        new.bucket_id,
        new.key.as_str().as_bytes(),
        &new.upload_id.as_bytes()[..]
    ];
    let found = connection
        .one(IN_PROGRESS, values, |row| row.int(0))
        .await?;
    let Some(upload) = found else {
        return Ok(PutPart::NoSuchUpload);
    };
    let number = i64::from(new.part.number.get());
    connection.lock_part(&new.upload_id, number).await?;
    take(connection, upload, number, new.created_at).await?;
    let BodyColumns { body_id, blob_id } = bodies::store(connection, &new.body).await?;
    let checksum = new.part.checksum.to_base64();
    let row = values![
        upload,
        number,
        i64::try_from(new.part.size_bytes).unwrap_or(i64::MAX),
        &new.part.md5[..],
        checksum.as_str(),
        times::to_micros(new.created_at),
        body_id,
        blob_id,
    ];
    connection.execute(INSERT, row).await?;
    Ok(PutPart::Stored)
}

/// Removes the part of this number, if there is one.
async fn take(
    connection: &mut Connection,
    upload: i64,
    number: i64,
    now: OffsetDateTime,
) -> Result<(), StoreError> {
    let values = values![upload, number];
    let taken = connection.one(TAKE, values, |row| {
        let blob = row.text_or_null(2)?.map(str::to_owned);
        Ok((row.int(0)?, row.int_or_null(1)?, blob))
    });
    let Some((size_bytes, body_id, blob_id)) = taken.await? else {
        return Ok(());
    };
    if let Some(body_id) = body_id {
        bodies::remove(connection, body_id).await?;
    }
    if let Some(blob_id) = blob_id {
        garbage::add(connection, &blob_id, size_bytes, now).await?;
    }
    Ok(())
}

/// All parts of an upload, by their numbers: 10,000 at most.
pub(crate) async fn all(
    connection: &mut Connection,
    upload: i64,
    algorithm: Algorithm,
) -> Result<Vec<UploadedPart>, StoreError> {
    let read = |row: &Record<'_>| read_part(row, algorithm);
    connection.all(ALL_PARTS, values![upload], read).await
}

/// Removes an upload with all of its parts, in a few statements however many there are. Their blobs become garbage.
pub(crate) async fn discard_upload(
    connection: &mut Connection,
    upload: i64,
    now: OffsetDateTime,
) -> Result<(), StoreError> {
    let blobs = values![times::to_micros(now), upload];
    connection.execute(BLOBS_TO_GARBAGE, blobs).await?;
    for sql in [REMOVE_BODIES, REMOVE_PARTS, REMOVE_UPLOAD] {
        connection.execute(sql, values![upload]).await?;
    }
    Ok(())
}

/// Removes the parts of an upload whose numbers are not in `kept`, which ascends.
pub(crate) async fn discard_others(
    connection: &mut Connection,
    upload: i64,
    kept: &[PartNumber],
    now: OffsetDateTime,
) -> Result<(), StoreError> {
    const KEPT: u8 = b'k';
    const DISCARDED: &[u8] = b"d";
    let mut map = vec![b'd'; usize::from(buckler_s3::PART_NUMBER_MAX)];
    for number in kept {
        if let Some(place) = map.get_mut(usize::from(number.get()) - 1) {
            *place = KEPT;
        }
    }
    let map = map.as_slice();
    let blobs = values![times::to_micros(now), upload, map, DISCARDED];
    connection.execute(SOME_BLOBS_TO_GARBAGE, blobs).await?;
    for sql in [REMOVE_SOME_BODIES, REMOVE_SOME_PARTS] {
        let values = values![upload, map, DISCARDED];
        connection.execute(sql, values).await?;
    }
    Ok(())
}

fn read_part(row: &Record<'_>, algorithm: Algorithm) -> Result<UploadedPart, StoreError> {
    let md5 = row.bytes(2)?.try_into();
    Ok(UploadedPart {
        number: u16::try_from(row.int(0)?)
            .ok()
            .and_then(PartNumber::new)
            .ok_or_else(|| StoreError::Corrupt("a part number is not one".to_owned()))?,
        size_bytes: row.size(1)?,
        md5: md5.map_err(|_| StoreError::Corrupt("an MD5 is not one".to_owned()))?,
        checksum: row.parsed(3, |text| Checksum::from_base64(algorithm, text).ok())?,
    })
}
