//! Which version of the protocol a signature is of, and the key that verifies it.

use core::fmt;

use subtle::ConstantTimeEq as _;

use crate::{CredentialScope, SecretKey, SigningKey, v2};

/// The version of a signature, with what its key is derived for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Version {
    /// Signature Version 2: the secret is the key, of any day and region.
    V2,
    /// Signature Version 4: a key for one day, region and service.
    V4(CredentialScope),
}

impl Version {
    /// The value of the condition key `s3:signatureversion`. Source: facts: authorization.md 4.3.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::V2 => "AWS",
            Self::V4(_) => "AWS4-HMAC-SHA256",
        }
    }
}

/// What verifies signatures of one secret. Its `Debug` prints no key.
#[derive(Clone)]
pub enum VerifyingKey {
    /// Of Signature Version 2.
    V2(SecretKey),
    /// Of Signature Version 4.
    V4(SigningKey),
}

impl VerifyingKey {
    /// Derives the key that signatures of this version are verified with.
    pub fn derive(secret: &SecretKey, version: &Version) -> Self {
        match version {
            Version::V2 => Self::V2(secret.clone()),
            Version::V4(scope) => Self::V4(SigningKey::derive(secret, scope)),
        }
    }

    /// Whether `signature` is this key's over `string_to_sign`; in constant time for a given length.
    pub(crate) fn verifies(&self, string_to_sign: &[u8], signature: &str) -> bool {
        match self {
            Self::V2(secret) => v2::sign(secret, string_to_sign)
                .as_bytes()
                .ct_eq(signature.as_bytes())
                .into(),
            Self::V4(key) => key.verifies(string_to_sign, signature),
        }
    }
}

impl From<SigningKey> for VerifyingKey {
    fn from(key: SigningKey) -> Self {
        Self::V4(key)
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("VerifyingKey(***)")
    }
}
