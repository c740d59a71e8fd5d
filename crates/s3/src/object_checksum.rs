//! The checksum of an object, as answers show it.

use buckler_checksum::{Algorithm, Checksum, ChecksumType, CompositeChecksum};

use crate::Answer;
use crate::xml::Writer;

/// A checksum over the whole object, over the checksums of its parts, or over one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ObjectChecksum {
    /// Over the object's bytes.
    FullObject(Checksum),
    /// Over the parts' digests; shown as `base64-N`.
    Composite(CompositeChecksum),
    /// Over the bytes of one part of an object whose checksum is of this type.
    Part(Checksum, ChecksumType),
}

impl From<Checksum> for ObjectChecksum {
    fn from(checksum: Checksum) -> Self {
        Self::FullObject(checksum)
    }
}

impl ObjectChecksum {
    /// The algorithm.
    pub const fn algorithm(&self) -> Algorithm {
        match self {
            Self::FullObject(checksum) | Self::Part(checksum, _) => checksum.algorithm(),
            Self::Composite(composite) => composite.checksum().algorithm(),
        }
    }

    /// `FULL_OBJECT` or `COMPOSITE`.
    pub const fn checksum_type(&self) -> ChecksumType {
        match self {
            Self::FullObject(_) => ChecksumType::FullObject,
            Self::Composite(_) => ChecksumType::Composite,
            Self::Part(_, checksum_type) => *checksum_type,
        }
    }

    /// The value as headers and most documents show it.
    pub fn to_text(&self) -> String {
        match self {
            Self::FullObject(checksum) | Self::Part(checksum, _) => checksum.to_base64(),
            Self::Composite(composite) => composite.to_string(),
        }
    }

    /// Adds `x-amz-checksum-<alg>` and `x-amz-checksum-type`.
    pub(crate) fn add_to(self, answer: Answer) -> Answer {
        answer
            .with(self.algorithm().header_name(), &self.to_text())
            .with("x-amz-checksum-type", self.checksum_type().name())
    }

    /// Writes `ChecksumX` and `ChecksumType`.
    pub(crate) fn write(&self, writer: &mut Writer) {
        writer.text(self.algorithm().element_name(), &self.to_text());
        writer.text("ChecksumType", self.checksum_type().name());
    }
}
