//! How many entries a listing is asked for.

use crate::{Query, S3Error};

/// Most entries in one page of a listing. Source: facts: s3-behaviour.md 12.2.
pub const PAGE_ENTRIES_MAX: u32 = 1000;

/// `max-keys`: echoed as sent, also above what a page holds. Source: facts: s3-behaviour.md 12.2.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MaxKeys(u32);

impl Default for MaxKeys {
    fn default() -> Self {
        Self(PAGE_ENTRIES_MAX)
    }
}

impl MaxKeys {
    /// Reads `max-keys`. Empty counts as absent.
    ///
    /// # Errors
    /// `InvalidArgument` for what is no integer, and, under another name, for negative ones.
    pub fn from_query(query: &Query) -> Result<Self, S3Error> {
        match parse_integer(query, "max-keys")? {
            None => Ok(Self::default()),
            Some(number) => u32::try_from(number).map(Self).map_err(|_| {
                S3Error::invalid_argument(
                    "Argument maxKeys must be an integer between 0 and 2147483647",
                    "maxKeys",
                    query.get("max-keys"),
                )
            }),
        }
    }

    /// What the answer shows, 0 to 2147483647.
    pub const fn as_sent(self) -> u32 {
        self.0
    }

    /// How many entries may come back, 0 to [`PAGE_ENTRIES_MAX`].
    pub fn limit(self) -> usize {
        self.0.min(PAGE_ENTRIES_MAX) as usize
    }
}

/// Reads an integer parameter of 32 bits, negative or not. Empty counts as absent; a leading `+` is refused, as was
/// recorded for `max-keys`. Source: facts: s3-behaviour.md 12.2 and 25.
pub(crate) fn parse_integer(query: &Query, name: &'static str) -> Result<Option<i32>, S3Error> {
    match query.get(name) {
        None | Some("") => Ok(None),
        Some(text) => match text.parse::<i32>() {
            Ok(number) if !text.starts_with('+') => Ok(Some(number)),
            _ => Err(S3Error::invalid_argument(
                format!("Provided {name} not an integer or within integer range"),
                name,
                Some(text),
            )),
        },
    }
}
