//! Ids of multipart uploads.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::{Detail, ErrorCode, Query, S3Error};

/// Length of an upload id, in bytes before base64.
pub const UPLOAD_ID_BYTES: usize = 32;

/// The id of a multipart upload: opaque to clients, 43 URL-safe characters.
///
/// It begins with the time of its upload's creation, so that ids of one key sort by age, and a marker of a listing
/// works even when its upload is gone. Source: facts: s3-behaviour.md 10.5.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UploadId([u8; UPLOAD_ID_BYTES]);

/// The text has not the form of an upload id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an upload id is 43 URL-safe base64 characters")]
pub struct ParseUploadIdError;

impl UploadId {
    /// The id of these bytes.
    pub const fn from_bytes(bytes: [u8; UPLOAD_ID_BYTES]) -> Self {
        Self(bytes)
    }

    /// Takes a text that is an upload id, whole.
    ///
    /// # Errors
    /// [`ParseUploadIdError`] for any other form: it was never given out.
    pub fn parse(text: &str) -> Result<Self, ParseUploadIdError> {
        let mut bytes = [0; UPLOAD_ID_BYTES];
        match URL_SAFE_NO_PAD.decode_slice(text, &mut bytes) {
            Ok(UPLOAD_ID_BYTES) => Ok(Self(bytes)),
            _ => Err(ParseUploadIdError),
        }
    }

    /// Reads the parameter `uploadId`.
    ///
    /// # Errors
    /// `NoSuchUpload` for a text that was never given out.
    pub fn from_query(query: &Query) -> Result<Self, S3Error> {
        let text = query.get("uploadId").unwrap_or_default();
        Self::parse(text).map_err(|_| no_such_upload(text))
    }

    /// Its bytes, which compare by the age of the upload.
    pub const fn as_bytes(&self) -> &[u8; UPLOAD_ID_BYTES] {
        &self.0
    }

    /// `NoSuchUpload` for this id.
    pub fn not_found(&self) -> S3Error {
        no_such_upload(&self.to_string())
    }
}

fn no_such_upload(id: &str) -> S3Error {
    S3Error::new(ErrorCode::NoSuchUpload).with_detail(Detail::UploadId(id.to_owned()))
}

impl fmt::Display for UploadId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&URL_SAFE_NO_PAD.encode(self.0))
    }
}

impl fmt::Debug for UploadId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "UploadId({self})")
    }
}
