//! The parameters of a request.

use crate::routing::percent;

/// Decoded parameters in the order of the request. Of several with one name the first counts.
///
/// Names and values are percent-decoded, `+` is a space; a name without `=` has an empty value.
/// Source: facts: s3-behaviour.md 2.1 and 2.2.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Query(Vec<(String, String)>);

/// A parameter is not percent-encoded UTF-8, or holds NUL (which no row of text can hold).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the query string is not percent-encoded UTF-8")]
pub struct ParseQueryError;

impl Query {
    /// Decodes what stands behind the `?`.
    ///
    /// # Errors
    /// [`ParseQueryError`] for a broken escape, invalid UTF-8 or NUL.
    pub fn parse(raw: &str) -> Result<Self, ParseQueryError> {
        let mut pairs = Vec::new();
        for piece in raw.split('&').filter(|piece| !piece.is_empty()) {
            let (name, value) = piece.split_once('=').unwrap_or((piece, ""));
            let decode = |text: &str| percent::decode_form(text).map_err(|_| ParseQueryError);
            pairs.push((decode(name)?, decode(value)?));
        }
        Ok(Self(pairs))
    }

    /// The value of the first parameter of that name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(other, _)| other == name)
            .map(|(_, value)| value.as_str())
    }

    /// Whether a parameter of that name is there, with a value or without.
    pub fn contains(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// All parameters, in the order of the request.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }
}
