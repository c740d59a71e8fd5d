//! User metadata: the `x-amz-meta-*` headers of an object. Source: facts: s3-behaviour.md 5.2.

use http::{HeaderMap, HeaderName, HeaderValue};

use crate::request::latin1_text;
use crate::stored_headers::{METADATA_BYTES_MAX, metadata_too_large};
use crate::{S3Error, encoded_word};

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

    /// Reads the headers of a write. Several lines of one name are joined by `,`; words of RFC 2047 are decoded.
    ///
    /// # Errors
    /// `MetadataTooLarge` beyond 2048 bytes of names and decoded values.
    ///
    /// AWS: bytes beyond ASCII are characters of ISO-8859-1, also where they are UTF-8 (recorded in minio 21282).
    pub fn from_headers(headers: &HeaderMap) -> Result<Self, S3Error> {
        let mut pairs = Vec::new();
        let mut size = 0;
        for name in headers.keys() {
            if let Some(short) = name.as_str().strip_prefix(PREFIX) {
                let values: Vec<_> = headers
                    .get_all(name)
                    .iter()
                    .map(|value| latin1_text(value).trim().to_owned())
                    .collect();
                let value = encoded_word::decode(&values.join(",")).into_owned();
                size += short.len() + value.len();
                pairs.push((short.to_owned(), storable(value)));
            }
        }
        if size > METADATA_BYTES_MAX {
            Err(metadata_too_large(size))
        } else {
            Ok(Self::from_stored(pairs))
        }
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

/// A value as the header that stands for it where it did not come as one: in the parameters of a URL, or in a form, whose
/// values are `literal`: what looks like a word of RFC 2047 there is none.
///
/// AWS: recorded by LocalStack's tests, 2025.
pub fn header_of_metadata(value: &str, literal: bool) -> Option<HeaderValue> {
    let is_plain = value
        .bytes()
        .all(|byte| byte == b'\t' || (b' '..0x7f).contains(&byte));
    if is_plain && !(literal && value.contains("=?")) {
        HeaderValue::from_bytes(value.as_bytes()).ok()
    } else {
        HeaderValue::try_from(encoded_word::word(value)).ok()
    }
}

/// Control characters are kept as words of RFC 2047: no row of text can hold NUL.
fn storable(value: String) -> String {
    let is_control = |character: char| character.is_control() && character != '\t';
    if value.chars().any(is_control) {
        encoded_word::word(&value)
    } else {
        value
    }
}
