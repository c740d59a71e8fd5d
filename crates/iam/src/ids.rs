//! How unique ids and keys are made. Forms: facts: authorization.md 7.4.

use buckler_policy::{AccountId, CanonicalId};
use sha2::{Digest as _, Sha256};
use thiserror::Error;

use crate::{AccessKeyId, SecretAccessKey};

/// The operating system gave no random bytes.
#[derive(Debug, Error)]
#[error("the operating system's random source is not available")]
pub struct RandomnessUnavailable;

/// Letters and digits of AWS's ids: base 32 without `0`, `1`, `8` and `9`.
pub(crate) const ID_ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const SECRET_ALPHABET: &[u8; 64] =
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
/// Characters of a unique id after its four-letter prefix.
const UNIQUE_ID_CHARS: usize = 17;
/// Characters of an access key id after its four-letter prefix.
const ACCESS_KEY_CHARS: usize = 16;
/// Characters of a secret access key.
const SECRET_CHARS: usize = 40;

/// Declares the makers of unique ids, one for each kind of identity.
macro_rules! unique_ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)+) => {$(
        $(#[$doc])*
        ///
        /// # Errors
        ///
        /// [`RandomnessUnavailable`].
        pub fn $name() -> Result<String, RandomnessUnavailable> {
            Ok(format!(concat!($prefix, "{}"), random_text(ID_ALPHABET, UNIQUE_ID_CHARS)?))
        }
    )+};
}

unique_ids! {
    /// A new user's unique id: `AIDA` and 17 characters, never used again.
    new_user_id = "AIDA";
    /// A new group's unique id: `AGPA` and 17 characters.
    new_group_id = "AGPA";
    /// A new role's unique id: `AROA` and 17 characters.
    new_role_id = "AROA";
    /// A new managed policy's unique id: `ANPA` and 17 characters.
    new_policy_id = "ANPA";
}

/// A new long-term access key id: `AKIA` and 16 characters.
///
/// # Errors
///
/// [`RandomnessUnavailable`].
pub fn new_access_key_id() -> Result<AccessKeyId, RandomnessUnavailable> {
    let text = format!("AKIA{}", random_text(ID_ALPHABET, ACCESS_KEY_CHARS)?);
    AccessKeyId::parse(&text).map_err(|_| RandomnessUnavailable)
}

/// A new secret access key: 40 characters of the base64 alphabet, 240 random bits.
///
/// # Errors
///
/// [`RandomnessUnavailable`].
pub fn new_secret_access_key() -> Result<SecretAccessKey, RandomnessUnavailable> {
    Ok(SecretAccessKey::new(random_text(
        SECRET_ALPHABET,
        SECRET_CHARS,
    )?))
}

/// The canonical user id of an account whose seed names none: stable for the account id, so that
/// a seed that is applied to another store gives the same one.
pub fn canonical_id_of(account: &AccountId) -> Option<CanonicalId> {
    let digest = Sha256::new()
        .chain_update(b"buckler canonical user id\0")
        .chain_update(account.as_str())
        .finalize();
    CanonicalId::parse(&hex::encode(digest)).ok()
}

fn random_text<const N: usize>(
    alphabet: &[u8; N],
    chars: usize,
) -> Result<String, RandomnessUnavailable> {
    const { assert!(256 % N == 0, "every character is equally likely") };
    let mut bytes = vec![0; chars];
    getrandom::fill(&mut bytes).map_err(|_| RandomnessUnavailable)?;
    Ok(bytes
        .iter()
        .filter_map(|byte| alphabet.get(usize::from(*byte) % N))
        .map(|byte| char::from(*byte))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_aws_forms() {
        let user = new_user_id().unwrap();
        assert!(user.starts_with("AIDA") && user.len() == 21, "{user}");
        let key = new_access_key_id().unwrap();
        assert!(
            key.as_str().starts_with("AKIA") && key.as_str().len() == 20,
            "{key}"
        );
        assert_eq!(new_secret_access_key().unwrap().expose().len(), 40);
        assert_ne!(new_user_id().unwrap(), user);
    }

    #[test]
    fn canonical_ids_are_stable_and_differ_by_account() {
        let one = AccountId::parse("111122223333").unwrap();
        let other = AccountId::parse("111122223334").unwrap();
        assert_eq!(canonical_id_of(&one), canonical_id_of(&one));
        assert_ne!(canonical_id_of(&one), canonical_id_of(&other));
    }
}
