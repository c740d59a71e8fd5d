//! The chain of signatures through a body.

use crate::{CredentialScope, VerifyingKey, string_to_sign};

/// Verifies chunk after chunk: each signature covers the one before it, the first the request's own.
///
/// Made by [`crate::VerifiedRequest::chunk_signer`]. Source: Amazon S3 API Reference, "Signature Calculations for
/// the Authorization Header: Transferring Payload in Multiple Chunks".
#[derive(Debug)]
pub struct ChunkSigner {
    key: VerifyingKey,
    timestamp: String,
    scope: CredentialScope,
    previous_signature: String,
}

impl ChunkSigner {
    pub(crate) fn new(
        key: VerifyingKey,
        timestamp: String,
        scope: CredentialScope,
        seed_signature: String,
    ) -> Self {
        Self {
            key,
            timestamp,
            scope,
            previous_signature: seed_signature,
        }
    }

    /// Whether the signature is that of the next chunk; if so, the one after it builds on it.
    pub(super) fn accepts_chunk(&mut self, chunk_hash: &[u8], signature: &str) -> bool {
        let string_to_sign = string_to_sign::of_chunk(
            &self.timestamp,
            &self.scope,
            &self.previous_signature,
            chunk_hash,
        );
        self.accepts(&string_to_sign, signature)
    }

    /// Whether the signature is that of the trailer after the last chunk.
    pub(super) fn accepts_trailer(&mut self, lines: &[u8], signature: &str) -> bool {
        let string_to_sign = string_to_sign::of_trailer(
            &self.timestamp,
            &self.scope,
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
