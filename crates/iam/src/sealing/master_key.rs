//! One master key: what it seals, it opens.

use std::fmt;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use sha2::{Digest as _, Sha256};
use thiserror::Error;
use zeroize::Zeroizing;

use crate::{AccessKeyId, SecretAccessKey};

const VERSION: u8 = 1;
const KEY_BYTES: usize = 32;
const KEY_ID_BYTES: usize = 4;
const NONCE_BYTES: usize = 24;
const HMAC_BLOCK_BYTES: usize = 64;

/// Length of the tag in an upload id, in bytes.
pub const UPLOAD_ID_TAG_BYTES: usize = 16;

/// A key under which secrets of a store are sealed.
#[derive(Clone)]
pub struct MasterKey {
    key: Zeroizing<[u8; KEY_BYTES]>,
    id: [u8; KEY_ID_BYTES],
}

/// A master key that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum MasterKeyError {
    /// Not 64 hexadecimal digits.
    #[error("a master key is 64 hexadecimal digits")]
    Malformed,
    /// The same key again.
    #[error("the master key {id} is there twice")]
    Twice {
        /// Its name.
        id: String,
    },
    /// More than a rotation needs.
    #[error("there are more than 8 master keys")]
    TooMany,
    /// The operating system gave no random bytes.
    #[error("the operating system's random source is not available")]
    RandomnessUnavailable,
}

/// A secret that cannot be sealed or opened.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SealError {
    /// The operating system gave no random bytes.
    #[error("the operating system's random source is not available")]
    RandomnessUnavailable,
    /// It was sealed under another master key.
    #[error("the secret was sealed under another master key")]
    OtherMasterKey,
    /// It was changed, cut, or belongs to another access key.
    #[error("the sealed secret is damaged")]
    Damaged,
}

impl MasterKey {
    /// Takes over a key of 32 bytes.
    pub fn from_bytes(key: [u8; KEY_BYTES]) -> Self {
        let digest = Sha256::new()
            .chain_update(b"buckler master key id\0")
            .chain_update(key)
            .finalize();
        let mut id = [0; KEY_ID_BYTES];
        id.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
        Self {
            key: Zeroizing::new(key),
            id,
        }
    }

    /// Makes a new random key.
    ///
    /// # Errors
    ///
    /// [`MasterKeyError::RandomnessUnavailable`].
    pub fn generate() -> Result<Self, MasterKeyError> {
        let mut key = [0; KEY_BYTES];
        getrandom::fill(&mut key).map_err(|_| MasterKeyError::RandomnessUnavailable)?;
        Ok(Self::from_bytes(key))
    }

    /// Reads the form that [`MasterKey::to_hex`] writes.
    ///
    /// # Errors
    ///
    /// [`MasterKeyError::Malformed`].
    pub fn from_hex(text: &str) -> Result<Self, MasterKeyError> {
        let mut key = Zeroizing::new([0; KEY_BYTES]);
        hex::decode_to_slice(text.trim(), &mut *key).map_err(|_| MasterKeyError::Malformed)?;
        Ok(Self::from_bytes(*key))
    }

    pub(super) fn has_id(&self, id: [u8; KEY_ID_BYTES]) -> bool {
        self.id == id
    }

    /// Names the key without giving it away: 8 hexadecimal digits.
    pub fn id(&self) -> String {
        hex::encode(self.id)
    }

    /// The key as 64 hexadecimal digits, for the key file.
    pub fn to_hex(&self) -> Zeroizing<String> {
        Zeroizing::new(hex::encode(*self.key))
    }

    /// Seals the secret of `id`.
    ///
    /// # Errors
    ///
    /// [`SealError::RandomnessUnavailable`].
    pub fn seal(&self, id: &AccessKeyId, secret: &SecretAccessKey) -> Result<Vec<u8>, SealError> {
        let plain = secret.expose().as_bytes();
        seal_under(&self.key, self.id, plain, id.as_str().as_bytes())
    }

    /// Opens the sealed secret of `id`.
    ///
    /// # Errors
    ///
    /// [`SealError::OtherMasterKey`], [`SealError::Damaged`].
    pub fn open(&self, id: &AccessKeyId, sealed: &[u8]) -> Result<SecretAccessKey, SealError> {
        let plain = open_under(&self.key, self.id, sealed, id.as_str().as_bytes())?;
        let text = String::from_utf8(plain).map_err(|_| SealError::Damaged)?;
        Ok(SecretAccessKey::new(text))
    }

    /// Seals what is to be opened again for the same purpose with the same `bound_to`, which is
    /// authenticated and not kept.
    ///
    /// # Errors
    ///
    /// [`SealError::RandomnessUnavailable`].
    pub(in crate::sealing) fn seal_for(
        &self,
        purpose: Purpose,
        plain: &[u8],
        bound_to: &[u8],
    ) -> Result<Vec<u8>, SealError> {
        seal_under(&self.key_for(purpose), self.id, plain, bound_to)
    }

