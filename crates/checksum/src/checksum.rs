//! One checksum value.

use core::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::Algorithm;

/// Longest digest, in bytes: SHA-512.
const DIGEST_BYTES_MAX: usize = 64;

/// Longest digest in base64, in characters.
const BASE64_CHARS_MAX: usize = DIGEST_BYTES_MAX.div_ceil(3) * 4;

/// A digest and the algorithm that made it.
///
/// The digest is kept inline. xxHash and CRC values are the big-endian bytes of the number.
/// Comparison is not constant time: a checksum is no secret.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Checksum {
    algorithm: Algorithm,
    // INVARIANT: bytes beyond `algorithm.digest_bytes()` are zero, so that the derived comparison is right.
    digest: [u8; DIGEST_BYTES_MAX],
}

/// Why a text or bytes are not a checksum of the algorithm they claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ParseChecksumError {
    /// Not padded standard base64.
    #[error("a checksum must be padded standard base64")]
    NotBase64,
    /// Base64, but of the wrong number of bytes.
    #[error("a {} digest has {} bytes", .algorithm.name(), .algorithm.digest_bytes())]
    WrongLength {
        /// The algorithm whose digest was expected.
        algorithm: Algorithm,
    },
}

impl Checksum {
    /// Reads padded standard base64, as headers and XML carry it.
    ///
    /// # Errors
    /// The text is not base64, or not of exactly [`Algorithm::digest_bytes`] bytes.
    pub fn from_base64(algorithm: Algorithm, text: &str) -> Result<Self, ParseChecksumError> {
        if text.len() > BASE64_CHARS_MAX {
            return Err(ParseChecksumError::WrongLength { algorithm });
        }
        let digest = STANDARD
            .decode(text)
            .map_err(|_| ParseChecksumError::NotBase64)?;
        Self::from_digest(algorithm, &digest)
    }

    /// Takes the raw bytes of a digest.
    ///
    /// # Errors
    /// There are not exactly [`Algorithm::digest_bytes`] of them.
    pub fn from_digest(algorithm: Algorithm, digest: &[u8]) -> Result<Self, ParseChecksumError> {
        if digest.len() == algorithm.digest_bytes() {
            Ok(Self::of(algorithm, digest))
        } else {
            Err(ParseChecksumError::WrongLength { algorithm })
        }
    }

    /// Copies as many bytes as the algorithm has; the callers in this crate pass exactly that many.
    pub(crate) fn of(algorithm: Algorithm, bytes: &[u8]) -> Self {
        let mut digest = [0; DIGEST_BYTES_MAX];
        for (to, from) in digest.iter_mut().take(algorithm.digest_bytes()).zip(bytes) {
            *to = *from;
        }
        Self { algorithm, digest }
    }

    /// The algorithm that made the digest.
    pub const fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The digest's bytes; exactly [`Algorithm::digest_bytes`] of them.
    pub fn digest(&self) -> &[u8] {
        self.digest
            .get(..self.algorithm.digest_bytes())
            .unwrap_or(&self.digest)
    }

    /// The digest as padded standard base64.
    pub fn to_base64(&self) -> String {
        STANDARD.encode(self.digest())
    }
}

impl fmt::Debug for Checksum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.algorithm.name(), self.to_base64())
    }
}
