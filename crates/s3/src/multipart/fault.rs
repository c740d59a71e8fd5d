//! What can be wrong with the completion of an upload.

use buckler_checksum::{Algorithm, ChecksumType};

use super::PART_BYTES_MIN;
use crate::{Detail, ErrorCode, S3Error, UploadId};

/// Why the parts of an upload do not become an object. Source: facts: s3-behaviour.md 10.2 and 10.3.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CompletionFault {
    /// A part that was named is not there, or is not the one that was named.
    InvalidPart {
        /// Its number, as claimed.
        number: u32,
        /// Its entity tag, as claimed, without quotes.
        etag: String,
    },
    /// A part that is not the last is smaller than [`PART_BYTES_MIN`].
    TooSmall {
        /// Its number.
        number: u32,
        /// Its entity tag, without quotes.
        etag: String,
        /// Its size, in bytes.
        size_bytes: u64,
    },
    /// The upload's checksums are composite, and a part was named without one.
    MissingPartChecksum {
        /// The part's number.
        number: u32,
        /// The upload's algorithm.
        algorithm: Algorithm,
    },
    /// A part was named with a checksum of another algorithm than the upload's.
    OtherPartAlgorithm {
        /// The part's number.
        number: u32,
        /// The algorithm named.
        actual: Algorithm,
    },
    /// `x-amz-checksum-type` is not the upload's.
    OtherChecksumType {
        /// The upload's; `None` if it was created without an algorithm.
        expected: Option<ChecksumType>,
    },
    /// The object's checksum is another than this algorithm's, which is the upload's.
    BadDigest(Algorithm),
    /// The object's size is another, in bytes.
    OtherSize {
        /// `x-amz-mp-object-size`.
        claimed: u64,
        /// What the parts have.
        actual: u64,
    },
}

impl CompletionFault {
    /// AWS's answer, about the upload of this id.
    pub fn into_error(self, id: &UploadId) -> S3Error {
        match self {
            Self::InvalidPart { number, etag } => S3Error::new(ErrorCode::InvalidPart)
                .with_detail(Detail::Part(Box::new((id.to_string(), number, etag)))),
            Self::TooSmall {
                number,
                etag,
                size_bytes,
            } => S3Error::new(ErrorCode::EntityTooSmall).with_detail(Detail::TooSmall {
                proposed_size: size_bytes,
                min_size_allowed: PART_BYTES_MIN,
                part: Some(Box::new((number, etag))),
            }),
            Self::MissingPartChecksum { number, algorithm } => S3Error::invalid_request(format!(
                "The upload was created using a {} checksum. The complete request must include the checksum for each \
                 part. It was missing for part {number} in the request.",
                lower_case(algorithm)
            )),
            Self::OtherPartAlgorithm { number, actual } => bad_digest(format!(
                "The {} you specified for part {number} did not match what we received.",
                lower_case(actual)
            )),
            Self::OtherChecksumType { expected } => S3Error::invalid_request(format!(
                "The upload was created using the {} checksum mode. The complete request must use the same checksum \
                 mode.",
                expected.map_or("null", ChecksumType::name)
            )),
            Self::BadDigest(algorithm) => bad_digest(format!(
                "The {} you specified did not match the calculated checksum.",
                lower_case(algorithm)
            )),
            Self::OtherSize { claimed, actual } => S3Error::invalid_request(format!(
                "The provided 'x-amz-mp-object-size' header value {claimed} does not match what was computed: {actual}"
            )),
        }
    }
}

/// AWS: completions name algorithms in lower case, other operations in upper case. Recorded by LocalStack's tests, 2025.
fn lower_case(algorithm: Algorithm) -> String {
    algorithm.name().to_ascii_lowercase()
}

fn bad_digest(message: String) -> S3Error {
    S3Error::new(ErrorCode::BadDigest).with_message(message)
}
