//! Comparing bytes with what their row promises.

use buckler_blobs::{BlobError, BlobId, Blobs};
use buckler_checksum::{Checksum, Hasher};
use buckler_metadata::{NamedBy, PromisedBody, Store, StoreError, StoredBytes, StoredChecksum};
use futures_util::StreamExt as _;

use super::Damage;

/// The checksum over all bytes, if the row has one.
fn whole_checksum(promised: &StoredBytes) -> Result<Option<Checksum>, Damage> {
    match &promised.checksum {
        Ok(Some(StoredChecksum::FullObject(checksum))) => Ok(Some(*checksum)),
        Ok(_) => Ok(None),
        Err(error) => Err(Damage::Row(error.to_string())),
    }
}

/// Looks whether the bytes of a page of promises are there, in the right number, and can be verified at all.
///
/// # Errors
///
/// An outage; what one blob does wrong is damage.
pub(crate) async fn presence(
    blobs: &Blobs,
    promised: &StoredBytes,
) -> Result<Option<Damage>, BlobError> {
    if let Err(damage) = whole_checksum(promised) {
        return Ok(Some(damage));
    }
    let found = match &promised.body {
        PromisedBody::Nowhere => return Ok(Some(Damage::Row("it names no bytes".to_owned()))),
        PromisedBody::Inline { size_bytes, .. } => *size_bytes,
        PromisedBody::Blob(id) => {
            let Some(id) = BlobId::parse(id) else {
                return Ok(Some(Damage::Row(format!("`{id}` is no blob's name"))));
            };
            match blobs.sizes(vec![id]).await {
                Ok(sizes) => sizes.first().copied().flatten(),
                Err(error) if error.is_outage() => return Err(error),
                Err(error) => return Ok(Some(Damage::Unreadable(error.to_string()))),
            }
        }
    };
    Ok(match found {
        None => Some(Damage::Missing),
        Some(found_bytes) if found_bytes != promised.size_bytes => Some(Damage::Size {
            expected_bytes: promised.size_bytes,
            found_bytes,
        }),
        Some(_) if matches!(promised.checksum, Ok(None)) => Some(Damage::NoChecksum),
        Some(_) => None,
    })
}

/// Reads all bytes of a promise and compares them. `read` is called after each piece with its length, and awaited: there
/// the caller sets the pace.
///
/// # Errors
///
/// An outage; what one blob does wrong is damage.
pub(crate) async fn verify(
    blobs: &Blobs,
    promised: &StoredBytes,
    read: impl AsyncFnMut(u64),
) -> Result<Option<Damage>, BlobError> {
    if let Some(damage) = presence(blobs, promised).await? {
        return Ok(Some(damage));
    }
    let checksum = match whole_checksum(promised) {
        Ok(Some(checksum)) => checksum,
        Ok(None) => return Ok(Some(Damage::NoChecksum)),
        Err(damage) => return Ok(Some(damage)),
    };
    match &promised.body {
        PromisedBody::Nowhere => Ok(Some(Damage::Missing)),
        PromisedBody::Inline { bytes, .. } => Ok(inline(bytes.as_deref(), checksum, read).await),
        PromisedBody::Blob(id) => blob(blobs, id, promised.size_bytes, checksum, read).await,
    }
}

async fn inline(
    bytes: Option<&[u8]>,
    checksum: Checksum,
    mut read: impl AsyncFnMut(u64),
) -> Option<Damage> {
    let Some(bytes) = bytes else {
        return Some(Damage::Missing);
    };
    read(bytes.len() as u64).await;
    (Hasher::digest(checksum.algorithm(), bytes) != checksum).then_some(Damage::Checksum)
}

async fn blob(
    blobs: &Blobs,
    id: &str,
    size_bytes: u64,
    checksum: Checksum,
    mut read: impl AsyncFnMut(u64),
) -> Result<Option<Damage>, BlobError> {
    let Some(id) = BlobId::parse(id) else {
        return Ok(Some(Damage::Missing));
    };
    let mut reader = match blobs.read_verified(id, size_bytes, checksum).await {
        Ok(reader) => reader,
        Err(error) => return damage(error),
    };
    while let Some(piece) = reader.next().await {
        match piece {
            Ok(piece) => read(piece.len() as u64).await,
            Err(error) => return damage(error),
        }
    }
    Ok(None)
}

fn damage(error: BlobError) -> Result<Option<Damage>, BlobError> {
    Ok(Some(match error {
        error if error.is_outage() => return Err(error),
        BlobError::NotFound(_) => Damage::Missing,
        BlobError::WrongChecksum(_) => Damage::Checksum,
        error => Damage::Unreadable(error.to_string()),
    }))
}

/// Whether a row still names these bytes: meanwhile the object may have been replaced, and its bytes be gone by right.
///
/// # Errors
///
/// Those of the store.
pub(crate) async fn still_promised(
    store: &Store,
    promised: &StoredBytes,
) -> Result<bool, StoreError> {
    match &promised.body {
        PromisedBody::Blob(id) => Ok(store.blob_named_by(id).await? == Some(NamedBy::Object)),
        // Read in one statement with their row.
        PromisedBody::Inline { .. } | PromisedBody::Nowhere => Ok(true),
    }
}
