//! Headers that are kept with an object and returned with it.

use crate::StorageClass;

/// What S3 answers as `Content-Type` when the writer named none. Source: facts: s3-behaviour.md 5.2.
pub const CONTENT_TYPE_DEFAULT: &str = "binary/octet-stream";

/// System metadata of an object, as the writer sent it. `None` means that the header was absent.
///
/// Source: facts: s3-behaviour.md 5.2.
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
