//! Temporary access key ids: `ASIA` and 16 characters of base 32, 80 bits. As on AWS, the account's
//! number is in bits 1 to 40, so that `GetAccessKeyInfo` answers for keys that no row names.
//!
//! An id is not a secret, and it does not have to be unique: the token is bound to it, and has
//! randomness of its own.

use buckler_policy::AccountId;

use crate::ids::{ID_ALPHABET, RandomnessUnavailable};

const PREFIX: &str = "ASIA";
/// Characters after the prefix.
const CODE_CHARS: usize = 16;
const BITS_PER_CHAR: u32 = 5;
/// Bits behind the account's number.
const RANDOM_BITS: u32 = 39;
const ACCOUNT_MASK: u128 = (1 << 40) - 1;

/// A new id for a session of this account.
///
/// # Errors
///
/// [`RandomnessUnavailable`].
pub(super) fn new_temporary_key_id(account: &AccountId) -> Result<String, RandomnessUnavailable> {
    let mut random = [0; 8];
    getrandom::fill(&mut random).map_err(|_| RandomnessUnavailable)?;
    let random = u128::from(u64::from_be_bytes(random)) & ((1 << RANDOM_BITS) - 1);
    let number: u64 = account.as_str().parse().unwrap_or_default();
    // AWS: the first bit is set, so that the code begins with Q to Z or a digit.
    let code = (1 << 79) | (u128::from(number) << RANDOM_BITS) | random;
    let letters = (0..CODE_CHARS).rev().filter_map(|place| {
        let digit = (code >> (BITS_PER_CHAR * u32::try_from(place).ok()?)) & 31;
        ID_ALPHABET.get(usize::try_from(digit).ok()?).copied()
    });
    Ok(PREFIX.chars().chain(letters.map(char::from)).collect())
}

/// Whether an access key id has the form of temporary ones.
pub fn is_temporary_access_key_id(id: &str) -> bool {
    id.starts_with(PREFIX) && code_of(id).is_some()
}

/// The account whose number is in an access key id of AWS's form. It proves nothing: anyone can
/// write such an id.
pub fn account_of_access_key(id: &str) -> Option<AccountId> {
    let number = (code_of(id)? >> RANDOM_BITS) & ACCOUNT_MASK;
    AccountId::parse(&format!("{number:012}")).ok()
}

fn code_of(id: &str) -> Option<u128> {
    let code = id.get(PREFIX.len()..)?;
    if code.len() != CODE_CHARS {
        return None;
    }
    code.bytes().try_fold(0, |code: u128, letter| {
        let digit = ID_ALPHABET.iter().position(|known| *known == letter)?;
        Some((code << BITS_PER_CHAR) | u128::try_from(digit).ok()?)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_account_of_a_key_that_aws_made_is_read() {
        // Published as an example of the form.
        let account = account_of_access_key("ASIAQNZGKIQY56JQ7WML");
        assert_eq!(account, AccountId::parse("029608264753").ok());
    }

    #[test]
    fn other_forms_have_no_account() {
        for id in [
            "",
            "ASIA",
            "ASIAQNZGKIQY56JQ7WM",
            "ASIAQNZGKIQY56JQ7WM0",
            "ASIAQNZGKIQY56JQ7WMLL",
            "ASIäQNZGKIQY56JQ7WML",
        ] {
            assert_eq!(account_of_access_key(id), None, "{id}");
            assert!(!is_temporary_access_key_id(id), "{id}");
        }
        assert!(!is_temporary_access_key_id("AKIAQNZGKIQY56JQ7WML"));
    }

    proptest! {
        #[test]
        fn an_id_names_its_account(number in 0_u64..1_000_000_000_000) {
            let account = AccountId::parse(&format!("{number:012}")).unwrap();
            let id = new_temporary_key_id(&account).unwrap();
            prop_assert!(is_temporary_access_key_id(&id));
            prop_assert_eq!(account_of_access_key(&id), Some(account));
        }
    }
}
