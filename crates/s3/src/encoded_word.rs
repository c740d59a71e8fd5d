//! RFC 2047 words, in which text beyond ASCII travels in headers. Source: facts: s3-behaviour.md 5.2.

use std::borrow::Cow;
use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// The value as it stands when it is printable ASCII; otherwise one encoded word.
pub(crate) fn encode(value: &str) -> Cow<'_, str> {
    if value.chars().any(is_foreign) {
        Cow::Owned(word(value))
    } else {
        Cow::Borrowed(value)
    }
}

/// One encoded word: `Q` when more than half of its UTF-16 units are printable ASCII, `B` otherwise.
///
/// AWS: recorded by LocalStack's tests, 2025, for texts on both sides of the line, control characters among them.
pub(crate) fn word(value: &str) -> String {
    let (plain, foreign) =
        value.chars().fold((0, 0), |(plain, foreign), character| {
            match character.len_utf16() {
                units if is_foreign(character) => (plain, foreign + units),
                units => (plain + units, foreign),
            }
        });
    if plain > foreign {
        format!("=?UTF-8?Q?{}?=", quoted(value))
    } else {
        format!("=?UTF-8?B?{}?=", STANDARD.encode(value))
    }
}

fn is_foreign(character: char) -> bool {
    !character.is_ascii() || (character.is_ascii_control() && !"\t\r\n".contains(character))
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

/// A text with its encoded words decoded, and the white space between two of them removed. A word that cannot be decoded
/// stays; bytes that are not UTF-8 become U+FFFD.
///
/// AWS: recorded by LocalStack's tests, 2025; they also show that badly padded base64 is decoded to something, which is
/// not done here.
pub(crate) fn decode(text: &str) -> Cow<'_, str> {
    if !text.contains("=?") {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut after_word = false;
    let mut rest = text;
    while !rest.is_empty() {
        let space_end = rest.find(|it| !is_white(it)).unwrap_or(rest.len());
        let (space, tail) = rest.split_at(space_end);
        let (piece, tail) = tail.split_at(tail.find(is_white).unwrap_or(tail.len()));
        rest = tail;
        let decoded = decode_word(piece);
        if !(after_word && decoded.is_some()) {
            out.push_str(space);
        }
        after_word = decoded.is_some();
        out.push_str(decoded.as_deref().unwrap_or(piece));
    }
    Cow::Owned(out)
}

const fn is_white(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\r' | '\n')
}

fn decode_word(piece: &str) -> Option<String> {
    let inner = piece.strip_prefix("=?")?.strip_suffix("?=")?;
    let (charset, rest) = inner.split_once('?')?;
    let (encoding, text) = rest.split_once('?')?;
    let bytes = match encoding {
        "B" | "b" => STANDARD.decode(text).ok()?,
        "Q" | "q" => unquoted(text)?,
        _ => return None,
    };
    match charset.to_ascii_uppercase().as_str() {
        "UTF-8" | "US-ASCII" => Some(String::from_utf8_lossy(&bytes).into_owned()),
        "ISO-8859-1" => Some(bytes.into_iter().map(char::from).collect()),
        _ => None,
    }
}

fn unquoted(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, tail)) = rest.split_first() {
        rest = tail;
        match byte {
            b'_' => out.push(b' '),
            b'=' => {
                let (digits, tail) = rest.split_at_checked(2)?;
                let mut decoded = [0_u8];
                hex::decode_to_slice(digits, &mut decoded).ok()?;
                out.extend_from_slice(&decoded);
                rest = tail;
            }
            byte => out.push(byte),
        }
    }
    Some(out)
}
