//! Byte ranges of reads. Source: facts: s3-behaviour.md 6.2.

use crate::{Detail, ErrorCode, S3Error};

/// The one range of a `Range` header. Several ranges and other forms are ignored, so there is no value for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ByteRange {
    /// `bytes=first-` or `bytes=first-last`, with `first <= last`.
    From {
        /// Offset of the first byte.
        first: u64,
        /// Offset of the last byte; open without.
        last: Option<u64>,
    },
    /// `bytes=-length`: the last bytes.
    Suffix {
        /// How many bytes.
        length: u64,
    },
}

/// What a range means for an object of a certain size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResolvedRange {
    /// No range: the whole object, 200.
    Whole,
    /// Part of the object, 206; both offsets are of bytes that exist.
    Part {
        /// Offset of the first byte.
        first: u64,
        /// Offset of the last byte.
        last: u64,
    },
    /// 416.
    Unsatisfiable,
}

impl ByteRange {
    /// Reads the value of a `Range` header; `None` for what is ignored.
    pub fn parse(text: &str) -> Option<Self> {
        let (first, last) = text.trim().strip_prefix("bytes=")?.split_once('-')?;
        match (first, last) {
            ("", length) => Some(Self::Suffix {
                length: number(length)?,
            }),
            (first, "") => Some(Self::From {
                first: number(first)?,
                last: None,
            }),
            (first, last) => {
                let (first, last) = (number(first)?, number(last)?);
                (first <= last).then_some(Self::From {
                    first,
                    last: Some(last),
                })
            }
        }
    }

    /// What the range means for an object of `size` bytes. The last bytes of an empty object are all of it, as RFC 9110,
    /// 14.1.2 has it, and versitygw's tests of AWS; no recording says more.
    pub fn resolve(self, size: u64) -> ResolvedRange {
        let Some(end) = size.checked_sub(1) else {
            return match self {
                Self::Suffix { length } if length > 0 => ResolvedRange::Whole,
                Self::Suffix { .. } | Self::From { .. } => ResolvedRange::Unsatisfiable,
            };
        };
        match self {
            Self::From { first, .. } if first > end => ResolvedRange::Unsatisfiable,
            Self::From { first, last } => ResolvedRange::Part {
                first,
                last: last.map_or(end, |last| last.min(end)),
            },
            Self::Suffix { length: 0 } => ResolvedRange::Unsatisfiable,
            Self::Suffix { length } => ResolvedRange::Part {
                first: size.saturating_sub(length),
                last: end,
            },
        }
    }
}

/// `InvalidRange` with the header as sent and the object's size.
pub fn invalid_range(requested: &str, actual_object_size: u64) -> S3Error {
    S3Error::new(ErrorCode::InvalidRange).with_detail(Detail::Range {
        requested: requested.to_owned(),
        actual_object_size,
    })
}

/// Digits only; a number beyond 64 bits lies beyond every object.
fn number(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| text.parse().unwrap_or(u64::MAX))
}
