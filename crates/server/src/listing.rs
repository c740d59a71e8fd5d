//! What the listings of objects share: a page of the store as the protocol shows it.

use std::collections::HashMap;

use buckler_metadata::{ListPage, ListQuery, ListStart, ListedObject};
use buckler_policy::{AccountId, CanonicalId};
use buckler_s3::{ContinuationToken, S3Error, ops};

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

/// The entries with their owners.
///
/// # Errors
///
/// `InternalError` if an owner is missing: a broken invariant.
pub(crate) fn entries(
    objects: Vec<ListedObject>,
    owners: &HashMap<AccountId, CanonicalId>,
) -> Result<Vec<ops::ListedObject>, S3Error> {
    let entry = |object: ListedObject| {
        let owner = owners
            .get(&object.owner)
            .ok_or_else(|| internal("a listed object has no owner", &object.owner))?;
        Ok(ops::ListedObject {
            key: object.key,
            last_modified: object.created_at,
            etag: object.etag,
            checksum: object.checksum,
            size_bytes: object.size_bytes,
            owner: *owner,
            storage_class: object.storage_class,
        })
    };
    objects.into_iter().map(entry).collect()
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
