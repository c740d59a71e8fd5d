//! The stored forms of resource-based policies, read back.

use super::{PolicyError, bucket_policy, principals::Form, trust_policy};
use crate::{Document, json};

impl Document {
    /// Reads a policy that was written with [`Document::to_normalized_json`] after [`Document::bind`].
    ///
    /// Unlike a policy that is sent, it may name users and roles by unique id, and it is not tested against a bucket
    /// again: what was accepted once stays in force.
    ///
    /// # Errors
    /// The text is no policy, which for a stored one means that the store is damaged.
    pub fn from_stored(text: &str) -> Result<Self, PolicyError> {
        let json = json::parse(text.as_bytes()).map_err(|_| PolicyError::InvalidJson)?;
        bucket_policy::document(json, None)
    }

    /// Reads a trust policy that was written with [`Document::to_normalized_json`] after [`Document::bind`].
    ///
    /// Unlike a trust policy that is sent, it may name users and roles by unique id.
    ///
    /// # Errors
    /// The text is no trust policy, which for a stored one means that the store is damaged.
    pub fn from_stored_trust_policy(text: &str) -> Result<Self, PolicyError> {
        trust_policy::parse(text.as_bytes(), Form::Stored)
    }
}
