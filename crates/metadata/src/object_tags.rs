//! Tags of a version.

use buckler_s3::{ObjectKey, TagSet, VersionSelector};

use crate::{Store, StoreError, VersionChange, documents, sql::statements, version_change::change};

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
    ) -> Result<VersionChange, StoreError> {
        let arguments = (bucket_id, key, version, tags);
        let write = self
            .engine
            .write(arguments, |c, (bucket, key, version, tags)| {
                Box::pin(async move {
                    let tags = documents::write_tags(tags);
                    change(c, UPDATE, (*bucket, key), version, tags.as_deref()).await
                })
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
    ) -> Result<VersionChange, StoreError> {
        self.replace_tags(bucket_id, key, version, TagSet::default())
            .await
    }
}
