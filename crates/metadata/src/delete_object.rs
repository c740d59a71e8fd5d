//! Deleting objects, one or many in a transaction.

use buckler_s3::{ObjectKey, VersionSelector};
use time::OffsetDateTime;

use crate::{
    IfMatch, Store, StoreError, Unmet,
    connection::Connection,
    put_object::{self, Current},
};

/// One object to be deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeleteEntry {
    /// The key.
    pub key: ObjectKey,
    /// The current version, or one by its id.
    pub version: VersionSelector,
    /// What must be true of it.
    pub condition: DeleteCondition,
}

/// What must be true of an object for a deletion to happen. Source: facts: s3-behaviour.md 8.2.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum DeleteCondition {
    /// Nothing: what is absent counts as deleted.
    #[default]
    None,
    /// `If-Match`: it exists and is this one.
    IfMatch(IfMatch),
}

/// What became of deleting one object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DeleteObject {
    /// The version is gone.
    Deleted,
    /// There was none.
    Absent,
    /// Nothing changed.
    PreconditionFailed(Unmet),
}

impl Store {
    /// Deletes one object.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn delete_object(
        &self,
        bucket_id: i64,
        entry: DeleteEntry,
        now: OffsetDateTime,
    ) -> Result<DeleteObject, StoreError> {
        let write = self
            .engine
            .write((bucket_id, entry, now), |c, (bucket, entry, now)| {
                Box::pin(delete(c, *bucket, entry, *now))
            });
        write.await
    }

    /// Deletes many objects in one transaction; the outcomes are in the order of the entries.
    ///
    /// # Errors
    /// If the database fails; nothing is deleted then.
    pub async fn delete_objects(
        &self,
        bucket_id: i64,
        entries: Vec<DeleteEntry>,
        now: OffsetDateTime,
    ) -> Result<Vec<DeleteObject>, StoreError> {
        let write = self
            .engine
            .write((bucket_id, entries, now), |c, (bucket, entries, now)| {
                Box::pin(delete_all(c, *bucket, entries, *now))
            });
        write.await
    }
}

async fn delete_all(
    connection: &mut Connection,
    bucket: i64,
    entries: &[DeleteEntry],
    now: OffsetDateTime,
) -> Result<Vec<DeleteObject>, StoreError> {
    // Two batches that take their locks in the same order cannot wait for each other in a circle.
    let mut in_order: Vec<_> = entries.iter().enumerate().collect();
    in_order.sort_by_key(|(_, entry)| entry.key.as_str());
    let mut outcomes = vec![DeleteObject::Absent; entries.len()];
    for (index, entry) in in_order {
        let outcome = delete(connection, bucket, entry, now).await?;
        if let Some(slot) = outcomes.get_mut(index) {
            *slot = outcome;
        }
    }
    Ok(outcomes)
}

async fn delete(
    connection: &mut Connection,
    bucket: i64,
    entry: &DeleteEntry,
    now: OffsetDateTime,
) -> Result<DeleteObject, StoreError> {
    let key = entry.key.as_str().as_bytes();
    connection.lock_object(bucket, key).await?;
    let current = put_object::current(connection, bucket, key).await?;
    let selected = current.filter(|current| match &entry.version {
        VersionSelector::Latest => true,
        VersionSelector::Id(id) => id.is_null() && current.is_null,
    });
    if let Some(unmet) = entry.condition.unmet_by(selected.as_ref()) {
        return Ok(DeleteObject::PreconditionFailed(unmet));
    }
    let Some(selected) = selected else {
        return Ok(DeleteObject::Absent);
    };
    put_object::remove(connection, bucket, key, &selected, now).await?;
    Ok(DeleteObject::Deleted)
}

impl DeleteCondition {
    fn unmet_by(&self, selected: Option<&Current>) -> Option<Unmet> {
        let live = selected.filter(|selected| !selected.is_delete_marker);
        match (self, live) {
            (Self::None, _) => None,
            (Self::IfMatch(condition), live) => {
                condition.unmet_by(live.map(|live| live.etag.as_str()))
            }
        }
    }
}
