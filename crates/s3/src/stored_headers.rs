//! Headers that are kept with an object and returned with it. Source: facts: s3-behaviour.md 5.2.

use http::HeaderMap;

use crate::request::{header, header_text, latin1_text};
use crate::{Detail, ErrorCode, S3Error, StorageClass};

/// What S3 answers as `Content-Type` when the writer named none.
pub const CONTENT_TYPE_DEFAULT: &str = "binary/octet-stream";
/// Most bytes of system metadata (names and values of the stored headers) and, apart from it, of user metadata.
pub const METADATA_BYTES_MAX: usize = 2048;

/// System metadata of an object, as the writer sent it. `None` means that the header was absent.
///
/// The texts are in ISO-8859-1, a character for each byte that was sent, so that they are returned byte by byte.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct StoredHeaders {
    /// `Content-Type`; absent and empty read as [`CONTENT_TYPE_DEFAULT`].
    pub content_type: Option<String>,
    /// `Cache-Control`, verbatim.
    pub cache_control: Option<String>,
    /// `Content-Disposition`, verbatim.
    pub content_disposition: Option<String>,
    /// `Content-Encoding` without `aws-chunked`.
    pub content_encoding: Option<String>,
    /// `Content-Language`, verbatim.
    pub content_language: Option<String>,
    /// `Expires`, verbatim, a date or not.
    pub expires: Option<String>,
    /// `x-amz-website-redirect-location`.
    pub website_redirect_location: Option<String>,
    /// `x-amz-storage-class`.
    pub storage_class: StorageClass,
}

impl StoredHeaders {
    /// Reads the headers of a write.
    ///
    /// # Errors
    /// `MetadataTooLarge`, `InvalidStorageClass`, `InvalidRedirectLocation`.
    pub fn from_headers(headers: &HeaderMap) -> Result<Self, S3Error> {
        let stored = Self {
            content_type: latin1(headers, "content-type").filter(|text| !text.is_empty()),
            cache_control: latin1(headers, "cache-control"),
            content_disposition: latin1(headers, "content-disposition"),
            content_encoding: content_encoding(headers),
            content_language: latin1(headers, "content-language"),
            expires: latin1(headers, "expires"),
            website_redirect_location: website_redirect(headers)?,
            storage_class: match header_text(headers, "x-amz-storage-class") {
                Some(value) => StorageClass::parse_or_refuse(&value)?,
                None => StorageClass::Standard,
            },
        };
        let size: usize = stored
            .texts()
            .map(|(name, text)| name.len() + text.chars().count())
            .sum();
        if size > METADATA_BYTES_MAX {
            Err(metadata_too_large(size))
        } else {
            Ok(stored)
        }
    }

    /// The content type that reads show.
    pub fn content_type_or_default(&self) -> &str {
        self.content_type.as_deref().unwrap_or(CONTENT_TYPE_DEFAULT)
    }

    /// Names and values of the headers that are there, without the storage class.
    pub(crate) fn texts(&self) -> impl Iterator<Item = (&'static str, &str)> {
        [
            ("content-type", &self.content_type),
            ("cache-control", &self.cache_control),
            ("content-disposition", &self.content_disposition),
            ("content-encoding", &self.content_encoding),
            ("content-language", &self.content_language),
            ("expires", &self.expires),
            (
                "x-amz-website-redirect-location",
                &self.website_redirect_location,
            ),
        ]
        .into_iter()
        .filter_map(|(name, text)| text.as_deref().map(|text| (name, text)))
    }
}

fn latin1(headers: &HeaderMap, name: &str) -> Option<String> {
    header(headers, name).map(|value| latin1_text(value).trim().to_owned())
}

/// `MetadataTooLarge` with the size that came, in bytes.
pub(crate) fn metadata_too_large(size: usize) -> S3Error {
    S3Error::new(ErrorCode::MetadataTooLarge).with_detail(Detail::Size {
        size: size as u64,
        max_size_allowed: METADATA_BYTES_MAX as u64,
    })
}

/// `aws-chunked` says how the body came, not what it is; an encoding that is nothing else is no encoding.
fn content_encoding(headers: &HeaderMap) -> Option<String> {
    let text = latin1(headers, "content-encoding")?;
    let chunked = |piece: &&str| piece.trim().eq_ignore_ascii_case("aws-chunked");
    if !text.split(',').any(|piece| chunked(&piece)) {
        return Some(text);
    }
    let kept: Vec<_> = text
        .split(',')
        .filter(|piece| !chunked(piece))
        .map(str::trim)
        .filter(|piece| !piece.is_empty())
        .collect();
    (!kept.is_empty()).then(|| kept.join(","))
}

fn website_redirect(headers: &HeaderMap) -> Result<Option<String>, S3Error> {
    match latin1(headers, "x-amz-website-redirect-location") {
        Some(text)
            if !["/", "http://", "https://"]
                .iter()
                .any(|prefix| text.starts_with(prefix)) =>
        {
            Err(S3Error::new(ErrorCode::InvalidRedirectLocation))
        }
        text => Ok(text),
    }
}
