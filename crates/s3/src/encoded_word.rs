//! RFC 2047 words, in which text beyond ASCII travels in headers. Source: facts: s3-behaviour.md 5.2.

use std::borrow::Cow;
use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// The value as it stands when it is ASCII; otherwise one encoded word, `Q`, or `B` when most of it is not ASCII.
/// AWS: where the line between the two lies is not recorded; here at half of the characters.
pub(crate) fn encode(value: &str) -> Cow<'_, str> {
    if value.is_ascii() {
        return Cow::Borrowed(value);
    }
    let foreign = value
        .chars()
        .filter(|character| !character.is_ascii())
        .count();
    Cow::Owned(if foreign * 2 > value.chars().count() {
        format!("=?UTF-8?B?{}?=", STANDARD.encode(value))
    } else {
        format!("=?UTF-8?Q?{}?=", quoted(value))
    })
}

fn quoted(value: &str) -> String {
    let mut out = String::with_capacity(value.len() * 3);
    for byte in value.bytes() {
        match byte {
            b' ' => out.push('_'),
            b'=' | b'?' | b'_' | 0..=31 | 127.. => {
                // Writing to a String cannot fail.
                let _ = write!(out, "={byte:02X}");
            }
            byte => out.push(char::from(byte)),
        }
    }
    out
}
