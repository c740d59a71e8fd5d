//! Why a call was refused, sealed: whoever is refused can pass it on, and only those who may call
//! `DecodeAuthorizationMessage` in the same account can read it.

use std::io::{Read as _, Write as _};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use buckler_policy::AccountId;
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;

use crate::MasterKeys;
use crate::sealing::Purpose;

/// Longest message, in bytes, before it is sealed.
pub const AUTHORIZATION_MESSAGE_BYTES_MAX: usize = 16 * 1024;
/// Longest sealed message, in characters: so that it fits into a header.
const ENCODED_CHARS_MAX: usize = 4096;

/// Seals a message for an account; `None` if it is too long for that, or if no random bytes are to be had.
pub fn encode_authorization_message(
    master_keys: &MasterKeys,
    account: &AccountId,
    message: &str,
) -> Option<String> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(message.as_bytes()).ok()?;
    let packed = encoder.finish().ok()?;
    let sealed = master_keys
        .seal_for(
            Purpose::AuthorizationMessage,
            &packed,
            account.as_str().as_bytes(),
        )
        .ok()?;
    Some(URL_SAFE_NO_PAD.encode(sealed)).filter(|encoded| encoded.len() <= ENCODED_CHARS_MAX)
}

/// Opens a message that was sealed for this account; `None` for any other text.
pub fn decode_authorization_message(
    master_keys: &MasterKeys,
    account: &AccountId,
    encoded: &str,
) -> Option<String> {
    if encoded.len() > ENCODED_CHARS_MAX {
        return None;
    }
    let sealed = URL_SAFE_NO_PAD.decode(encoded).ok()?;
    let packed = master_keys
        .open_for(
            Purpose::AuthorizationMessage,
            &sealed,
            account.as_str().as_bytes(),
        )
        .ok()?;
    let mut message = String::new();
    DeflateDecoder::new(packed.as_slice())
        .take(AUTHORIZATION_MESSAGE_BYTES_MAX as u64)
        .read_to_string(&mut message)
        .ok()?;
    Some(message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::MasterKey;

    #[test]
    fn a_message_is_read_in_its_account_alone() {
        let master = MasterKeys::from(MasterKey::from_bytes([7; 32]));
        let [own, other] = ["111122223333", "444455556666"].map(|id| AccountId::parse(id).unwrap());
        let encoded = encode_authorization_message(&master, &own, "why").unwrap();
        let decode = |account| decode_authorization_message(&master, account, &encoded);
        assert_eq!(decode(&own).as_deref(), Some("why"));
        assert_eq!(decode(&other), None);
        let cut = encoded.split_at(1).1;
        for text in ["", "why", cut, &"A".repeat(5000)] {
            assert_eq!(decode_authorization_message(&master, &own, text), None);
        }
    }

    #[test]
    fn what_does_not_fit_into_a_header_is_not_made() {
        let master = MasterKeys::from(MasterKey::from_bytes([7; 32]));
        let own = AccountId::parse("111122223333").unwrap();
        let mut random = [0; 4096];
        getrandom::fill(&mut random).unwrap();
        let long = hex::encode(random);
        assert_eq!(encode_authorization_message(&master, &own, &long), None);
    }
}
