//! The versions of a key as writes see them: the bucket's versioning state, the current version, the null version, one
//! by its id; taking a version away, and making room for a new one.

use buckler_s3::{VersionId, VersionSelector, Versioning};
use time::OffsetDateTime;

use crate::{
    StoreError, bodies,
    buckets::read_versioning,
    connection::Connection,
    garbage,
    record::Record,
    sql::{statements, values},
    times, upload_parts,
};

/// 16 random bytes, drawn by the caller, that tell a version's id from all others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VersionNonce(pub [u8; 16]);

/// A key of a bucket.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'k> {
    pub(crate) bucket: i64,
    pub(crate) key: &'k [u8],
}

/// What a write to a key is judged on, as it is within the write's own transaction: the bucket may have changed since
/// the request was let in.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) versioning: Option<Versioning>,
    pub(crate) current: Option<Version>,
}

/// The part of a version that writes look at.
#[derive(Debug)]
pub(crate) struct Version {
    pub(crate) order: i64,
    pub(crate) id: VersionId,
    pub(crate) is_delete_marker: bool,
    pub(crate) etag: String,
    size_bytes: i64,
    body_id: Option<i64>,
    blob_id: Option<String>,
    upload: Option<i64>,
}

/// Where a new version goes.
#[derive(Debug)]
pub(crate) struct Slot {
    /// Greater than that of every other version of the key.
    pub(crate) order: i64,
    pub(crate) version_id: VersionId,
}

/// The columns that [`read_version`] reads, of a table or select of this name.
macro_rules! version_columns {
    ($v:literal) => {
        concat!(
            $v,
            ".version_order, ",
            $v,
            ".version_id, ",
            $v,
            ".is_delete_marker, ",
            $v,
            ".etag, ",
            $v,
            ".size_bytes, ",
            $v,
            ".body_id, ",
            $v,
            ".blob_id, ",
            $v,
            ".upload_number"
        )
    };
}

/// Selects the null version of key `$2` in bucket `$1` from `versions v`, to stand behind a condition on both.
///
/// Either it is in the history, or it is the current version; one statement looks at both, so that no write comes
/// between.
macro_rules! is_null_version {
    () => {
        "v.version_id = 'null' AND v.version_order = COALESCE(
            (SELECT h.version_order FROM versions h
                WHERE h.bucket_id = $1 AND h.key = $2 AND h.version_id = 'null' AND h.null_in_history = 1),
            (SELECT max(m.version_order) FROM versions m WHERE m.bucket_id = $1 AND m.key = $2))"
    };
}
pub(crate) use is_null_version;

