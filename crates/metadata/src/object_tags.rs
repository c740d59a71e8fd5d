//! Tags of a version.

use buckler_s3::{ObjectKey, TagSet, VersionId, VersionSelector};

use crate::{
    Store, StoreError,
    connection::Connection,
    documents,
    record::Record,
    sql::{statements, values},
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

struct Place {
    order: i64,
    version_id: VersionId,
    is_delete_marker: bool,
}

statements! {
    LATEST = "SELECT version_order, version_id, is_delete_marker FROM versions
        WHERE bucket_id = $1 AND key = $2 ORDER BY version_order DESC LIMIT 1";
    BY_ID = "SELECT version_order, version_id, is_delete_marker FROM versions
        WHERE bucket_id = $1 AND key = $2 AND version_id = $3";
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
    let place = match version {
        VersionSelector::Latest => connection.one(LATEST, values![bucket, key], read).await?,
        VersionSelector::Id(id) => {
            let values = values![bucket, key, id.as_str()];
            connection.one(BY_ID, values, read).await?
        }
    };
    let Some(place) = place else {
        return Ok(ReplaceTags::NoSuchVersion);
    };
    let version_id = place.version_id;
    if place.is_delete_marker {
        return Ok(ReplaceTags::DeleteMarker { version_id });
    }
    let tags = documents::write_tags(tags);
    let row = values![tags.as_deref(), bucket, key, place.order];
    connection.execute(UPDATE, row).await?;
    Ok(ReplaceTags::Replaced { version_id })
}

fn read(row: &Record<'_>) -> Result<Place, StoreError> {
    Ok(Place {
        order: row.int(0)?,
        version_id: row.parsed(1, |text| VersionId::parse(text).ok())?,
        is_delete_marker: row.flag(2)?,
    })
}
