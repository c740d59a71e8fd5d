//! A request as received, and as an operation reads it.

use http::{HeaderMap, HeaderValue, Method};

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

/// Most headers that are looked through one by one.
const FEW_HEADERS: usize = 32;

/// A header's value, by its lower-case name; of several lines the first.
///
/// PERF: operations ask for dozens of headers that are not there. To look through a handful costs a quarter of making a
/// name of the text and hashing it.
pub(crate) fn header<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h HeaderValue> {
    if headers.len() > FEW_HEADERS {
        return headers.get(name);
    }
    let mut all = headers.iter();
    all.find(|(other, _)| other.as_str() == name)
        .map(|(_, value)| value)
}

/// A header's text, trimmed. Bytes that are not UTF-8 are read as Latin-1; of several lines the first counts.
pub(crate) fn header_text(headers: &HeaderMap, name: &str) -> Option<String> {
    let value = header(headers, name)?;
    match std::str::from_utf8(value.as_bytes()) {
        Ok(text) => Some(text.trim().to_owned()),
        Err(_) => Some(value_text(value).trim().to_owned()),
    }
}

/// The text of a header value in Latin-1, in which every byte is a character.
pub(crate) fn latin1_text(value: &http::HeaderValue) -> String {
    value
        .as_bytes()
        .iter()
        .map(|&byte| char::from(byte))
        .collect()
}

/// The text of a header value: UTF-8, or else Latin-1.
pub(crate) fn value_text(value: &http::HeaderValue) -> String {
    match std::str::from_utf8(value.as_bytes()) {
        Ok(text) => text.to_owned(),
        Err(_) => latin1_text(value),
    }
}