statements! {
    STATE = concat!("SELECT b.versioning, ", version_columns!("v"), " FROM buckets b
        LEFT JOIN (SELECT * FROM versions WHERE bucket_id = $1 AND key = $2 ORDER BY version_order DESC LIMIT 1) v
        ON 1 = 1 WHERE b.id = $1");
    CURRENT = concat!("SELECT ", version_columns!("v"), " FROM versions v
        WHERE v.bucket_id = $1 AND v.key = $2 ORDER BY v.version_order DESC LIMIT 1");
    NULL = concat!("SELECT ", version_columns!("v"), " FROM versions v
        WHERE v.bucket_id = $1 AND v.key = $2 AND ", is_null_version!());
    // The last condition is that of the index.
    NUMBERED = concat!("SELECT ", version_columns!("v"), " FROM versions v
        WHERE v.bucket_id = $1 AND v.key = $2 AND v.version_id = $3 AND v.version_id <> 'null'");
    REMOVE = "DELETE FROM versions WHERE bucket_id = $1 AND key = $2 AND version_order = $3";
    INTO_HISTORY = "UPDATE versions SET null_in_history = 1
        WHERE bucket_id = $1 AND key = $2 AND version_order = $3 AND null_in_history = 0";
}

/// The state of a key, which stays as it is until the transaction ends; `None` if the bucket is gone.
pub(crate) async fn lock(
    connection: &mut Connection,
    place: Place<'_>,
) -> Result<Option<State>, StoreError> {
    let Place { bucket, key } = place;
    connection.lock_object(bucket, key).await?;
    let values = values![bucket, key];
    let read = connection.one(STATE, values, |row| {
        Ok(State {
            versioning: read_versioning(row, 0)?,
            current: match row.int_or_null(1)? {
                Some(_) => Some(read_version(row, 1)?),
                None => None,
            },
        })
    });
    read.await
}

/// One version of a key.
pub(crate) async fn find(
    connection: &mut Connection,
    place: Place<'_>,
    version: &VersionSelector,
) -> Result<Option<Version>, StoreError> {
    let Place { bucket, key } = place;
    let read = |row: &Record<'_>| read_version(row, 0);
    match version {
        VersionSelector::Latest => connection.one(CURRENT, values![bucket, key], read).await,
        VersionSelector::Id(id) if id.is_null() => {
            connection.one(NULL, values![bucket, key], read).await
        }
        VersionSelector::Id(id) => {
            let values = values![bucket, key, id.as_str()];
            connection.one(NUMBERED, values, read).await
        }
    }
}

/// Makes room for a version above all others: what versioning keeps is kept, the null version that it would replace is
/// removed. Source: facts: s3-behaviour.md 11.
pub(crate) async fn make_room(
    connection: &mut Connection,
    place: Place<'_>,
    state: &State,
    now: OffsetDateTime,
    nonce: VersionNonce,
) -> Result<Slot, StoreError> {
    let current = state.current.as_ref();
    let order = order_after(current, now);
    let current_null = current.filter(|version| version.id.is_null());
    match (state.versioning, current_null) {
        (Some(Versioning::Enabled), null) => {
            if let Some(null) = null {
                let values = values![place.bucket, place.key, null.order];
                connection.execute(INTO_HISTORY, values).await?;
            }
            let version_id = VersionId::numbered(order, nonce.0);
            return Ok(Slot { order, version_id });
        }
        (None | Some(Versioning::Suspended), Some(null)) => {
            remove(connection, place, null, now).await?;
        }
        // A bucket that never had versions has one for each key.
        (Some(Versioning::Suspended), None) if current.is_some() => {
            let null = VersionSelector::Id(VersionId::null());
            if let Some(null) = find(connection, place, &null).await? {
                remove(connection, place, &null, now).await?;
            }
        }
        (None | Some(Versioning::Suspended), None) => {}
    }
    let version_id = VersionId::null();
    Ok(Slot { order, version_id })
}

/// Removes a version. Its inline body goes with it, its blob or the blobs of its parts become garbage.
pub(crate) async fn remove(
    connection: &mut Connection,
    place: Place<'_>,
    version: &Version,
    now: OffsetDateTime,
) -> Result<(), StoreError> {
    let row = values![place.bucket, place.key, version.order];
    connection.execute(REMOVE, row).await?;
    if let Some(body_id) = version.body_id {
        bodies::remove(connection, body_id).await?;
    }
    if let Some(blob_id) = &version.blob_id {
        garbage::add(connection, blob_id, version.size_bytes, now).await?;
    }
    if let Some(upload) = version.upload {
        upload_parts::discard_upload(connection, upload, now).await?;
    }
    Ok(())
}

/// Later versions sort first; two writes within a microsecond, or a clock that was set back, must not change that.
fn order_after(current: Option<&Version>, now: OffsetDateTime) -> i64 {
    let now = times::to_micros(now);
    current.map_or(now, |current| now.max(current.order.saturating_add(1)))
}

fn read_version(row: &Record<'_>, first: usize) -> Result<Version, StoreError> {
    Ok(Version {
        order: row.int(first)?,
        id: row.parsed(first + 1, |text| VersionId::parse(text).ok())?,
        is_delete_marker: row.flag(first + 2)?,
        etag: row.text(first + 3)?.to_owned(),
        size_bytes: row.int(first + 4)?,
        body_id: row.int_or_null(first + 5)?,
        blob_id: row.text_or_null(first + 6)?.map(str::to_owned),
        upload: row.int_or_null(first + 7)?,
    })
}

/// The entity tag of the current object, if there is one that is no delete marker: what conditions of writes look at.
pub(crate) fn live_etag(version: Option<&Version>) -> Option<&str> {
    version
        .filter(|version| !version.is_delete_marker)
        .map(|version| version.etag.as_str())
}
