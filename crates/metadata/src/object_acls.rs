//! The ACL of a version.

use buckler_policy::Acl;
use buckler_s3::{ObjectKey, VersionSelector};

use crate::{
    Store, StoreError, VersionChange, acls::write_acl, sql::statements, version_change::change,
};

statements! {
    UPDATE = "UPDATE versions SET acl = $1 WHERE bucket_id = $2 AND key = $3 AND version_order = $4";
}

impl Store {
    /// Replaces the ACL of a version. Its owner stays.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn put_object_acl(
        &self,
        bucket_id: i64,
        key: ObjectKey,
        version: VersionSelector,
        acl: Acl,
    ) -> Result<VersionChange, StoreError> {
        let arguments = (bucket_id, key, version, acl);
        let write = self
            .engine
            .write(arguments, |c, (bucket, key, version, acl)| {
                Box::pin(async move {
                    let acl = write_acl(acl);
                    change(c, UPDATE, (*bucket, key), version, acl.as_deref()).await
                })
            });
        write.await
    }
}
