//! Which version of the protocol a signature is of, and the key that verifies it.

use core::fmt;

use subtle::ConstantTimeEq as _;

use crate::{CredentialScope, ScopeV4A, SecretKey, SigningKey, v2, v4a};

/// The version of a signature, with what its key is derived for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Version {
    /// Signature Version 2: the secret is the key, of any day and region.
    V2,
    /// Signature Version 4: a key for one day, region and service.
    V4(CredentialScope),
    /// Signature Version 4A: a key for all days, regions and services of an access key.
    V4A(ScopeV4A),
}

impl Version {
    /// The value of the condition key `s3:signatureversion`. Source: facts: authorization.md 4.3.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::V2 => "AWS",
            Self::V4(_) => "AWS4-HMAC-SHA256",
            Self::V4A(_) => v4a::ALGORITHM,
        }
    }

    /// The scope as strings to sign have it; Version 2 has none.
    pub(crate) fn scope_text(&self) -> String {
        match self {
            Self::V2 => String::new(),
            Self::V4(scope) => scope.to_string(),
            Self::V4A(scope) => scope.to_string(),
        }
    }
}

/// What verifies signatures of one secret. Zeroized when dropped where it is a secret; its `Debug` prints no key.
#[derive(Clone)]
pub struct VerifyingKey(Kind);

#[derive(Clone)]
enum Kind {
    V2(SecretKey),
    V4(SigningKey),
    V4A(Option<v4a::PublicKey>),
}

impl VerifyingKey {
    /// Derives the key that signatures of this version are verified with.
    ///
    /// That of Version 4A is worth keeping: deriving it costs more than verifying with it.
    pub fn derive(secret: &SecretKey, version: &Version) -> Self {
        Self(match version {
            Version::V2 => Kind::V2(secret.clone()),
            Version::V4(scope) => Kind::V4(SigningKey::derive(secret, scope)),
            Version::V4A(scope) => Kind::V4A(v4a::PublicKey::derive(secret, scope.access_key_id())),
        })
    }

    /// Whether `signature` is this key's over `string_to_sign`; in constant time for a given length, where the key is a
    /// secret.
    pub(crate) fn verifies(&self, string_to_sign: &[u8], signature: &str) -> bool {
        match &self.0 {
            Kind::V2(secret) => v2::sign(secret, string_to_sign)
                .as_bytes()
                .ct_eq(signature.as_bytes())
                .into(),
            Kind::V4(key) => key.verifies(string_to_sign, signature),
            Kind::V4A(key) => key
                .as_ref()
                .is_some_and(|key| key.verifies(string_to_sign, signature)),
        }
    }
}

impl From<SigningKey> for VerifyingKey {
    fn from(key: SigningKey) -> Self {
        Self(Kind::V4(key))
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("VerifyingKey(***)")
    }
}
