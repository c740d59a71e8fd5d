//! The public key of a secret, and signatures by it.

use hmac::{Hmac, KeyInit as _, Mac as _};
use p256::elliptic_curve::sec1::ToSec1Point as _;
use ring::signature::{ECDSA_P256_SHA256_ASN1, UnparsedPublicKey};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::{ALGORITHM, SIGNATURE_DIGITS_MAX};
use crate::SecretKey;

/// How many candidates there may be, one of which is nearly always the first: each is a key but for a chance of one in
/// four thousand millions.
const CANDIDATES: u8 = 254;

/// A point on P-256, uncompressed as in SEC 1.
#[derive(Clone)]
pub(crate) struct PublicKey(Vec<u8>);

impl PublicKey {
    /// Derives the key of a secret and an access key id. `None` if no candidate is one, which does not happen.
    // PERF: 85 us, nearly all of it the product of a scalar and a point; 290 without p256's table of the base point.
    // Verifying costs 58.
    pub(crate) fn derive(secret: &SecretKey, access_key_id: &str) -> Option<Self> {
        let mut start = Zeroizing::new(b"AWS4A".to_vec());
        start.extend_from_slice(secret.as_bytes());
        (1..=CANDIDATES).find_map(|counter| {
            let scalar = candidate(&start, access_key_id, counter)?;
            // Zero and what is not below the curve's order are no keys.
            let private = p256::SecretKey::from_slice(&*scalar).ok()?;
            let point = private.public_key().to_sec1_point(false);
            Some(Self(point.as_bytes().to_vec()))
        })
    }

    /// Whether `signature`, in hex DER, is this key's over `string_to_sign`. Nothing in it is secret.
    pub(crate) fn verifies(&self, string_to_sign: &[u8], signature: &str) -> bool {
        if signature.len() > SIGNATURE_DIGITS_MAX {
            return false;
        }
        let Ok(signature) = hex::decode(signature) else {
            return false;
        };
        UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, &self.0)
            .verify(string_to_sign, &signature)
            .is_ok()
    }
}

/// One step of the derivation: NIST SP 800-108 in counter mode with HMAC-SHA256, one block of it, plus one.
fn candidate(start: &[u8], access_key_id: &str, counter: u8) -> Option<Zeroizing<[u8; 32]>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(start).ok()?;
    // The block's number; label and context; how many bits are wanted.
    mac.update(&1_u32.to_be_bytes());
    mac.update(ALGORITHM.as_bytes());
    mac.update(&[0]);
    mac.update(access_key_id.as_bytes());
    mac.update(&[counter]);
    mac.update(&256_u32.to_be_bytes());
    let mut scalar = Zeroizing::new(<[u8; 32]>::from(mac.finalize().into_bytes()));
    for byte in scalar.iter_mut().rev() {
        let (sum, carries) = byte.overflowing_add(1);
        *byte = sum;
        if !carries {
            break;
        }
    }
    Some(scalar)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_of_aws_s_suite() {
        let secret = SecretKey::new("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY".to_owned());
        let key = PublicKey::derive(&secret, "AKIDEXAMPLE").unwrap();
        assert_eq!(
            hex::encode(&key.0),
            "04b6618f6a65740a99e650b33b6b4b5bd0d43b176d721a3edfea7e7d2d56d936b1\
             865ed22a7eadc9c5cb9d2cbaca1b3699139fedc5043dc6661864218330c8e518"
        );
    }

    #[test]
    fn the_scalar_of_aws_s_suite() {
        let start = b"AWS4AwJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
        let scalar = candidate(start, "AKIDEXAMPLE", 1).unwrap();
        assert_eq!(
            hex::encode(*scalar),
            "7efc8c0e65a324242818c5a50c891c6060b6a00717b7ba3cbe3c5d765be9259c"
        );
    }

    #[test]
    fn what_is_no_der_is_no_signature() {
        let key = PublicKey::derive(&SecretKey::new("secret".to_owned()), "key").unwrap();
        for signature in ["", "zz", "3", "30", "3006020100020100", &"30".repeat(1000)] {
            assert!(!key.verifies(b"text", signature), "{signature}");
        }
    }
}
