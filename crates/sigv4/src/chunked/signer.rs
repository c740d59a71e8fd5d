//! The chain of signatures through a body.

use crate::{VerifyingKey, Version, string_to_sign, v4a};

/// Verifies chunk after chunk: each signature covers the one before it, the first the request's own.
///
/// Made by [`crate::VerifiedRequest::chunk_signer`]. Source: Amazon S3 API Reference, "Signature Calculations for
/// the Authorization Header: Transferring Payload in Multiple Chunks".
#[derive(Debug)]
pub struct ChunkSigner {
    key: VerifyingKey,
    timestamp: String,
    version: Version,
    previous_signature: String,
}

impl ChunkSigner {
    pub(crate) fn new(
        key: VerifyingKey,
        timestamp: String,
        version: Version,
        seed_signature: String,
    ) -> Self {
        Self {
            key,
            timestamp,
            version,
            previous_signature: seed_signature,
        }
    }

    /// A chunk's signature as it is sent; `None` for what cannot be one. Those of Version 4A are shorter or longer, and
    /// padded with `*`.
    pub(super) fn parse<'a>(&self, text: &'a str) -> Option<&'a str> {
        let is_hex = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        let signature = match self.version {
            Version::V4A(_) if text.len() <= v4a::SIGNATURE_DIGITS_MAX => {
                Some(v4a::without_padding(text)).filter(|digits| !digits.is_empty())
            }
            Version::V4(_) if text.len() == 64 => Some(text),
            Version::V2 | Version::V4(_) | Version::V4A(_) => None,
        };
        signature.filter(|digits| is_hex(digits))
    }

    /// Whether the signature is that of the next chunk; if so, the one after it builds on it.
    pub(super) fn accepts_chunk(&mut self, chunk_hash: &[u8], signature: &str) -> bool {
        let string_to_sign = string_to_sign::of_chunk(
            &self.timestamp,
            &self.version,
            &self.previous_signature,
            chunk_hash,
        );
        self.accepts(&string_to_sign, signature)
    }

    /// Whether the signature is that of the trailer after the last chunk.
    pub(super) fn accepts_trailer(&mut self, lines: &[u8], signature: &str) -> bool {
        let string_to_sign = string_to_sign::of_trailer(
            &self.timestamp,
            &self.version,
            &self.previous_signature,
            lines,
        );
        self.accepts(&string_to_sign, signature)
    }

    fn accepts(&mut self, string_to_sign: &str, signature: &str) -> bool {
        let good = self.key.verifies(string_to_sign.as_bytes(), signature);
        if good {
            signature.clone_into(&mut self.previous_signature);
        }
        good
    }
}
