//! Bytes on their way to a client, compared with the checksum that was stored with them.
//!
//! PERF: only checksums that cost next to nothing beside the read itself (`cargo bench -p buckler-checksum`). Objects that
//! were stored with another one are left to the scrubber.

use buckler_checksum::{Algorithm, Checksum, Hasher};
use buckler_metadata::{ObjectRow, StoredChecksum};
use buckler_s3::S3Error;

use crate::error::internal;

/// When bytes are compared with their checksum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Compare {
    /// Where it costs next to nothing.
    WhereFree,
    /// Whatever it costs.
    Always,
}

impl Compare {
    /// The checksum that these bytes are compared with.
    pub(crate) fn with(self, checksum: Checksum) -> Option<Checksum> {
        let compares = self == Self::Always || is_free(checksum.algorithm());
        compares.then_some(checksum)
    }
}

/// The checksum that all bytes of an object must have, where it is of the bytes themselves.
pub(crate) fn whole_checksum(object: &ObjectRow) -> Option<Checksum> {
    match &object.checksum {
        Some(StoredChecksum::FullObject(checksum)) => Some(*checksum),
        Some(StoredChecksum::Composite(_)) | None => None,
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
