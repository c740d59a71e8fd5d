//! Numbers of parts.

use crate::S3Error;

/// The number of a part: 1 to 10,000. Source: facts: s3-behaviour.md 6.3 and 24.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PartNumber(u16);

/// Highest part number.
pub const PART_NUMBER_MAX: u16 = 10_000;

impl PartNumber {
    /// Takes a number that is a part's; `None` for any other.
    pub const fn new(number: u16) -> Option<Self> {
        match number {
            1..=PART_NUMBER_MAX => Some(Self(number)),
            _ => None,
        }
    }

    /// Reads the value of `partNumber`.
    ///
    /// # Errors
    /// `InvalidArgument` when it is no number from 1 to [`PART_NUMBER_MAX`].
    pub fn parse_or_refuse(text: &str) -> Result<Self, S3Error> {
        let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        match text.parse::<u16>() {
            Ok(number) if digits && (1..=PART_NUMBER_MAX).contains(&number) => Ok(Self(number)),
            _ => Err(S3Error::invalid_argument(
                "Part number must be an integer between 1 and 10000, inclusive",
                "partNumber",
                Some(text),
            )),
        }
    }

    /// The number, 1 to 10,000.
    pub const fn get(self) -> u16 {
        self.0
    }
}
