//! The canonical headers.

use http::HeaderMap;

use crate::signed_headers::SignedHeaders;

/// Writes one `name:value` line per signed header, values of repeated headers joined by commas.
///
/// A listed header that the request does not have counts as empty. Values are bytes: they need not be UTF-8.
/// Source: facts: s3-behaviour.md 3.1.
pub(super) fn write(signed: &SignedHeaders, headers: &HeaderMap, to: &mut Vec<u8>) {
    for name in signed.iter() {
        to.extend_from_slice(name.as_str().as_bytes());
        to.push(b':');
        for (index, value) in headers.get_all(name).iter().enumerate() {
            if index > 0 {
                to.push(b',');
            }
            write_value(value.as_bytes(), to);
        }
        to.push(b'\n');
    }
}

/// Writes the names, separated by semicolons.
pub(super) fn write_names(signed: &SignedHeaders, to: &mut Vec<u8>) {
    for (index, name) in signed.iter().enumerate() {
        if index > 0 {
            to.push(b';');
        }
        to.extend_from_slice(name.as_str().as_bytes());
    }
}

/// Trims the value and makes every inner run of white space one space.
fn write_value(value: &[u8], to: &mut Vec<u8>) {
    let words = value
        .split(u8::is_ascii_whitespace)
        .filter(|word| !word.is_empty());
    for (index, word) in words.enumerate() {
        if index > 0 {
            to.push(b' ');
        }
        to.extend_from_slice(word);
    }
}
