//! Damage that the scrubber found.

use buckler_s3::UploadId;
use time::OffsetDateTime;

use crate::{
    BytesHolder, Store, StoreError,
    record::Record,
    sql::{statements, values},
    times,
};

/// Damaged bytes, and the object that they were found under.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FindingRow {
    /// `blob:ID` or `body:NUMBER`.
    pub place: String,
    /// The bucket's name.
    pub bucket: String,
    /// The key.
    pub key: String,
    /// What the bytes are of.
    pub holder: BytesHolder,
    /// What is wrong, in words.
    pub problem: String,
    /// When it was last seen.
    pub found_at: OffsetDateTime,
}

statements! {
    NOTE = "INSERT INTO findings (place, bucket, key, version_id, upload_id, part_number, problem, found_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT (place) DO UPDATE SET bucket = excluded.bucket, key = excluded.key,
            version_id = excluded.version_id, upload_id = excluded.upload_id, part_number = excluded.part_number,
            problem = excluded.problem, found_at = excluded.found_at";
    LIST = "SELECT place, bucket, key, version_id, upload_id, part_number, problem, found_at FROM findings
        WHERE place > $1 ORDER BY place LIMIT $2";
    COUNT = "SELECT CAST(count(*) AS BIGINT) FROM findings";
    FORGET_OLD = "DELETE FROM findings WHERE found_at < $1";
}

impl Store {
    /// Notes damage, or that it is still there.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn note_finding(&self, finding: FindingRow) -> Result<(), StoreError> {
        let write = self.engine.write(finding, |c, finding| {
            Box::pin(async move {
                let (version_id, upload_id, part_number) = match &finding.holder {
                    BytesHolder::Version(id) => (id.as_str(), None, None),
                    BytesHolder::UploadPart(id, number) => {
                        ("", Some(&id.as_bytes()[..]), Some(*number))
                    }
                };
                let row = values![
                    finding.place.as_str(),
                    finding.bucket.as_str(),
                    finding.key.as_str(),
                    version_id,
                    upload_id,
                    part_number,
                    finding.problem.as_str(),
                    times::to_micros(finding.found_at),
                ];
                c.execute(NOTE, row).await?;
                Ok(())
            })
        });
        write.await
    }

    /// Up to `limit` findings after the place `after` (empty for the first), in the order of their places.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn findings(&self, after: &str, limit: u32) -> Result<Vec<FindingRow>, StoreError> {
        let arguments = (after.to_owned(), i64::from(limit));
        let read = self.engine.read(&arguments, |c, (after, limit)| {
            Box::pin(async move { c.all(LIST, values![after.as_str(), *limit], read_row).await })
        });
        read.await
    }

    /// How many findings there are.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn finding_count(&self) -> Result<u64, StoreError> {
        let read = self.engine.read(&(), |c, ()| {
            Box::pin(async move {
                let count = c.one(COUNT, &[], |row| row.size(0)).await?;
                Ok(count.unwrap_or_default())
            })
        });
        read.await
    }

    /// Forgets what was last seen before `seen_before`: a whole pass since then has not found it again.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn forget_findings(&self, seen_before: OffsetDateTime) -> Result<(), StoreError> {
        let before = times::to_micros(seen_before);
        let write = self.engine.write(before, |c, before| {
            Box::pin(async move {
                c.execute(FORGET_OLD, values![*before]).await?;
                Ok(())
            })
        });
        write.await
    }
}

fn read_row(row: &Record<'_>) -> Result<FindingRow, StoreError> {
    let holder = match row.bytes_or_null(4)? {
        None => BytesHolder::Version(row.text(3)?.to_owned()),
        Some(id) => {
            let id = id.try_into();
            let id = id.map_err(|_| StoreError::Corrupt("an upload id is not one".to_owned()))?;
            BytesHolder::UploadPart(UploadId::from_bytes(id), row.int(5)?)
        }
    };
    Ok(FindingRow {
        place: row.text(0)?.to_owned(),
        bucket: row.text(1)?.to_owned(),
        key: row.text(2)?.to_owned(),
        holder,
        problem: row.text(6)?.to_owned(),
        found_at: row.time(7)?,
    })
}
