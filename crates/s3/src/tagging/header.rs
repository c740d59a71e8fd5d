//! The header `x-amz-tagging`. Source: facts: s3-behaviour.md 13.

use http::HeaderMap;

use super::{Tag, TagSet, rules};
use crate::S3Error;
use crate::routing::percent;

const HEADER: &str = "x-amz-tagging";

/// Reads the header; no header is the empty set.
///
/// # Errors
/// `InvalidArgument` for an empty key, a broken escape, a second `=` and a key twice; `InvalidTag` for what is no UTF-8; the rules
/// of tags.
pub(crate) fn from_headers(headers: &HeaderMap) -> Result<TagSet, S3Error> {
    let Some(value) = crate::request::header_text(headers, HEADER) else {
        return Ok(TagSet::default());
    };
    let mut tags: Vec<Tag> = Vec::new();
    for piece in value.split('&').filter(|piece| !piece.is_empty()) {
        let (key, text) = piece.split_once('=').unwrap_or((piece, ""));
        // AWS: only an escaped `=` is part of a value, as recorded of `key1=val1,key2=val2`.
        if text.contains('=') {
            return Err(malformed(&value));
        }
        let tag = Tag {
            key: decode(key, &value)?,
            value: decode(text, &value)?,
        };
        if tag.key.is_empty() || tags.iter().any(|other| other.key == tag.key) {
            return Err(malformed(&value));
        }
        tags.push(tag);
    }
    rules::of_object(tags)
}

fn decode(text: &str, header: &str) -> Result<String, S3Error> {
    let bytes = percent::decode_form_bytes(text).map_err(|_| malformed(header))?;
    String::from_utf8(bytes).map_err(|_| rules::invalid("The TagKey you have provided is invalid"))
}

fn malformed(header: &str) -> S3Error {
    S3Error::invalid_argument(
        "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.",
        HEADER,
        Some(header),
    )
}
