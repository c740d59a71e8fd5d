//! Changing what a stored version says of itself: its tags, its ACL.

use buckler_s3::{ObjectKey, VersionId, VersionSelector};

use crate::{
    StoreError,
    connection::Connection,
    sql::{Sql, values},
    versions::{self, Place},
};

/// What became of changing a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VersionChange {
    /// It is as asked for.
    Changed {
        /// The version's id.
        version_id: VersionId,
    },
    /// There is no such key or version.
    NoSuchVersion,
    /// The version is a delete marker, which has neither tags nor ACL.
    DeleteMarker {
        /// The marker's id.
        version_id: VersionId,
    },
}

/// Runs `sql`, which sets a column to `$1` where bucket, key and `version_order` are `$2`, `$3`, `$4`.
pub(crate) async fn change(
    connection: &mut Connection,
    sql: Sql,
    (bucket, key): (i64, &ObjectKey),
    version: &VersionSelector,
    text: Option<&str>,
) -> Result<VersionChange, StoreError> {
    let key = key.as_str().as_bytes();
    connection.lock_object(bucket, key).await?;
    let Some(found) = versions::find(connection, Place { bucket, key }, version).await? else {
        return Ok(VersionChange::NoSuchVersion);
    };
    let version_id = found.id;
    if found.is_delete_marker {
        return Ok(VersionChange::DeleteMarker { version_id });
    }
    let row = values![text, bucket, key, found.order];
    connection.execute(sql, row).await?;
    Ok(VersionChange::Changed { version_id })
}
