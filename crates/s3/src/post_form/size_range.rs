//! How large the file of a form may be.

use crate::payload::{UPLOAD_BYTES_MAX, too_large};
use crate::{Detail, ErrorCode, S3Error};

/// The sizes that a form's file may have, in bytes, both ends included. Never beyond [`UPLOAD_BYTES_MAX`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SizeRange {
    bytes_min: u64,
    bytes_max: u64,
}

impl SizeRange {
    /// Whatever one upload may have.
    pub const ANY: Self = Self {
        bytes_min: 0,
        bytes_max: UPLOAD_BYTES_MAX,
    };

    /// What `content-length-range` says; `None` if the least is more than the most.
    pub(super) fn new(bytes_min: u64, bytes_max: u64) -> Option<Self> {
        (bytes_min <= bytes_max).then_some(Self {
            bytes_min,
            bytes_max,
        })
    }

    /// What both allow.
    #[must_use]
    pub(super) fn and(self, other: Self) -> Self {
        Self {
            bytes_min: self.bytes_min.max(other.bytes_min),
            bytes_max: self.bytes_max.min(other.bytes_max),
        }
    }

    /// Whether a file that has this many bytes so far is too large already.
    pub const fn is_exceeded_by(self, bytes: u64) -> bool {
        bytes > self.bytes_max
    }

    /// Judges a whole file.
    ///
    /// # Errors
    /// `EntityTooLarge`, `EntityTooSmall`, with what came and what is allowed.
    pub fn judge(self, bytes: u64) -> Result<(), S3Error> {
        if self.bytes_max == UPLOAD_BYTES_MAX && self.is_exceeded_by(bytes) {
            return Err(too_large(bytes));
        }
        if self.is_exceeded_by(bytes) {
            return Err(S3Error::new(ErrorCode::EntityTooLarge).with_detail(
                Detail::ProposedSize {
                    proposed_size: bytes,
                    max_size_allowed: self.bytes_max,
                },
            ));
        }
        if bytes < self.bytes_min {
            return Err(
                S3Error::new(ErrorCode::EntityTooSmall).with_detail(Detail::TooSmall {
                    proposed_size: bytes,
                    min_size_allowed: self.bytes_min,
                    part: None,
                }),
            );
        }
        Ok(())
    }
}
