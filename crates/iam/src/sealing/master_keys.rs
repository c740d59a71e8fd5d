//! The master keys of a store: one seals, all of them open.

use zeroize::Zeroizing;

use super::master_key::{MasterKey, MasterKeyError, Purpose, SealError, key_id_of};
use crate::{AccessKeyId, SecretAccessKey};

/// Most master keys at a time: a rotation needs two, and one that was interrupted a few more.
const MASTER_KEYS_MAX: usize = 8;

/// The keys under which the secrets of a store are or were sealed.
#[derive(Debug, Clone)]
pub struct MasterKeys {
    first: MasterKey,
    older: Vec<MasterKey>,
}

impl From<MasterKey> for MasterKeys {
    fn from(first: MasterKey) -> Self {
        Self {
            first,
            older: Vec::new(),
        }
    }
}

impl MasterKeys {
    /// Reads keys of 64 hexadecimal digits with white space or commas between them; the first one seals.
    ///
    /// # Errors
    ///
    /// [`MasterKeyError::Malformed`] for one that is none, or if there is none;
    /// [`MasterKeyError::TooMany`]; [`MasterKeyError::Twice`].
    pub fn parse(text: &str) -> Result<Self, MasterKeyError> {
        let between = |letter: char| letter == ',' || letter.is_whitespace();
        let texts = text.split(between).filter(|text| !text.is_empty());
        let mut keys: Vec<MasterKey> = Vec::new();
        for text in texts {
            let key = MasterKey::from_hex(text)?;
            if keys.len() == MASTER_KEYS_MAX {
                return Err(MasterKeyError::TooMany);
            }
            if keys.iter().any(|other| other.id() == key.id()) {
                return Err(MasterKeyError::Twice { id: key.id() });
            }
            keys.push(key);
        }
        let mut keys = keys.into_iter();
        Ok(Self {
            first: keys.next().ok_or(MasterKeyError::Malformed)?,
            older: keys.collect(),
        })
    }

    /// Names the key that seals: 8 hexadecimal digits.
    pub fn sealing_id(&self) -> String {
        self.first.id()
    }

    /// The names of all keys, the one that seals first.
    pub fn ids(&self) -> Vec<String> {
        self.all().map(MasterKey::id).collect()
    }

    /// Names the key that something was sealed under, whether it is here or not; `None` for what is not sealed.
    pub fn id_of(sealed: &[u8]) -> Option<String> {
        key_id_of(sealed).map(hex::encode)
    }

    /// Seals the secret of `id` under the first key.
    ///
    /// # Errors
    ///
    /// [`SealError::RandomnessUnavailable`].
    pub fn seal(&self, id: &AccessKeyId, secret: &SecretAccessKey) -> Result<Vec<u8>, SealError> {
        self.first.seal(id, secret)
    }

    /// Opens the sealed secret of `id` under the key that sealed it.
    ///
    /// # Errors
    ///
    /// [`SealError::OtherMasterKey`], [`SealError::Damaged`].
    pub fn open(&self, id: &AccessKeyId, sealed: &[u8]) -> Result<SecretAccessKey, SealError> {
        self.key_of(sealed)?.open(id, sealed)
    }

    pub(crate) fn seal_for(
        &self,
        purpose: Purpose,
        plain: &[u8],
        bound_to: &[u8],
    ) -> Result<Vec<u8>, SealError> {
        self.first.seal_for(purpose, plain, bound_to)
    }

    pub(crate) fn open_for(
        &self,
        purpose: Purpose,
        sealed: &[u8],
        bound_to: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, SealError> {
        self.key_of(sealed)?.open_for(purpose, sealed, bound_to)
    }

    /// The tag by which an upload id that was given out is known again, over everything that the id is of.
    pub fn upload_id_tag(&self, pieces: &[&[u8]]) -> [u8; super::UPLOAD_ID_TAG_BYTES] {
        self.first.upload_id_tag(pieces)
    }

    /// Whether this is the tag of an upload id, made under any of the keys.
    pub fn is_upload_id_tag(
        &self,
        claimed: &[u8; super::UPLOAD_ID_TAG_BYTES],
        pieces: &[&[u8]],
    ) -> bool {
        // What a forger would learn from the time that this takes is how to be told 204 for nothing.
        self.all().any(|key| key.upload_id_tag(pieces) == *claimed)
    }

    fn key_of(&self, sealed: &[u8]) -> Result<&MasterKey, SealError> {
        let id = key_id_of(sealed).ok_or(SealError::Damaged)?;
        self.all()
            .find(|key| key.has_id(id))
            .ok_or(SealError::OtherMasterKey)
    }

    fn all(&self) -> impl Iterator<Item = &MasterKey> {
        std::iter::once(&self.first).chain(&self.older)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: [u8; 32] = [7; 32];
    const NEW: [u8; 32] = [8; 32];

    fn keys(of: &[[u8; 32]]) -> MasterKeys {
        let texts: Vec<_> = of.iter().map(hex::encode).collect();
        MasterKeys::parse(&texts.join("\n")).unwrap()
    }

    #[test]
    fn what_an_older_key_sealed_opens_until_the_key_is_taken_away() {
        let id = AccessKeyId::parse("AKIDEXAMPLE").unwrap();
        let secret = SecretAccessKey::new("top secret".to_owned());
        let sealed = keys(&[OLD]).seal(&id, &secret).unwrap();
        let both = keys(&[NEW, OLD]);
        assert_eq!(both.open(&id, &sealed).unwrap(), secret);
        let gone = keys(&[NEW]).open(&id, &sealed);
        assert_eq!(gone, Err(SealError::OtherMasterKey));
        let anew = both.seal(&id, &secret).unwrap();
        assert_eq!(MasterKeys::id_of(&anew), Some(both.sealing_id()));
        assert_eq!(keys(&[NEW]).open(&id, &anew).unwrap(), secret);
        assert_eq!(
            keys(&[OLD]).open(&id, &anew),
            Err(SealError::OtherMasterKey)
        );
    }

    #[test]
    fn upload_ids_of_an_older_key_are_known() {
        let tag = keys(&[OLD]).upload_id_tag(&[b"a", b"b"]);
        assert!(keys(&[NEW, OLD]).is_upload_id_tag(&tag, &[b"a", b"b"]));
        assert!(!keys(&[NEW, OLD]).is_upload_id_tag(&tag, &[b"a", b"c"]));
        assert!(!keys(&[NEW]).is_upload_id_tag(&tag, &[b"a", b"b"]));
    }

    #[test]
    fn lists_are_read_in_order_and_mistakes_are_told() {
        let (one, two) = (hex::encode(OLD), hex::encode(NEW));
        let both = MasterKeys::parse(&format!(" {one},\n{two}\n")).unwrap();
        assert_eq!(both.sealing_id(), keys(&[OLD]).sealing_id());
        assert_eq!(both.ids().len(), 2);
        let refused = |text: &str| MasterKeys::parse(text).err();
        assert_eq!(refused(""), Some(MasterKeyError::Malformed));
        assert_eq!(
            refused(&format!("{one} x")),
            Some(MasterKeyError::Malformed)
        );
        let id = both.sealing_id();
        assert_eq!(
            refused(&format!("{one} {one}")),
            Some(MasterKeyError::Twice { id })
        );
        let many: Vec<_> = (0..9).map(|byte| hex::encode([byte; 32])).collect();
        assert_eq!(refused(&many.join(",")), Some(MasterKeyError::TooMany));
        assert!(!format!("{both:?}").contains(&one));
    }
}
