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

/// The text that a header's value stands for: of an encoded word what it encodes, as AWS was recorded to take it apart,
/// and the value as it stands otherwise, also where a word holds what no header can (control characters).
pub(crate) fn decode(value: &str) -> Cow<'_, str> {
    match word(value) {
        Some(text) if !text.chars().any(char::is_control) => Cow::Owned(text),
        _ => Cow::Borrowed(value),
    }
}

fn word(value: &str) -> Option<String> {
    let inner = value.strip_prefix("=?")?.strip_suffix("?=")?;
    let (charset, rest) = inner.split_once('?')?;
    let (encoding, text) = rest.split_once('?')?;
    if !charset.eq_ignore_ascii_case("utf-8") {
        return None;
    }
    let bytes = match encoding {
        "B" | "b" => STANDARD.decode(text).ok()?,
        "Q" | "q" => unquoted(text)?,
        _ => return None,
    };
    String::from_utf8(bytes).ok()
}

fn unquoted(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        out.push(match byte {
            b'_' => b' ',
            b'=' => hex_digit(bytes.next()?)? << 4 | hex_digit(bytes.next()?)?,
            byte => byte,
        });
    }
    Some(out)
}

fn hex_digit(byte: u8) -> Option<u8> {
    char::from(byte)
        .to_digit(16)
        .and_then(|digit| u8::try_from(digit).ok())
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
