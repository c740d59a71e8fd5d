//! The name of a blob.

use std::fmt;

use crate::BlobError;

/// Name of a blob: 128 random bits, written as 32 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlobId([u8; 16]);

impl BlobId {
    /// Makes a new name.
    ///
    /// # Errors
    /// [`BlobError::Randomness`] if the system has none to give.
    pub fn random() -> Result<Self, BlobError> {
        let mut bits = [0; 16];
        getrandom::fill(&mut bits).map_err(|_| BlobError::Randomness)?;
        Ok(Self(bits))
    }

    /// Reads the 32 digits that `Display` writes; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return None;
        }
        let mut bits = [0; 16];
        hex::decode_to_slice(text, &mut bits).ok()?;
        Some(Self(bits))
    }

    /// The two levels of folders that hold the blob: its first two bytes.
    pub(crate) const fn folder(self) -> (u8, u8) {
        let [first, second, ..] = self.0;
        (first, second)
    }
}

impl fmt::Display for BlobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for BlobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BlobId({self})")
    }
}
