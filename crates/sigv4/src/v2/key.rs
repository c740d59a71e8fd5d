//! The signature itself.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;

use crate::SecretKey;

/// The signature of a string to sign, in base64. The secret itself is the key.
pub(crate) fn sign(secret: &SecretKey, string_to_sign: &[u8]) -> String {
    // HMAC takes keys of any length, so there is no error to report; an empty text is no signature.
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(secret.as_bytes()) else {
        return String::new();
    };
    mac.update(string_to_sign);
    STANDARD.encode(mac.finalize().into_bytes())
}
