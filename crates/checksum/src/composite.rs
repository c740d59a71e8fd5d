//! The checksum of the parts' checksums.

use core::fmt;

use crate::{Algorithm, Checksum, Hasher, ParseChecksumError};

/// Most parts of a multipart upload. Source: Amazon S3 User Guide, "Amazon S3 multipart upload limits".
const PART_COUNT_MAX: u32 = 10_000;

/// The composite checksum of a multipart object: shown as `base64-N`, `N` being the number of parts.
///
/// `GetObjectAttributes` shows it without `-N`: use [`checksum`](Self::checksum) there.
/// Source: facts: s3-behaviour.md 10.3.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CompositeChecksum {
    checksum: Checksum,
    part_count: u32,
}

/// Why part checksums make no composite.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CompositeError {
    /// A part's checksum was made by another algorithm.
    #[error("a part has a {} checksum where {} was expected", .found.name(), .expected.name())]
    OtherAlgorithm {
        /// The upload's algorithm.
        expected: Algorithm,
        /// The part's.
        found: Algorithm,
    },
    /// No part at all, or more than 10,000.
    #[error("an upload has between 1 and {PART_COUNT_MAX} parts")]
    PartCount,
}

/// Collects part checksums in the order of the parts.
#[derive(Debug, Clone)]
pub struct CompositeHasher {
    hasher: Hasher,
    part_count: u32,
}

impl CompositeHasher {
    /// A composite of no parts yet.
    pub fn new(algorithm: Algorithm) -> Self {
        Self {
            hasher: Hasher::new(algorithm),
            part_count: 0,
        }
    }

    /// Takes the checksum of the next part.
    ///
    /// # Errors
    /// The part's algorithm is another, or there are 10,000 parts already.
    pub fn push(&mut self, part: &Checksum) -> Result<(), CompositeError> {
        let expected = self.hasher.algorithm();
        if part.algorithm() != expected {
            return Err(CompositeError::OtherAlgorithm {
                expected,
                found: part.algorithm(),
            });
        }
        if self.part_count >= PART_COUNT_MAX {
            return Err(CompositeError::PartCount);
        }
        self.hasher.update(part.digest());
        self.part_count += 1;
        Ok(())
    }

    /// The composite of all parts taken.
    ///
    /// # Errors
    /// There was none.
    pub fn finish(self) -> Result<CompositeChecksum, CompositeError> {
        if self.part_count == 0 {
            return Err(CompositeError::PartCount);
        }
        Ok(CompositeChecksum {
            checksum: self.hasher.finish(),
            part_count: self.part_count,
        })
    }
}

impl CompositeChecksum {
    /// The composite of parts given in their order.
    ///
    /// # Errors
    /// A part's algorithm is another, or there are not between 1 and 10,000 parts.
    pub fn of<'a>(
        algorithm: Algorithm,
        parts: impl IntoIterator<Item = &'a Checksum>,
    ) -> Result<Self, CompositeError> {
        let mut hasher = CompositeHasher::new(algorithm);
        for part in parts {
            hasher.push(part)?;
        }
        hasher.finish()
    }

    /// The composite that was made before, of `part_count` parts.
    ///
    /// # Errors
    /// There are not between 1 and 10,000 parts.
    pub const fn from_stored(checksum: Checksum, part_count: u32) -> Result<Self, CompositeError> {
        match part_count {
            1..=PART_COUNT_MAX => Ok(Self {
                checksum,
                part_count,
            }),
            _ => Err(CompositeError::PartCount),
        }
    }

    /// Reads `base64-N`; the count is optional in a request, and `None` in the answer then.
    ///
    /// # Errors
    /// The part before the dash is no checksum of the algorithm, or the count no number from 1 to 10,000.
    pub fn parse(
        algorithm: Algorithm,
        text: &str,
    ) -> Result<(Checksum, Option<u32>), ParseChecksumError> {
        let Some((value, count)) = text.split_once('-') else {
            return Ok((Checksum::from_base64(algorithm, text)?, None));
        };
        let digits = count.bytes().all(|byte| byte.is_ascii_digit());
        match count.parse::<u32>() {
            Ok(part_count) if digits && (1..=PART_COUNT_MAX).contains(&part_count) => {
                Ok((Checksum::from_base64(algorithm, value)?, Some(part_count)))
            }
            _ => Err(ParseChecksumError::NotBase64),
        }
    }

    /// The digest over the parts' digests.
    pub const fn checksum(&self) -> &Checksum {
        &self.checksum
    }

    /// How many parts there were, 1 to 10,000.
    pub const fn part_count(&self) -> u32 {
        self.part_count
    }
}

impl fmt::Display for CompositeChecksum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.checksum.to_base64(), self.part_count)
    }
}
