//! The canonical path.

use crate::percent;

/// Writes the path encoded exactly once, never normalised: `//`, `.` and `..` stay.
///
/// Clients spell the same key in many ways (`~` or `%7E`, `%c3` or `%C3`, a bare `+` or `!`); S3 decodes what came
/// and encodes it again, so that all of them verify. Source: facts: s3-behaviour.md 2.1.
pub(super) fn write(raw_path: &str, to: &mut Vec<u8>) {
    if raw_path.is_empty() {
        to.push(b'/');
        return;
    }
    for byte in percent::decode(raw_path.as_bytes()) {
        if byte == b'/' {
            to.push(byte);
        } else {
            percent::push_encoded(byte, to);
        }
    }
}
