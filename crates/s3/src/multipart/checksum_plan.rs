//! Which checksum an upload was created with. Source: facts: s3-behaviour.md 10.3.

use buckler_checksum::{Algorithm, ChecksumType};

use crate::integrity::{Integrity, unsupported_algorithm};
use crate::{Request, S3Error};

/// The checksum that an upload was created with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ChecksumPlan {
    /// None was asked for: the object gets CRC64NVME over all of its bytes, its parts show none.
    #[default]
    Default,
    /// This one was asked for, and the algorithm supports the type.
    Asked(Algorithm, ChecksumType),
}

impl ChecksumPlan {
    /// Reads `x-amz-checksum-algorithm` and `x-amz-checksum-type` of `CreateMultipartUpload`.
    ///
    /// # Errors
    /// `InvalidRequest` for unknown names, a type without an algorithm, and a pair that does not exist.
    pub fn from_request(request: &Request<'_>) -> Result<Self, S3Error> {
        let checksum_type = type_header(request)?;
        let Some(text) = request.header("x-amz-checksum-algorithm") else {
            return match checksum_type {
                None => Ok(Self::Default),
                Some(_) => Err(S3Error::invalid_request(
                    "The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.",
                )),
            };
        };
        let algorithm = Algorithm::from_name(&text).ok_or_else(unsupported_algorithm)?;
        let checksum_type = checksum_type.unwrap_or(algorithm.default_type());
        if algorithm.supports(checksum_type) {
            Ok(Self::Asked(algorithm, checksum_type))
        } else {
            Err(S3Error::invalid_request(format!(
                "The {} checksum type cannot be used with the {} checksum algorithm.",
                checksum_type.name(),
                algorithm.name().to_ascii_lowercase()
            )))
        }
    }

    /// The plan of stored names.
    pub fn from_stored(asked: Option<(Algorithm, ChecksumType)>) -> Self {
        asked.map_or(Self::Default, |(algorithm, checksum_type)| {
            Self::Asked(algorithm, checksum_type)
        })
    }

    /// What was asked for.
    pub const fn asked(self) -> Option<(Algorithm, ChecksumType)> {
        match self {
            Self::Default => None,
            Self::Asked(algorithm, checksum_type) => Some((algorithm, checksum_type)),
        }
    }

    /// What the checksum of each part is made with.
    pub const fn algorithm(self) -> Algorithm {
        match self {
            Self::Default => Algorithm::Crc64Nvme,
            Self::Asked(algorithm, _) => algorithm,
        }
    }

    /// How the object's checksum follows from those of its parts.
    pub const fn checksum_type(self) -> ChecksumType {
        match self {
            Self::Default => ChecksumType::FullObject,
            Self::Asked(_, checksum_type) => checksum_type,
        }
    }

    /// Judges the checksum that comes with a part. Where only the whole object's checksum counts, a part needs none;
    /// where none was asked for, a part may have any.
    ///
    /// # Errors
    /// `InvalidRequest` for another algorithm than the upload's, and for none where the type is composite.
    ///
    /// AWS: recorded for a SHA256 upload and a part without a checksum. Parts with a checksum of an upload without one
    /// were refused until default checksums came at the end of 2024, and are accepted since.
    pub fn check_part(self, integrity: &Integrity) -> Result<(), S3Error> {
        let Self::Asked(expected, checksum_type) = self else {
            return Ok(());
        };
        match integrity.algorithm() {
            Some(actual) if actual == expected => Ok(()),
            None if checksum_type == ChecksumType::FullObject => Ok(()),
            actual => Err(algorithm_mismatch(Some(expected), actual)),
        }
    }
}

/// Reads `x-amz-checksum-type`, in any letter case, as algorithms are.
///
/// # Errors
/// `InvalidRequest` for an unknown one.
pub(crate) fn type_header(request: &Request<'_>) -> Result<Option<ChecksumType>, S3Error> {
    const HEADER: &str = "x-amz-checksum-type";
    match request.header(HEADER) {
        None => Ok(None),
        Some(text) => ChecksumType::from_name(&text.to_ascii_uppercase())
            .map(Some)
            .ok_or_else(|| {
                S3Error::invalid_request(format!("Value for {HEADER} header is invalid."))
            }),
    }
}

fn algorithm_mismatch(expected: Option<Algorithm>, actual: Option<Algorithm>) -> S3Error {
    let name = |algorithm: Option<Algorithm>| {
        algorithm.map_or("null".to_owned(), |it| it.name().to_ascii_lowercase())
    };
    S3Error::invalid_request(format!(
        "Checksum Type mismatch occurred, expected checksum Type: {}, actual checksum Type: {}",
        name(expected),
        name(actual)
    ))
}
