//! Percent-encoding as Signature Version 4 wants it: RFC 3986, upper-case hex, no form encoding.

/// Bytes that stand for themselves: RFC 3986 "unreserved".
const fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

/// Decodes `%xx` once. What is no escape stays as it is, so that every text has a decoded form.
pub(crate) fn decode(text: &[u8]) -> impl Iterator<Item = u8> + '_ {
    let mut rest = text;
    core::iter::from_fn(move || match rest {
        [b'%', high, low, tail @ ..] if hex_digit(*high).is_some() && hex_digit(*low).is_some() => {
            rest = tail;
            Some((hex_digit(*high)? << 4) | hex_digit(*low)?)
        }
        [byte, tail @ ..] => {
            rest = tail;
            Some(*byte)
        }
        [] => None,
    })
}

/// Appends one byte in its encoded form.
pub(crate) fn push_encoded(byte: u8, to: &mut Vec<u8>) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    if is_unreserved(byte) {
        to.push(byte);
        return;
    }
    let digit = |nibble: u8| DIGITS.get(usize::from(nibble)).copied().unwrap_or(b'0');
    to.extend([b'%', digit(byte >> 4), digit(byte & 15)]);
}

const fn hex_digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}
