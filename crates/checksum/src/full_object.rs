//! The checksum of a whole from the checksums of its parts, for the linear algorithms.

use crc_fast::CrcAlgorithm;

use crate::{Algorithm, Checksum, hasher::low_bytes};

/// Why two checksums do not combine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CombineError {
    /// The two were made by different algorithms.
    #[error("checksums of different algorithms cannot be combined")]
    DifferentAlgorithms,
    /// Only the three CRCs are linear.
    #[error("{} checksums cannot be combined", .0.name())]
    NotLinear(Algorithm),
}

/// The checksum of `a` followed by `b`, from the checksum of each and the length of `b`.
///
/// Costs some microseconds, whatever the length. Source: the full-object checksum type of multipart
/// uploads; facts: s3-behaviour.md 10.3.
///
/// # Errors
/// The algorithms differ, or are not one of the CRCs.
pub fn combine(a: &Checksum, b: &Checksum, b_bytes: u64) -> Result<Checksum, CombineError> {
    let algorithm = a.algorithm();
    if algorithm != b.algorithm() {
        return Err(CombineError::DifferentAlgorithms);
    }
    let crc = match algorithm {
        Algorithm::Crc32 => CrcAlgorithm::Crc32IsoHdlc,
        Algorithm::Crc32c => CrcAlgorithm::Crc32Iscsi,
        Algorithm::Crc64Nvme => CrcAlgorithm::Crc64Nvme,
        _ => return Err(CombineError::NotLinear(algorithm)),
    };
    let number = crc_fast::checksum_combine(crc, number(a), number(b), b_bytes);
    Ok(Checksum::of(
        algorithm,
        low_bytes(algorithm, &number.to_be_bytes()),
    ))
}

/// The digest as a big-endian number; the CRCs have at most eight bytes.
fn number(checksum: &Checksum) -> u64 {
    checksum
        .digest()
        .iter()
        .fold(0, |number, byte| (number << 8) | u64::from(*byte))
}
