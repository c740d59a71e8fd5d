//! What follows the last chunk.

use super::{ChunkError, ChunkSigner};

/// Longest trailer, in bytes: all lines with their ends.
pub(super) const TRAILER_BYTES_MAX: usize = 8192;

const SIGNATURE_NAME: &str = "x-amz-trailer-signature";

/// Trailing headers: lower-case names and trimmed values, in the order sent, each name once. The signature is not
/// among them.
pub type Trailers = Vec<(String, String)>;

/// The trailer as it is read line by line.
#[derive(Debug)]
pub(super) struct TrailerReader {
    announced: Vec<String>,
    lines: Trailers,
    signature: Option<String>,
}

impl TrailerReader {
    /// `announced`: the names in `x-amz-trailer`, in any letter case.
    pub(super) fn new(announced: Vec<String>) -> Self {
        let mut announced: Vec<_> = announced
            .into_iter()
            .map(|name| name.trim().to_ascii_lowercase())
            .filter(|name| !name.is_empty())
            .collect();
        announced.sort_unstable();
        announced.dedup();
        Self {
            announced,
            lines: Vec::new(),
            signature: None,
        }
    }

    /// Takes a line without its CRLF.
    ///
    /// The S3 documentation's example ends a trailing header with a line feed and then CRLF, and clients copied
    /// it: so a line may itself hold lines.
    pub(super) fn push(&mut self, line: &[u8]) -> Result<(), ChunkError> {
        let text = core::str::from_utf8(line).map_err(|_| ChunkError::MalformedTrailer)?;
        text.split('\n')
            .filter(|line| !line.is_empty())
            .try_for_each(|line| self.push_one(line))
    }

    fn push_one(&mut self, line: &str) -> Result<(), ChunkError> {
        let (name, value) = line.split_once(':').ok_or(ChunkError::MalformedTrailer)?;
        let name = name.trim().to_ascii_lowercase();
        let value = value.trim().to_owned();
        let repeated = self.lines.iter().any(|(other, _)| *other == name)
            || (name == SIGNATURE_NAME && self.signature.is_some());
        if repeated {
            return Err(ChunkError::MalformedTrailer);
        }
        if name == SIGNATURE_NAME {
            self.signature = Some(value);
        } else {
            self.lines.push((name, value));
        }
        Ok(())
    }

    /// Judges the trailer: its signature first, where there has to be one, then that it is what was announced.
    pub(super) fn finish(self, signer: Option<&mut ChunkSigner>) -> Result<Trailers, ChunkError> {
        if let Some(signer) = signer {
            let signature = self
                .signature
                .as_deref()
                .ok_or(ChunkError::TrailerSignatureMissing)?;
            let signature = signer
                .parse(signature)
                .ok_or(ChunkError::SignatureDoesNotMatch)?;
            if !signer.accepts_trailer(&self.signed_lines(), signature) {
                return Err(ChunkError::SignatureDoesNotMatch);
            }
        } else if self.signature.is_some() {
            return Err(ChunkError::MalformedTrailer);
        }
        let mut names: Vec<_> = self.lines.iter().map(|(name, _)| name).collect();
        names.sort_unstable();
        if names.into_iter().ne(&self.announced) {
            return Err(ChunkError::MalformedTrailer);
        }
        Ok(self.lines)
    }

    /// Sorted `name:value` lines, each with a line feed.
    fn signed_lines(&self) -> Vec<u8> {
        let mut sorted: Vec<_> = self.lines.iter().collect();
        sorted.sort_unstable();
        let mut signed = Vec::new();
        for (name, value) in sorted {
            for piece in [name.as_str(), ":", value, "\n"] {
                signed.extend_from_slice(piece.as_bytes());
            }
        }
        signed
    }
}
