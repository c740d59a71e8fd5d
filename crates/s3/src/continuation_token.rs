//! Where a listing goes on. Source: facts: s3-behaviour.md 12.2.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::object_key::OBJECT_KEY_BYTES_MAX;
use crate::{Query, S3Error};

/// A position in a listing, opaque to clients. It names nothing that its holder may not ask for anyway.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ContinuationToken {
    /// Behind this key (or bucket name).
    AfterKey(String),
    /// Behind all keys that begin with this common prefix.
    AfterPrefix(String),
}

/// The form's version and kind, in the first byte.
const KEY: u8 = 0x10;
const PREFIX: u8 = 0x11;

/// Longest token, in characters: a key and one byte, in base64.
const TOKEN_CHARS_MAX: usize = (OBJECT_KEY_BYTES_MAX + 1).div_ceil(3) * 4;

impl ContinuationToken {
    /// The token as clients see it: URL-safe.
    pub fn encode(&self) -> String {
        let (kind, text) = match self {
            Self::AfterKey(text) => (KEY, text),
            Self::AfterPrefix(text) => (PREFIX, text),
        };
        let mut bytes = Vec::with_capacity(text.len() + 1);
        bytes.push(kind);
        bytes.extend_from_slice(text.as_bytes());
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Reads a token; `None` for anything that was never given out.
    pub fn decode(text: &str) -> Option<Self> {
        if text.len() > TOKEN_CHARS_MAX {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (kind, text) = bytes.split_first()?;
        let text = std::str::from_utf8(text).ok()?;
        if text.is_empty() || text.len() > OBJECT_KEY_BYTES_MAX || text.contains('\0') {
            return None;
        }
        match *kind {
            KEY => Some(Self::AfterKey(text.to_owned())),
            PREFIX => Some(Self::AfterPrefix(text.to_owned())),
            _ => None,
        }
    }

    /// Reads `continuation-token`.
    ///
    /// # Errors
    /// `InvalidArgument` without `ArgumentValue` for a bad or empty token.
    pub(crate) fn from_query(query: &Query) -> Result<Option<Self>, S3Error> {
        match query.get("continuation-token") {
            None => Ok(None),
            Some(text) => Self::decode(text).map(Some).ok_or_else(|| {
                S3Error::invalid_argument(
                    "The continuation token provided is incorrect",
                    "continuation-token",
                    None,
                )
            }),
        }
    }
}
