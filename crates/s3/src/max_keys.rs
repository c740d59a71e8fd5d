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

/// How many entries a listing of uploads or parts is asked for: `max-uploads`, `max-parts`. More than a page holds is
/// shown as what a page holds. Source: facts: s3-behaviour.md 10.5.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageSize(u32);

impl PageSize {
    /// Reads the parameter. Empty counts as absent.
    ///
    /// # Errors
    /// `InvalidArgument` for what is no integer, and for negative ones.
    pub fn from_query(query: &Query, name: &'static str) -> Result<Self, S3Error> {
        let number = not_negative(query, name)?;
        Ok(Self(
            number.unwrap_or(PAGE_ENTRIES_MAX).min(PAGE_ENTRIES_MAX),
        ))
    }

    /// How many entries may come back, which the answer shows: 0 to [`PAGE_ENTRIES_MAX`].
    pub const fn get(self) -> u32 {
        self.0
    }
}

/// Reads an integer parameter from 0 to 2147483647. Empty counts as absent.
///
/// # Errors
/// `InvalidArgument` for anything else.
pub(crate) fn not_negative(query: &Query, name: &'static str) -> Result<Option<u32>, S3Error> {
    let Some(number) = parse_integer(query, name)? else {
        return Ok(None);
    };
    u32::try_from(number).map(Some).map_err(|_| {
        S3Error::invalid_argument(
            format!("Argument {name} must be an integer between 0 and 2147483647"),
            name,
            query.get(name),
        )
    })
}

/// Parameters that are recorded to take a leading `+`. Source: facts: s3-behaviour.md 25.
const TAKES_PLUS: [&str; 2] = ["max-parts", "max-uploads"];

/// Reads an integer parameter of 32 bits, negative or not. Empty counts as absent.
/// Source: facts: s3-behaviour.md 12.2 and 25.
pub(crate) fn parse_integer(query: &Query, name: &'static str) -> Result<Option<i32>, S3Error> {
    match query.get(name) {
        None | Some("") => Ok(None),
        Some(text) => match text.parse::<i32>() {
            Ok(number) if !text.starts_with('+') || TAKES_PLUS.contains(&name) => Ok(Some(number)),
            _ => Err(S3Error::invalid_argument(
                format!("Provided {name} not an integer or within integer range"),
                name,
                Some(text),
            )),
        },
    }
}
