//! Secrets at rest: authenticated encryption under master keys.
//!
//! A sealed secret is `version (1) | key id (4) | nonce (24) | ciphertext and tag`. The access key
//! id is authenticated with it, so that a row cannot be moved to another key. The key id tells
//! which master key sealed it: the first of the [`MasterKeys`] seals, and all of them open, so that
//! one can take the place of another without anything that is sealed ending at that moment.
//!
//! What leaves the server sealed (session tokens, authorization messages) is sealed in the same form
//! under a key of its own purpose, derived from the master key, so that none can stand for another.

mod master_key;
mod master_keys;

pub(crate) use master_key::Purpose;
pub use master_key::{MasterKey, MasterKeyError, SealError, UPLOAD_ID_TAG_BYTES};
pub use master_keys::MasterKeys;
