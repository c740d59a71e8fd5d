//! A request as received, and as an operation reads it.

use http::{HeaderMap, Method};

use crate::{Query, S3Error, Target};

/// The head of a request as it came over the wire, nothing decoded.
#[derive(Debug, Clone, Copy)]
pub struct RequestHead<'a> {
    /// The method.
    pub method: &'a Method,
    /// The path before `?`, undecoded, beginning with `/`.
    pub raw_path: &'a str,
    /// What stands behind `?`, undecoded; empty without one.
    pub raw_query: &'a str,
    /// The headers.
    pub headers: &'a HeaderMap,
}

/// A routed request: what an operation reads its input from.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// The head as received.
    pub head: RequestHead<'a>,
    /// What it is about.
    pub target: &'a Target,
    /// Its decoded parameters.
    pub query: &'a Query,
}

/// Reads the typed input of an operation.
///
/// What AWS checks before the credentials was checked by [`crate::route`]; what is checked here AWS checks after the
/// bucket was found. Source: facts: s3-behaviour.md 2.2, "General order of checks".
pub trait FromRequest: Sized {
    /// Reads the input.
    ///
    /// # Errors
    /// AWS's answer for the first thing that is wrong.
    fn from_request(request: &Request<'_>) -> Result<Self, S3Error>;
}

impl<'a> Request<'a> {
    /// A header's text. Bytes that are not UTF-8 are read as Latin-1; of several lines the first counts.
    pub fn header(&self, name: &str) -> Option<String> {
        header_text(self.head.headers, name)
    }

    /// The headers.
    pub const fn headers(&self) -> &'a HeaderMap {
        self.head.headers
    }

    /// The bucket.
    ///
    /// # Errors
    /// `InternalError` when the operation was not routed to a bucket, which routing does not do.
    pub fn bucket(&self) -> Result<crate::BucketName, S3Error> {
        self.target
            .bucket()
            .cloned()
            .ok_or(S3Error::new(crate::ErrorCode::InternalError))
    }

    /// The object's key.
    ///
    /// # Errors
    /// `InternalError` when the operation was not routed to an object, which routing does not do.
    pub fn key(&self) -> Result<crate::ObjectKey, S3Error> {
        self.target
            .key()
            .cloned()
            .ok_or(S3Error::new(crate::ErrorCode::InternalError))
    }
}

/// A header's text, trimmed. Bytes that are not UTF-8 are read as Latin-1; of several lines the first counts.
pub(crate) fn header_text(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get(name)
        .map(|value| value_text(value).trim().to_owned())
}

/// The text of a header value: UTF-8, or else Latin-1, in which every byte is a character.
pub(crate) fn value_text(value: &http::HeaderValue) -> String {
    match std::str::from_utf8(value.as_bytes()) {
        Ok(text) => text.to_owned(),
        Err(_) => value
            .as_bytes()
            .iter()
            .map(|&byte| char::from(byte))
            .collect(),
    }
}
