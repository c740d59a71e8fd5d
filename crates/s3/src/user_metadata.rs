//! User metadata: the `x-amz-meta-*` headers of an object.

/// Names (lower case, without `x-amz-meta-`) and values of user metadata, in the order of names.
///
/// Source: facts: s3-behaviour.md 5.2.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct UserMetadata(Vec<(String, String)>);

impl UserMetadata {
    /// Metadata from stored pairs, which were checked when they came in.
    pub fn from_stored(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut pairs: Vec<_> = pairs.into_iter().collect();
        pairs.sort();
        Self(pairs)
    }

    /// Names and values, in the order of names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
