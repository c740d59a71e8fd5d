//! Entity tags of objects.

use std::fmt;

/// Longest entity tag this crate takes, in bytes; S3's own are at most `32 hex + "-10000"`, 38 bytes.
pub const ETAG_BYTES_MAX: usize = 128;

/// The entity tag of an object, without its quotes.
///
/// MD5 in lower-case hex for single writes, `hex-N` for multipart uploads, opaque otherwise.
/// Source: facts: s3-behaviour.md 5.1.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ETag(Box<str>);

/// The text cannot be an entity tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an entity tag is 1 to 128 printable ASCII characters without quotes")]
pub struct ParseETagError;

impl ETag {
    /// The tag of a body written in one piece.
    pub fn from_md5(md5: [u8; 16]) -> Self {
        Self(hex::encode(md5).into())
    }

    /// The tag of a multipart object: the MD5 over its parts' MD5s, and how many parts there are.
    pub fn multipart(md5_of_md5s: [u8; 16], parts: u16) -> Self {
        Self(format!("{}-{parts}", hex::encode(md5_of_md5s)).into())
    }

    /// Takes a tag without quotes.
    ///
    /// # Errors
    /// [`ParseETagError`] when it is empty, over [`ETAG_BYTES_MAX`], or holds quotes, spaces or non-ASCII.
    pub fn parse(text: &str) -> Result<Self, ParseETagError> {
        let fits = (1..=ETAG_BYTES_MAX).contains(&text.len());
        if fits && text.bytes().all(|b| b.is_ascii_graphic() && b != b'"') {
            Ok(Self(text.into()))
        } else {
            Err(ParseETagError)
        }
    }

    /// The tag without quotes.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The tag in quotes, as headers and most documents show it.
    pub fn quoted(&self) -> String {
        format!("\"{}\"", self.0)
    }
}

impl fmt::Display for ETag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for ETag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}
