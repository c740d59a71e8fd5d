//! The header `x-amz-copy-source-range`. Source: facts: s3-behaviour.md 10.4.

use std::ops::Range;

use http::HeaderMap;

use crate::S3Error;
use crate::request::header_text;

const HEADER: &str = "x-amz-copy-source-range";

/// Which bytes of its source a part is. Open ranges and suffixes do not exist here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopyRange {
    first: u64,
    last: u64,
    raw: String,
}

impl CopyRange {
    /// Reads the header.
    ///
    /// # Errors
    /// `InvalidArgument` for any form but `bytes=first-last`.
    pub fn from_headers(headers: &HeaderMap) -> Result<Option<Self>, S3Error> {
        let Some(raw) = header_text(headers, HEADER) else {
            return Ok(None);
        };
        match parse(&raw) {
            Some((first, last)) if first <= last => Ok(Some(Self { first, last, raw })),
            _ => Err(S3Error::invalid_argument(
                "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the \
                 zero-based offsets of the first and last bytes to copy",
                HEADER,
                Some(&raw),
            )),
        }
    }

    /// The bytes of a source of `size_bytes`.
    ///
    /// # Errors
    /// `InvalidRequest` for a range that begins beyond the source, `InvalidArgument` for one that ends there: ends are
    /// not clipped. AWS was recorded with both.
    pub fn within(&self, size_bytes: u64) -> Result<Range<u64>, S3Error> {
        if self.first >= size_bytes {
            return Err(S3Error::invalid_request(
                "The specified copy range is invalid for the source object size",
            ));
        }
        match self.last.checked_add(1) {
            Some(end) if end <= size_bytes => Ok(self.first..end),
            _ => Err(S3Error::invalid_argument(
                format!("Range specified is not valid for source object of size: {size_bytes}"),
                HEADER,
                Some(&self.raw),
            )),
        }
    }
}

fn parse(text: &str) -> Option<(u64, u64)> {
    let (first, last) = text.strip_prefix("bytes=")?.split_once('-')?;
    Some((number(first)?, number(last)?))
}

fn number(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().unwrap_or(u64::MAX))
}
