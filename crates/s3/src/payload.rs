//! How long a body is, and how it is framed. Source: facts: s3-behaviour.md 1.5 and 3.3.

use http::HeaderMap;

use crate::request::{header, header_text};
use crate::{Detail, ErrorCode, S3Error};

/// Most bytes of one `PutObject`, part or copy: 5 GiB. Source: facts: s3-behaviour.md 5.2.
pub const UPLOAD_BYTES_MAX: u64 = 5 * 1024 * 1024 * 1024;

/// Whether the payload is `aws-chunked`. Not `Content-Encoding` but the payload token decides.
pub fn is_streaming(headers: &HeaderMap) -> bool {
    header(headers, "x-amz-content-sha256")
        .is_some_and(|value| value.as_bytes().trim_ascii().starts_with(b"STREAMING-"))
}

/// The number of bytes of data that will come: `x-amz-decoded-content-length` of a streaming payload, `Content-Length`
/// otherwise.
///
/// # Errors
/// `MissingContentLength` (411) when the length is absent or no number; `EntityTooLarge` beyond [`UPLOAD_BYTES_MAX`].
/// AWS: old reports have 501 for `Transfer-Encoding: chunked` without a length; facts: s3-behaviour.md 25 decides for 411.
pub fn data_bytes(headers: &HeaderMap) -> Result<u64, S3Error> {
    let name = if is_streaming(headers) {
        "x-amz-decoded-content-length"
    } else {
        "content-length"
    };
    let bytes = header_text(headers, name)
        .filter(|text| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()))
        .and_then(|text| text.parse::<u64>().ok())
        .ok_or(S3Error::new(ErrorCode::MissingContentLength))?;
    if bytes > UPLOAD_BYTES_MAX {
        return Err(too_large(bytes));
    }
    Ok(bytes)
}

/// `EntityTooLarge` for a single upload of `proposed_size` bytes.
pub fn too_large(proposed_size: u64) -> S3Error {
    S3Error::new(ErrorCode::EntityTooLarge).with_detail(Detail::ProposedSize {
        proposed_size,
        max_size_allowed: UPLOAD_BYTES_MAX,
    })
}

impl S3Error {
    /// The answer to a streaming payload on an operation that uploads nothing, after signature and bucket.
    /// Source: facts: s3-behaviour.md 3.3.
    pub fn streaming_not_accepted() -> Self {
        Self::invalid_request("The value of x-amz-content-sha256 header is invalid.")
    }

    /// `MaxMessageLengthExceeded` for a document over its limit in bytes.
    pub fn message_too_long(max_bytes: u64) -> Self {
        Self::new(ErrorCode::MaxMessageLengthExceeded)
            .with_detail(Detail::MaxMessageLength(max_bytes))
    }

    /// `IncompleteBody` when fewer or more bytes came than were announced.
    pub fn wrong_body_length(expected: u64, provided: u64) -> Self {
        Self::new(ErrorCode::IncompleteBody)
            .with_message("You did not provide the number of bytes specified by the Content-Length HTTP header")
            .with_detail(Detail::NumberBytes { expected, provided })
    }
}

/// Headers of directory buckets and of what is not built, which must not be ignored silently.
///
/// # Errors
/// `NotImplemented` (501) with the header. Source: facts: s3-behaviour.md 1.5.
pub fn refuse_directory_headers(headers: &HeaderMap) -> Result<(), S3Error> {
    const NAMES: [&str; 4] = [
        "x-amz-write-offset-bytes",
        "x-amz-rename-source",
        "x-amz-if-match-last-modified-time",
        "x-amz-if-match-size",
    ];
    match NAMES.iter().find(|name| header(headers, name).is_some()) {
        Some(name) => Err(S3Error::header_not_implemented(name)),
        None => Ok(()),
    }
}
