//! `BinaryEquals`.

use base64::{Engine, engine::general_purpose::STANDARD};

/// Longest value of the request that is compared, in bytes. No key of S3 is binary.
const BYTES_MAX: usize = 1024;

/// Bytes written in base64.
#[derive(Clone, Debug)]
pub(super) struct Binary(Box<[u8]>);

/// Whether `BinaryEquals` can compare with this value.
pub(crate) fn is_base64(text: &str) -> bool {
    Binary::parse(text).is_some()
}

impl Binary {
    pub(super) fn parse(text: &str) -> Option<Self> {
        STANDARD.decode(text).ok().map(|bytes| Self(bytes.into()))
    }

    /// Whether `text` is base64 of the same bytes.
    pub(super) fn matches(&self, text: &str) -> bool {
        let mut bytes = [0; BYTES_MAX];
        let decoded = STANDARD.decode_slice(text, &mut bytes);
        decoded.is_ok_and(|used| bytes.get(..used) == Some(&*self.0))
    }
}
