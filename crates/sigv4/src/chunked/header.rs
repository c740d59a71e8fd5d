//! The line before a chunk's data.

use super::{ChunkError, ChunkSigner};

/// Longest line before a chunk, in bytes. A signed one has at most 177.
pub(super) const CHUNK_HEADER_BYTES_MAX: usize = 1024;

/// `10000;chunk-signature=<hex digits>`, or `10000` alone where chunks are not signed.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ChunkHeader<'a> {
    pub(super) size_bytes: u64,
    pub(super) signature: &'a str,
}

impl<'a> ChunkHeader<'a> {
    /// Reads a line of a body whose chunks are signed.
    pub(super) fn parse_signed(line: &'a [u8], signer: &ChunkSigner) -> Result<Self, ChunkError> {
        let line = text(line)?;
        let (size, signature) = line
            .split_once(";chunk-signature=")
            .ok_or(ChunkError::Framing)?;
        Ok(Self {
            size_bytes: parse_size(size)?,
            signature: signer.parse(signature).ok_or(ChunkError::Framing)?,
        })
    }

    /// Reads a line of a body whose chunks are not.
    pub(super) fn parse_unsigned(line: &'a [u8]) -> Result<Self, ChunkError> {
        Ok(Self {
            size_bytes: parse_size(text(line)?)?,
            signature: "",
        })
    }
}

fn text(line: &[u8]) -> Result<&str, ChunkError> {
    core::str::from_utf8(line).map_err(|_| ChunkError::Framing)
}

/// Hex digits alone: `from_str_radix` would also take a sign.
fn parse_size(text: &str) -> Result<u64, ChunkError> {
    if !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(ChunkError::Framing);
    }
    u64::from_str_radix(text, 16).map_err(|_| ChunkError::Framing)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn size_is_hex_digits_alone() {
        assert_eq!(parse_size("10000"), Ok(65536));
        assert_eq!(parse_size("fFfFfFfFfFfFfFfF"), Ok(u64::MAX));
        for text in ["", "+1", "-1", " 1", "1 ", "0x1", "g", "10000000000000000"] {
            assert_eq!(parse_size(text), Err(ChunkError::Framing), "{text}");
        }
    }
}
