//! Percent-decoding, once, and encoding for listings.

use std::borrow::Cow;

/// The text is not percent-encoded UTF-8, or decodes to NUL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct DecodeError;

/// Decodes a path: `+` is a plus sign.
pub(crate) fn decode_path(text: &str) -> Result<String, DecodeError> {
    let bytes = decode_bytes(text.as_bytes(), false)?;
    let text = String::from_utf8(bytes).map_err(|_| DecodeError)?;
    if text.contains('\0') {
        Err(DecodeError)
    } else {
        Ok(text)
    }
}

/// Decodes a query's name or value, or a copy source: `+` is a space.
pub(crate) fn decode_form(text: &str) -> Result<String, DecodeError> {
    let bytes = decode_bytes(text.as_bytes(), true)?;
    let text = String::from_utf8(bytes).map_err(|_| DecodeError)?;
    if text.contains('\0') {
        Err(DecodeError)
    } else {
        Ok(text)
    }
}

/// Decodes a form's name or value to bytes of any kind: `+` is a space.
pub(crate) fn decode_form_bytes(text: &str) -> Result<Vec<u8>, DecodeError> {
    decode_bytes(text.as_bytes(), true)
}

fn decode_bytes(text: &[u8], plus_is_space: bool) -> Result<Vec<u8>, DecodeError> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&byte, tail)) = rest.split_first() {
        rest = tail;
        match byte {
            b'%' => {
                let (digits, tail) = rest.split_at_checked(2).ok_or(DecodeError)?;
                let mut decoded = [0_u8];
                hex::decode_to_slice(digits, &mut decoded).map_err(|_| DecodeError)?;
                out.extend_from_slice(&decoded);
                rest = tail;
            }
            b'+' if plus_is_space => out.push(b' '),
            _ => out.push(byte),
        }
    }
    Ok(out)
}

/// Encodes a key or prefix for a listing with `encoding-type=url`: `/` stays, a space becomes `+`.
///
/// Source: facts: s3-behaviour.md 12.2.
pub(crate) fn encode_listing(text: &str) -> Cow<'_, str> {
    encode_but(text, b"/")
}

/// As [`encode_listing`], but for `/`, which is escaped, too.
pub(crate) fn encode_form(text: &str) -> Cow<'_, str> {
    encode_but(text, b"")
}

fn encode_but<'t>(text: &'t str, kept: &[u8]) -> Cow<'t, str> {
    use std::fmt::Write as _;
    let plain = |byte: u8| {
        byte.is_ascii_alphanumeric()
            || matches!(byte, b'-' | b'_' | b'.' | b'*')
            || kept.contains(&byte)
    };
    if text.bytes().all(plain) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() * 3);
    for byte in text.bytes() {
        match byte {
            b' ' => out.push('+'),
            byte if plain(byte) => out.push(char::from(byte)),
            // Writing to a String cannot fail.
            byte => drop(write!(out, "%{byte:02X}")),
        }
    }
    Cow::Owned(out)
}
