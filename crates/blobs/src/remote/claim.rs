//! Whose blobs a prefix holds.

use object_store::Error;

use super::{failure::found, place::Place, place::payload};
use crate::BlobError;

/// Notes whose blobs these are, or checks that they are this store's. Of two stores that do this at once, one is
/// refused.
pub(super) async fn claim(place: &Place, store_id: &str) -> Result<(), BlobError> {
    let noted = found(place.small(&place.note()).await)?;
    if noted.is_none() {
        match place.create(&place.note(), payload(store_id)).await {
            Ok(_) => return Ok(()),
            // Somebody was faster: another store, another gateway of this one, or a try of this very request.
            Err(Error::AlreadyExists { .. } | Error::Precondition { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    check(place, store_id).await
}

/// Checks that the blobs are this store's.
pub(super) async fn check(place: &Place, store_id: &str) -> Result<(), BlobError> {
    match found(place.small(&place.note()).await)? {
        Some(noted) if noted == store_id.as_bytes() => Ok(()),
        _ => Err(BlobError::OtherStore),
    }
}
