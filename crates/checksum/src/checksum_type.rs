//! How the checksum of a multipart object relates to its bytes.

/// Whether an object's checksum is over its bytes or over the checksums of its parts.
///
/// Source: Amazon S3 API Reference, `ChecksumType`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChecksumType {
    /// Over all bytes of the object.
    FullObject,
    /// Over the concatenated digests of the parts.
    Composite,
}

impl ChecksumType {
    /// AWS's name: `FULL_OBJECT` or `COMPOSITE`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::FullObject => "FULL_OBJECT",
            Self::Composite => "COMPOSITE",
        }
    }

    /// Reads AWS's name, exactly as written; `None` for anything else.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "FULL_OBJECT" => Some(Self::FullObject),
            "COMPOSITE" => Some(Self::Composite),
            _ => None,
        }
    }
}
