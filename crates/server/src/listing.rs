//! What the listings of objects share: a page of the store as the protocol shows it.

use std::collections::HashMap;

use buckler_metadata::{ListPage, ListQuery, ListStart, ListedObject, ListedVersion, VersionKind};
use buckler_policy::{AccountId, CanonicalId};
use buckler_s3::ops::{self, list_object_versions::Entry};
use buckler_s3::{ContinuationToken, S3Error};

use crate::context::Context;
use crate::error::{internal, store_error};

/// One page.
///
/// # Errors
///
/// Those of the store.
pub(crate) async fn list(cx: &Context, query: ListQuery) -> Result<ListPage, S3Error> {
    cx.store.list_objects(&query).await.map_err(store_error)
}

/// Canonical user ids of the owners on a page.
type Owners = HashMap<AccountId, CanonicalId>;

/// The entries with their owners.
///
/// # Errors
///
/// `InternalError` if an owner is missing: a broken invariant.
pub(crate) fn entries(
    objects: Vec<ListedObject>,
    owners: &Owners,
) -> Result<Vec<ops::ListedObject>, S3Error> {
    let objects = objects.into_iter();
    objects.map(|object| entry(object, owners)).collect()
}

fn entry(object: ListedObject, owners: &Owners) -> Result<ops::ListedObject, S3Error> {
    Ok(ops::ListedObject {
        owner: owner(&object, owners)?,
        key: object.key,
        last_modified: object.created_at,
        etag: object.etag,
        checksum: object.checksum,
        size_bytes: object.size_bytes,
        storage_class: object.storage_class,
    })
}

fn owner(object: &ListedObject, owners: &Owners) -> Result<CanonicalId, S3Error> {
    let Some(account) = &object.owner else {
        return Ok(CanonicalId::ANONYMOUS);
    };
    let owner = owners.get(account).copied();
    owner.ok_or_else(|| internal("a listed object has no owner", account))
}

/// Versions and delete markers with their owners.
///
/// # Errors
///
/// As [`entries`].
pub(crate) fn versions(
    versions: Vec<ListedVersion>,
    owners: &Owners,
) -> Result<Vec<Entry>, S3Error> {
    let entry = |version: ListedVersion| {
        let ListedVersion {
            object,
            version_id,
            kind,
            is_latest,
        } = version;
        Ok(match kind {
            VersionKind::Object => Entry::Version {
                object: entry(object, owners)?,
                version_id,
                is_latest,
            },
            VersionKind::DeleteMarker => Entry::DeleteMarker {
                owner: owner(&object, owners)?,
                key: object.key,
                version_id,
                is_latest,
                last_modified: object.created_at,
            },
        })
    };
    versions.into_iter().map(entry).collect()
}

/// Where a token goes on.
pub(crate) fn resume(token: &ContinuationToken) -> ListStart {
    match token {
        ContinuationToken::AfterKey(key) => ListStart::After(key.clone()),
        ContinuationToken::AfterPrefix(prefix) => ListStart::AfterPrefix(prefix.clone()),
    }
}

/// The token of a page that is not the last.
pub(crate) fn token(next: ListStart) -> Option<ContinuationToken> {
    match next {
        ListStart::Beginning => None,
        ListStart::After(key) | ListStart::AfterGroupOf(key) => {
            Some(ContinuationToken::AfterKey(key))
        }
        ListStart::AfterPrefix(prefix) => Some(ContinuationToken::AfterPrefix(prefix)),
    }
}

/// `NextMarker`: the last key or common prefix of the page.
pub(crate) fn resume_after(next: &ListStart) -> String {
    match next {
        ListStart::Beginning => String::new(),
        ListStart::After(text) | ListStart::AfterGroupOf(text) | ListStart::AfterPrefix(text) => {
            text.clone()
        }
    }
}
