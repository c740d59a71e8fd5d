//! Keys of objects.

use std::fmt;

use crate::{Detail, ErrorCode, S3Error};

/// Longest object key, in bytes of its UTF-8 form.
///
/// Source: Amazon S3 User Guide, "Naming Amazon S3 objects"; facts: s3-behaviour.md 2.1.
pub const OBJECT_KEY_BYTES_MAX: usize = 1024;

/// The key of an object: 1 to 1024 bytes of UTF-8, any characters except NUL.
///
/// Keys are never normalised: `a//b`, `../x`, `./x` and `x/` are ordinary keys, all different.
/// NUL is refused although AWS's own answer to it is unclear (an internal error on copies): a row of text cannot hold it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectKey(Box<str>);

/// Why a text is no object key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ParseObjectKeyError {
    /// There is no character in it.
    #[error("an object key must not be empty")]
    Empty,
    /// Longer than [`OBJECT_KEY_BYTES_MAX`].
    #[error("the object key has {bytes} bytes, more than 1024")]
    TooLong {
        /// Length of the refused key, in bytes.
        bytes: usize,
    },
    /// It holds U+0000.
    #[error("an object key must not hold the character NUL")]
    Nul,
}

impl ObjectKey {
    /// Takes a text that is an object key, whole, already percent-decoded.
    ///
    /// # Errors
    /// One variant of [`ParseObjectKeyError`] per way of being wrong.
    pub fn parse(text: &str) -> Result<Self, ParseObjectKeyError> {
        if text.is_empty() {
            return Err(ParseObjectKeyError::Empty);
        }
        if text.len() > OBJECT_KEY_BYTES_MAX {
            return Err(ParseObjectKeyError::TooLong { bytes: text.len() });
        }
        if text.contains('\0') {
            return Err(ParseObjectKeyError::Nul);
        }
        Ok(Self(text.into()))
    }

    /// As [`ObjectKey::parse`], with AWS's answer as the error.
    ///
    /// # Errors
    /// `KeyTooLongError` with `Size` and `MaxSizeAllowed`; `InvalidURI` for NUL; `UserKeyMustBeSpecified` for an
    /// empty key. Source: facts: s3-behaviour.md 1.4 and 9.
    pub fn parse_or_refuse(text: &str) -> Result<Self, S3Error> {
        Self::parse(text).map_err(|error| match error {
            ParseObjectKeyError::Empty => S3Error::new(ErrorCode::UserKeyMustBeSpecified),
            ParseObjectKeyError::TooLong { bytes } => S3Error::new(ErrorCode::KeyTooLongError)
                .with_detail(Detail::Size {
                    size: bytes as u64,
                    max_size_allowed: OBJECT_KEY_BYTES_MAX as u64,
                }),
            ParseObjectKeyError::Nul => {
                S3Error::new(ErrorCode::InvalidURI).with_detail(Detail::Uri(text.to_owned()))
            }
        })
    }

    /// The key, decoded.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ObjectKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for ObjectKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl AsRef<str> for ObjectKey {
    fn as_ref(&self) -> &str {
        &self.0
    }
}
