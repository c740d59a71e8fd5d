//! Bytes on their way to a client, compared with the checksum that was stored with them.
//!
//! PERF: only checksums that cost next to nothing beside the read itself (`cargo bench -p buckler-checksum`). Objects that
//! were stored with another one are left to the scrubber.

use buckler_checksum::{Algorithm, Checksum, Hasher};
use buckler_metadata::{ObjectRow, StoredChecksum};
use buckler_s3::S3Error;

use crate::error::internal;

/// The checksum that all bytes of an object must have, if comparing is free.
pub(crate) fn free_checksum(object: &ObjectRow) -> Option<Checksum> {
    match &object.checksum {
        Some(StoredChecksum::FullObject(checksum)) => {
            Some(*checksum).filter(|checksum| is_free(checksum.algorithm()))
        }
        Some(StoredChecksum::Composite { .. }) | None => None,
    }
}

/// The checksum that all bytes of an object must have, whatever it costs.
pub(crate) fn whole_checksum(object: &ObjectRow) -> Option<Checksum> {
    match &object.checksum {
        Some(StoredChecksum::FullObject(checksum)) => Some(*checksum),
        Some(StoredChecksum::Composite { .. }) | None => None,
    }
}

/// Compares bytes that are all at hand.
///
/// # Errors
///
/// `InternalError`: they are not what was stored.
pub(crate) fn verify(bytes: &[u8], checksum: Checksum) -> Result<(), S3Error> {
    if Hasher::digest(checksum.algorithm(), bytes) == checksum {
        return Ok(());
    }
    Err(internal(
        "a stored body does not have its checksum",
        &checksum.to_base64(),
    ))
}

const fn is_free(algorithm: Algorithm) -> bool {
    matches!(
        algorithm,
        Algorithm::Crc32 | Algorithm::Crc32c | Algorithm::Crc64Nvme
    )
}
