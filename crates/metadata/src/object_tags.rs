//! Tags of a version.

use buckler_s3::{ObjectKey, TagSet, VersionId, VersionSelector};

use crate::{
    Store, StoreError,
    connection::Connection,
    documents,
    sql::{statements, values},
    versions::{self, Place},
};

/// What became of replacing a version's tags.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReplaceTags {
    /// The version has them.
    Replaced {
        /// The version's id.
        version_id: VersionId,
    },
    /// There is no such key or version.
    NoSuchVersion,
    /// The version is a delete marker, which has no tags.
    DeleteMarker {
        /// The marker's id.
        version_id: VersionId,
    },
}

statements! {
    UPDATE = "UPDATE versions SET tags = $1 WHERE bucket_id = $2 AND key = $3 AND version_order = $4";
}

impl Store {
    /// Replaces all tags of a version; an empty set deletes them.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn replace_tags(
        &self,
        bucket_id: i64,
        key: ObjectKey,
        version: VersionSelector,
        tags: TagSet,
    ) -> Result<ReplaceTags, StoreError> {
        let arguments = (bucket_id, key, version, tags);
        let write = self
            .engine
            .write(arguments, |c, (bucket, key, version, tags)| {
                Box::pin(replace(c, *bucket, key, version, tags))
            });
        write.await
    }

    /// Deletes all tags of a version.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn delete_tags(
        &self,
        bucket_id: i64,
        key: ObjectKey,
        version: VersionSelector,
    ) -> Result<ReplaceTags, StoreError> {
        self.replace_tags(bucket_id, key, version, TagSet::default())
            .await
    }
}

async fn replace(
    connection: &mut Connection,
    bucket: i64,
    key: &ObjectKey,
    version: &VersionSelector,
    tags: &TagSet,
) -> Result<ReplaceTags, StoreError> {
    let key = key.as_str().as_bytes();
    connection.lock_object(bucket, key).await?;
    let Some(found) = versions::find(connection, Place { bucket, key }, version).await? else {
        return Ok(ReplaceTags::NoSuchVersion);
    };
    let version_id = found.id;
    if found.is_delete_marker {
        return Ok(ReplaceTags::DeleteMarker { version_id });
    }
    let tags = documents::write_tags(tags);
    let row = values![tags.as_deref(), bucket, key, found.order];
    connection.execute(UPDATE, row).await?;
    Ok(ReplaceTags::Replaced { version_id })
}
