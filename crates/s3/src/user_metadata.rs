//! User metadata: the `x-amz-meta-*` headers of an object. Source: facts: s3-behaviour.md 5.2.

use std::borrow::Cow;

use http::{HeaderMap, HeaderName, HeaderValue};

use crate::S3Error;
use crate::encoded_word;
use crate::request::value_text;
use crate::stored_headers::{METADATA_BYTES_MAX, metadata_too_large};

const PREFIX: &str = "x-amz-meta-";

/// Names (lower case, without `x-amz-meta-`) and values of user metadata, in the order of names.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct UserMetadata(Vec<(String, String)>);

impl UserMetadata {
    /// Metadata from stored pairs, which were checked when they came in.
    pub fn from_stored(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut pairs: Vec<_> = pairs.into_iter().collect();
        pairs.sort();
        Self(pairs)
    }

    /// Reads the headers of a write. Several lines of one name are joined by `,`; a value that is a word of RFC 2047 is
    /// kept as the text that it encodes.
    ///
    /// # Errors
    /// `MetadataTooLarge` beyond 2048 bytes of names and values.
    pub fn from_headers(headers: &HeaderMap) -> Result<Self, S3Error> {
        let mut pairs = Vec::new();
        for name in headers.keys() {
            if let Some(short) = name.as_str().strip_prefix(PREFIX) {
                let values: Vec<_> = headers
                    .get_all(name)
                    .iter()
                    .map(|value| value_text(value).trim().to_owned())
                    .collect();
                pairs.push((short.to_owned(), values.join(",")));
            }
        }
        let size: usize = pairs
            .iter()
            .map(|(name, value)| name.len() + value.len())
            .sum();
        if size > METADATA_BYTES_MAX {
            return Err(metadata_too_large(size));
        }
        for (_, value) in &mut pairs {
            if let Cow::Owned(text) = encoded_word::decode(value) {
                *value = text;
            }
        }
        Ok(Self::from_stored(pairs))
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

    /// Writes the headers of a read. What cannot be a header is counted in `x-amz-missing-meta`.
    pub(crate) fn write(&self, headers: &mut HeaderMap) {
        let mut missing = 0_usize;
        for (name, value) in self.iter() {
            let name = HeaderName::try_from(format!("{PREFIX}{name}"));
            let value = HeaderValue::try_from(encoded_word::encode(value).as_ref());
            match (name, value) {
                (Ok(name), Ok(value)) => drop(headers.insert(name, value)),
                _ => missing += 1,
            }
        }
        if missing > 0 {
            headers.insert("x-amz-missing-meta", HeaderValue::from(missing));
        }
    }
}
