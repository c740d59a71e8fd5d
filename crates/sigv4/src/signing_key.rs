//! Secret access keys and the signing keys derived from them.

use core::fmt;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use subtle::ConstantTimeEq as _;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::CredentialScope;

/// A secret access key. Zeroized when dropped; has no `Display`, and its `Debug` prints a mark.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct SecretKey(String);

impl SecretKey {
    /// Takes the secret over.
    pub const fn new(secret: String) -> Self {
        Self(secret)
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretKey(***)")
    }
}

/// The key of one secret for one day, region and service.
///
/// 32 bytes: cloning is cheap, and a caller may keep one per (secret, scope), which spares four of the five
/// HMACs of a verification. Zeroized when dropped; its `Debug` prints a mark.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct SigningKey([u8; 32]);

impl SigningKey {
    /// Derives the key. Source: AWS IAM User Guide, "Create a signed AWS API request", step "Calculate the signature".
    pub fn derive(secret: &SecretKey, scope: &CredentialScope) -> Self {
        let mut start = Zeroizing::new(String::with_capacity(4 + secret.0.len()));
        start.push_str("AWS4");
        start.push_str(&secret.0);
        let day = Zeroizing::new(hmac(start.as_bytes(), scope.date().as_bytes()));
        let region = Zeroizing::new(hmac(&*day, scope.region().as_bytes()));
        let service = Zeroizing::new(hmac(&*region, scope.service().as_bytes()));
        Self(hmac(&*service, crate::scope::TERMINAL.as_bytes()))
    }

    /// The signature of a string to sign, as 64 lower-case hex digits.
    pub fn sign(&self, string_to_sign: &[u8]) -> String {
        crate::digits::hex(&hmac(&self.0, string_to_sign))
    }

    /// Whether `signature` is this key's over `string_to_sign`; in constant time for a given length.
    ///
    /// Also the check of a POST form, whose string to sign is the base64 policy itself.
    pub fn verifies(&self, string_to_sign: &[u8], signature: &str) -> bool {
        self.sign(string_to_sign)
            .as_bytes()
            .ct_eq(signature.as_bytes())
            .into()
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey(***)")
    }
}

fn hmac(key: &[u8], message: &[u8]) -> [u8; 32] {
    // HMAC takes keys of any length, so there is no error to report.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
        return [0; 32];
    };
    mac.update(message);
    mac.finalize().into_bytes().into()
}
