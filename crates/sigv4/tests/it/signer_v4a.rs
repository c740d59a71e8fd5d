//! A client of Version 4A, with the key that AWS's suite publishes for its example secret.

use buckler_sigv4::{AuthError, Presented, SecretKey, VerifiedRequest, VerifyingKey, read};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair};
use sha2::{Digest as _, Sha256};

use crate::signer::{Client, ENDPOINT, NOW, at};

pub(crate) const KEY_ID: &str = "AKIDEXAMPLE";
pub(crate) const SCOPE: &str = "20260102/s3/aws4_request";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const PRIVATE: &str = "7efc8c0e65a324242818c5a50c891c6060b6a00717b7ba3cbe3c5d765be9259c";
const PUBLIC: &str = "04b6618f6a65740a99e650b33b6b4b5bd0d43b176d721a3edfea7e7d2d56d936b1\
                      865ed22a7eadc9c5cb9d2cbaca1b3699139fedc5043dc6661864218330c8e518";

/// A signature of a text, in hex DER: another one each time.
pub(crate) fn sign(text: &str) -> String {
    let random = SystemRandom::new();
    let pair = EcdsaKeyPair::from_private_key_and_public_key(
        &ECDSA_P256_SHA256_ASN1_SIGNING,
        &hex::decode(PRIVATE).unwrap(),
        &hex::decode(PUBLIC).unwrap(),
        &random,
    );
    let signature = pair.unwrap().sign(&random, text.as_bytes()).unwrap();
    hex::encode(signature.as_ref())
}

/// The signature of a canonical request at [`NOW`].
pub(crate) fn sign_request(canonical: &str) -> String {
    let hash = hex::encode(Sha256::digest(canonical));
    sign(&format!("AWS4-ECDSA-P256-SHA256\n{NOW}\n{SCOPE}\n{hash}"))
}

/// An `Authorization` of Version 4A.
pub(crate) fn authorization(credential: &str, names: &str, signature: &str) -> String {
    format!(
        "AWS4-ECDSA-P256-SHA256 Credential={credential}, SignedHeaders={names}, Signature={signature}"
    )
}

/// `read` and `verify` with the example key.
pub(crate) fn verify(client: &Client) -> Result<VerifiedRequest, AuthError> {
    match read(&client.request(), &ENDPOINT, at(NOW))? {
        Presented::Signed(presentation) => {
            let secret = SecretKey::new(SECRET.to_owned());
            let key = VerifyingKey::derive(&secret, presentation.version());
            presentation.verify(&client.request(), &key)
        }
        Presented::Anonymous { .. } => panic!("anonymous"),
    }
}
