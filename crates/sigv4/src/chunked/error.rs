//! Every way in which a chunked body is wrong.

/// Why a chunked body is refused. `Display` is AWS's message, [`code`](Self::code) AWS's error code, and
/// [`extras`](Self::extras) the further elements of AWS's answer.
///
/// Source: facts: s3-behaviour.md 3.3, authorization.md 1.3.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChunkError {
    /// A chunk's size, its line ends or its signature's form are wrong, or the body ends too early or too late.
    #[error("The request body terminated unexpectedly")]
    Framing,
    /// The chunks do not add up to `x-amz-decoded-content-length`.
    #[error("You did not provide the number of bytes specified by the Content-Length HTTP header")]
    DecodedLength {
        /// What the header says, in bytes.
        expected_bytes: u64,
        /// What the chunks had announced when this was found, in bytes.
        provided_bytes: u64,
    },
    /// The signature of a chunk, of the last chunk or of the trailer is another.
    #[error(
        "The request signature we calculated does not match the signature you provided. Check your key and signing method."
    )]
    SignatureDoesNotMatch,
    /// A signed trailer without `x-amz-trailer-signature`.
    #[error("The request body terminated unexpectedly")]
    TrailerSignatureMissing,
    /// A chunk below 8192 bytes is followed by another with data.
    #[error("Only the last chunk is allowed to have a size less than 8192 bytes")]
    ChunkTooSmall {
        /// The number, from 1, of the chunk that follows the small one.
        chunk: u64,
        /// The small one's size, in bytes.
        size_bytes: u64,
    },
    /// A trailer's line is malformed, repeated or not announced, an announced one is missing, or all are too long.
    #[error(
        "The request contained trailing data that was not well-formed or did not conform to our published schema."
    )]
    MalformedTrailer,
}

impl ChunkError {
    /// AWS's error code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Framing | Self::DecodedLength { .. } | Self::TrailerSignatureMissing => {
                "IncompleteBody"
            }
            Self::SignatureDoesNotMatch => "SignatureDoesNotMatch",
            Self::ChunkTooSmall { .. } => "InvalidChunkSizeError",
            Self::MalformedTrailer => "MalformedTrailerError",
        }
    }

    /// The elements that follow `Message` in AWS's answer, in their order.
    pub fn extras(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::DecodedLength {
                expected_bytes,
                provided_bytes,
            } => vec![
                ("NumberBytesExpected", expected_bytes.to_string()),
                ("NumberBytesProvided", provided_bytes.to_string()),
            ],
            Self::ChunkTooSmall { chunk, size_bytes } => vec![
                ("Chunk", chunk.to_string()),
                ("BadChunkSize", size_bytes.to_string()),
            ],
            _ => Vec::new(),
        }
    }
}
