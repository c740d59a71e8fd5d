//! Deleting objects, one or many in a transaction.

use buckler_policy::AccountId;
use buckler_s3::{ObjectKey, VersionId, VersionSelector};
use time::OffsetDateTime;

use crate::{
    IfMatch, Store, StoreError, Unmet, VersionNonce,
    connection::Connection,
    owners::write_owner,
    sql::{statements, values},
    times,
    versions::{self, Place, Slot, State, Version, live_etag},
};

/// What deletions of one request have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deletion {
    /// The bucket's number; the bucket may be gone by now.
    pub bucket_id: i64,
    /// The account that owns delete markers; `None` if the deletion is not signed.
    pub marker_owner: Option<AccountId>,
    /// Now.
    pub now: OffsetDateTime,
}

/// One object to be deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeleteEntry {
    /// The key.
    pub key: ObjectKey,
    /// The current version, or one by its id.
    pub version: VersionSelector,
    /// What must be true of it.
    pub condition: DeleteCondition,
    /// Tells the id of a delete marker from all others.
    pub nonce: VersionNonce,
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
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeleteObject {
    /// It is gone, from a bucket that never had versions.
    Deleted,
    /// There was none: nothing changed.
    Absent,
    /// A delete marker is the current version now.
    MarkerMade {
        /// The marker's id; `null` while versioning is suspended.
        version_id: VersionId,
    },
    /// The version of that id is gone.
    VersionDeleted,
    /// The version of that id is gone; it was a delete marker.
    MarkerDeleted,
    /// Nothing changed.
    PreconditionFailed(Unmet),
    /// The bucket is gone.
    NoSuchBucket,
}

statements! {
    // The entity tag of a marker stands for none.
    MARKER = "INSERT INTO versions (bucket_id, key, version_order, version_id, is_delete_marker, owner_id, created_at,
            size_bytes, etag, storage_class)
        VALUES ($1, $2, $3, $4, 1, $5, $6, 0, 'none', 'STANDARD')";
}

impl Store {
    /// Deletes one object. Without a version id, and where there are versions, it becomes a delete marker.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn delete_object(
        &self,
        deletion: Deletion,
        entry: DeleteEntry,
    ) -> Result<DeleteObject, StoreError> {
        let outcomes = self.delete_objects(deletion, vec![entry]).await?;
        Ok(outcomes.into_iter().next().unwrap_or(DeleteObject::Absent))
    }

    /// Deletes many objects in one transaction; the outcomes are in the order of the entries.
    ///
    /// # Errors
    /// If the database fails; nothing is deleted then.
    pub async fn delete_objects(
        &self,
        deletion: Deletion,
        entries: Vec<DeleteEntry>,
    ) -> Result<Vec<DeleteObject>, StoreError> {
        let count = entries.len();
        let write = self
            .engine
            .write((deletion, entries), |c, (deletion, entries)| {
                Box::pin(delete_all(c, deletion, entries))
            });
        match write.await {
            // Postgres: the bucket went away after its state was read.
            Err(StoreError::MissingParent) => Ok(vec![DeleteObject::NoSuchBucket; count]),
            other => other,
        }
    }
}

async fn delete_all(
    connection: &mut Connection,
    deletion: &Deletion,
    entries: &[DeleteEntry],
) -> Result<Vec<DeleteObject>, StoreError> {
    // Two batches that take their locks in the same order cannot wait for each other in a circle.
    let mut in_order: Vec<_> = entries.iter().enumerate().collect();
    in_order.sort_by_key(|(_, entry)| entry.key.as_str());
    let mut outcomes = vec![DeleteObject::Absent; entries.len()];
    for (index, entry) in in_order {
        let outcome = delete(connection, deletion, entry).await?;
        if let Some(slot) = outcomes.get_mut(index) {
            *slot = outcome;
        }
    }
    Ok(outcomes)
}

async fn delete(
    connection: &mut Connection,
    deletion: &Deletion,
    entry: &DeleteEntry,
) -> Result<DeleteObject, StoreError> {
    let place = Place {
        bucket: deletion.bucket_id,
        key: entry.key.as_str().as_bytes(),
    };
    let Some(state) = versions::lock(connection, place).await? else {
        return Ok(DeleteObject::NoSuchBucket);
    };
    if let VersionSelector::Id(_) = &entry.version {
        let selected = versions::find(connection, place, &entry.version).await?;
        return delete_version(connection, deletion, entry, selected).await;
    }
    if let Some(unmet) = entry.condition.unmet_by(state.current.as_ref()) {
        return Ok(DeleteObject::PreconditionFailed(unmet));
    }
    match (state.versioning, &state.current) {
        (Some(_), _) => make_marker(connection, deletion, entry, &state).await,
        (None, Some(current)) => {
            versions::remove(connection, place, current, deletion.now).await?;
            Ok(DeleteObject::Deleted)
        }
        (None, None) => Ok(DeleteObject::Absent),
    }
}

/// Removes one version for good, whatever the versioning state.
async fn delete_version(
    connection: &mut Connection,
    deletion: &Deletion,
    entry: &DeleteEntry,
    selected: Option<Version>,
) -> Result<DeleteObject, StoreError> {
    if let Some(unmet) = entry.condition.unmet_by(selected.as_ref()) {
        return Ok(DeleteObject::PreconditionFailed(unmet));
    }
    let Some(selected) = selected else {
        return Ok(DeleteObject::Absent);
    };
    let place = Place {
        bucket: deletion.bucket_id,
        key: entry.key.as_str().as_bytes(),
    };
    versions::remove(connection, place, &selected, deletion.now).await?;
    Ok(if selected.is_delete_marker {
        DeleteObject::MarkerDeleted
    } else {
        DeleteObject::VersionDeleted
    })
}

async fn make_marker(
    connection: &mut Connection,
    deletion: &Deletion,
    entry: &DeleteEntry,
    state: &State,
) -> Result<DeleteObject, StoreError> {
    let place = Place {
        bucket: deletion.bucket_id,
        key: entry.key.as_str().as_bytes(),
    };
    let (now, nonce) = (deletion.now, entry.nonce);
    let slot = versions::make_room(connection, place, state, now, nonce).await?;
    let Slot { order, version_id } = slot;
    let row = values![
        place.bucket,
        place.key,
        order,
        version_id.as_str(),
        write_owner(deletion.marker_owner.as_ref()),
        times::to_micros(now),
    ];
    connection.execute(MARKER, row).await?;
    Ok(DeleteObject::MarkerMade { version_id })
}

impl DeleteCondition {
    fn unmet_by(&self, selected: Option<&Version>) -> Option<Unmet> {
        match self {
            Self::None => None,
            Self::IfMatch(condition) => condition.unmet_by(live_etag(selected)),
        }
    }
}