    /// Opens what [`MasterKey::seal_for`] sealed.
    ///
    /// # Errors
    ///
    /// [`SealError::OtherMasterKey`], [`SealError::Damaged`].
    pub(in crate::sealing) fn open_for(
        &self,
        purpose: Purpose,
        sealed: &[u8],
        bound_to: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, SealError> {
        open_under(&self.key_for(purpose), self.id, sealed, bound_to).map(Zeroizing::new)
    }

    /// The tag by which an upload id that was given out is known again, over everything that the id is of.
    pub(super) fn upload_id_tag(&self, pieces: &[&[u8]]) -> [u8; UPLOAD_ID_TAG_BYTES] {
        let key = self.key_for(Purpose::UploadId);
        let mac = pieces.iter().fold(hmac(&key), Mac::chain_update);
        let mut tag = [0; UPLOAD_ID_TAG_BYTES];
        tag.iter_mut()
            .zip(mac.finalize().into_bytes())
            .for_each(|(to, from)| *to = from);
        tag
    }

    fn key_for(&self, purpose: Purpose) -> Zeroizing<[u8; KEY_BYTES]> {
        let mac = hmac(&self.key).chain_update(purpose.label());
        Zeroizing::new(mac.finalize().into_bytes().into())
    }
}

fn hmac(key: &[u8; KEY_BYTES]) -> Hmac<Sha256> {
    // HMAC fills a key up to its block with zeros, and so is a whole block always a key.
    let mut block = Zeroizing::new([0; HMAC_BLOCK_BYTES]);
    block
        .iter_mut()
        .zip(key.iter())
        .for_each(|(to, from)| *to = *from);
    <Hmac<Sha256> as KeyInit>::new((&*block).into())
}

/// What a derived key is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Tokens of sessions.
    SessionToken,
    /// Why a call was refused.
    AuthorizationMessage,
    /// Tags of upload ids.
    UploadId,
}

impl Purpose {
    fn label(self) -> &'static [u8] {
        match self {
            Self::SessionToken => b"buckler session token\0",
            Self::AuthorizationMessage => b"buckler authorization message\0",
            Self::UploadId => b"buckler upload id\0",
        }
    }
}

fn seal_under(
    key: &[u8; KEY_BYTES],
    key_id: [u8; KEY_ID_BYTES],
    plain: &[u8],
    bound_to: &[u8],
) -> Result<Vec<u8>, SealError> {
    let mut nonce = [0; NONCE_BYTES];
    getrandom::fill(&mut nonce).map_err(|_| SealError::RandomnessUnavailable)?;
    let payload = Payload {
        msg: plain,
        aad: bound_to,
    };
    let ciphertext = XChaCha20Poly1305::new(key.into())
        .encrypt(&XNonce::from(nonce), payload)
        .map_err(|_| SealError::Damaged)?;
    Ok([&[VERSION][..], &key_id, &nonce, &ciphertext].concat())
}

/// The id of the key that something was sealed under.
pub(super) fn key_id_of(sealed: &[u8]) -> Option<[u8; KEY_ID_BYTES]> {
    let (_, rest) = sealed.split_first()?;
    rest.first_chunk().copied()
}

fn open_under(
    key: &[u8; KEY_BYTES],
    own_key_id: [u8; KEY_ID_BYTES],
    sealed: &[u8],
    bound_to: &[u8],
) -> Result<Vec<u8>, SealError> {
    let (version, rest) = sealed.split_first().ok_or(SealError::Damaged)?;
    let (key_id, rest) = rest
        .split_first_chunk::<KEY_ID_BYTES>()
        .ok_or(SealError::Damaged)?;
    let (nonce, ciphertext) = rest
        .split_first_chunk::<NONCE_BYTES>()
        .ok_or(SealError::Damaged)?;
    if *version != VERSION {
        return Err(SealError::Damaged);
    }
    if *key_id != own_key_id {
        return Err(SealError::OtherMasterKey);
    }
    let payload = Payload {
        msg: ciphertext,
        aad: bound_to,
    };
    XChaCha20Poly1305::new(key.into())
        .decrypt(&XNonce::from(*nonce), payload)
        .map_err(|_| SealError::Damaged)
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "MasterKey(hidden, id {})", hex::encode(self.id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fixture() -> (MasterKey, AccessKeyId, Vec<u8>) {
        let master = MasterKey::from_bytes([7; 32]);
        let id = AccessKeyId::parse("AKIDEXAMPLE").unwrap();
        let sealed = master
            .seal(&id, &SecretAccessKey::new("top secret".to_owned()))
            .unwrap();
        (master, id, sealed)
    }

    #[test]
    fn a_sealed_secret_does_not_contain_the_secret_and_opens() {
        let (master, id, sealed) = fixture();
        assert!(!sealed.windows(10).any(|window| window == b"top secret"));
        assert_eq!(master.open(&id, &sealed).unwrap().expose(), "top secret");
    }

    #[test]
    fn a_sealed_secret_belongs_to_its_access_key_and_master_key() {
        let (master, id, sealed) = fixture();
        let other = AccessKeyId::parse("AKIDOTHER").unwrap();
        assert_eq!(master.open(&other, &sealed), Err(SealError::Damaged));
        let other_master = MasterKey::from_bytes([8; 32]);
        assert_eq!(
            other_master.open(&id, &sealed),
            Err(SealError::OtherMasterKey)
        );
    }

    #[test]
    fn any_changed_byte_and_any_cut_is_noticed() {
        let (master, id, sealed) = fixture();
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(master.open(&id, &changed).is_err(), "byte {at}");
            assert!(master.open(&id, &sealed[..at]).is_err(), "cut at {at}");
        }
    }

    #[test]
    fn a_master_key_survives_its_file() {
        let key = MasterKey::generate().unwrap();
        let again = MasterKey::from_hex(&format!("{}\n", *key.to_hex())).unwrap();
        assert_eq!(again.id, key.id);
        assert_eq!(
            MasterKey::from_hex("abc").map(|_| ()),
            Err(MasterKeyError::Malformed)
        );
        assert!(!format!("{key:?}").contains(&*key.to_hex()));
    }
}
