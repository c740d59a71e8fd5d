//! The header `Content-MD5`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderMap;

use crate::{Detail, ErrorCode, S3Error};

/// A well-formed `Content-MD5`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContentMd5 {
    /// The digest.
    pub digest: [u8; 16],
    /// The header's value as sent.
    pub text: String,
}

impl ContentMd5 {
    /// Reads the header.
    ///
    /// # Errors
    /// `InvalidDigest` with the value as sent, when it is not base64 of 16 bytes.
    pub fn from_headers(headers: &HeaderMap) -> Result<Option<Self>, S3Error> {
        let Some(text) = crate::request::header_text(headers, "content-md5") else {
            return Ok(None);
        };
        let digest = STANDARD
            .decode(&text)
            .ok()
            .and_then(|bytes| <[u8; 16]>::try_from(bytes).ok());
        match digest {
            Some(digest) => Ok(Some(Self { digest, text })),
            None => {
                Err(S3Error::new(ErrorCode::InvalidDigest).with_detail(Detail::ContentMd5(text)))
            }
        }
    }
}
