//! What `x-amz-content-sha256` says about the body.

/// The hash of no bytes.
pub(crate) const EMPTY_SHA256: [u8; 32] = [
    0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14, 0x9a, 0xfb, 0xf4, 0xc8, 0x99, 0x6f, 0xb9, 0x24,
    0x27, 0xae, 0x41, 0xe4, 0x64, 0x9b, 0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55,
];

/// How the body is covered by the signature.
///
/// Source: Amazon S3 API Reference, "Authenticating Requests (AWS Signature Version 4)"; facts: s3-behaviour.md 3.1, 3.3.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Payload {
    /// `UNSIGNED-PAYLOAD`: not covered.
    Unsigned,
    /// The SHA-256 of the whole body.
    Signed([u8; 32]),
    /// `STREAMING-AWS4-HMAC-SHA256-PAYLOAD`: each chunk carries a signature.
    StreamingSigned,
    /// `STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER`: and so does the trailer.
    StreamingSignedTrailer,
    /// `STREAMING-UNSIGNED-PAYLOAD-TRAILER`: chunks without signatures, then a trailer.
    StreamingUnsignedTrailer,
    /// `STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD`: Signature Version 4A's chunks.
    StreamingEcdsa,
    /// `STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER`: likewise.
    StreamingEcdsaTrailer,
}

impl Payload {
    const TOKENS: [(&'static str, Self); 6] = [
        ("UNSIGNED-PAYLOAD", Self::Unsigned),
        ("STREAMING-AWS4-HMAC-SHA256-PAYLOAD", Self::StreamingSigned),
        (
            "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
            Self::StreamingSignedTrailer,
        ),
        (
            "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
            Self::StreamingUnsignedTrailer,
        ),
        (
            "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD",
            Self::StreamingEcdsa,
        ),
        (
            "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER",
            Self::StreamingEcdsaTrailer,
        ),
    ];

    /// Reads the header's value: one of the tokens, or 64 hex digits. `None` for anything else.
    pub fn from_header(value: &str) -> Option<Self> {
        let token = Self::TOKENS.into_iter().find(|(token, _)| *token == value);
        if let Some((_, payload)) = token {
            return Some(payload);
        }
        let mut hash = [0; 32];
        hex::decode_to_slice(value, &mut hash).ok()?;
        Some(Self::Signed(hash))
    }

    /// Whether the body is in `aws-chunked` framing.
    pub const fn is_streaming(self) -> bool {
        !matches!(self, Self::Unsigned | Self::Signed(_))
    }

    /// Whether each chunk carries a signature.
    pub const fn has_signed_chunks(self) -> bool {
        matches!(
            self,
            Self::StreamingSigned
                | Self::StreamingSignedTrailer
                | Self::StreamingEcdsa
                | Self::StreamingEcdsaTrailer
        )
    }

    /// Whether the framing ends with a trailer.
    pub const fn has_trailer(self) -> bool {
        matches!(
            self,
            Self::StreamingSignedTrailer
                | Self::StreamingUnsignedTrailer
                | Self::StreamingEcdsaTrailer
        )
    }

    /// The header's value: the token, or the hash as 64 lower-case hex digits.
    pub fn token(&self) -> String {
        match self {
            Self::Signed(hash) => hex::encode(hash),
            other => Self::TOKENS
                .into_iter()
                .find(|(_, payload)| payload == other)
                .map_or_else(String::new, |(token, _)| token.to_owned()),
        }
    }
}
