//! The algorithms and their names on the wire.

use crate::ChecksumType;

/// A checksum algorithm that S3 accepts for an object.
///
/// Source: Amazon S3 API Reference, `ChecksumAlgorithm`; facts: authorization.md 1.2, s3-behaviour.md 5.2 and 10.3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Algorithm {
    /// CRC-32 (ISO-HDLC), as in zip and Ethernet.
    Crc32,
    /// CRC-32C (Castagnoli, iSCSI).
    Crc32c,
    /// CRC-64/NVME; what S3 computes when a client names nothing.
    Crc64Nvme,
    /// SHA-1.
    Sha1,
    /// SHA-256.
    Sha256,
    /// SHA-512.
    Sha512,
    /// MD5.
    Md5,
    /// XXH64 with seed 0.
    XxHash64,
    /// XXH3, 64 bits, seed 0.
    XxHash3,
    /// XXH3, 128 bits, seed 0.
    XxHash128,
}

/// Everything about an algorithm that is text or width.
struct Row {
    name: &'static str,
    header_name: &'static str,
    element_name: &'static str,
    digest_bytes: usize,
}

impl Algorithm {
    /// All ten, in the order of their declaration.
    pub const ALL: [Self; 10] = [
        Self::Crc32,
        Self::Crc32c,
        Self::Crc64Nvme,
        Self::Sha1,
        Self::Sha256,
        Self::Sha512,
        Self::Md5,
        Self::XxHash64,
        Self::XxHash3,
        Self::XxHash128,
    ];

    const fn row(self) -> Row {
        match self {
            Self::Crc32 => row("CRC32", "x-amz-checksum-crc32", "ChecksumCRC32", 4),
            Self::Crc32c => row("CRC32C", "x-amz-checksum-crc32c", "ChecksumCRC32C", 4),
            Self::Crc64Nvme => row(
                "CRC64NVME",
                "x-amz-checksum-crc64nvme",
                "ChecksumCRC64NVME",
                8,
            ),
            Self::Sha1 => row("SHA1", "x-amz-checksum-sha1", "ChecksumSHA1", 20),
            Self::Sha256 => row("SHA256", "x-amz-checksum-sha256", "ChecksumSHA256", 32),
            Self::Sha512 => row("SHA512", "x-amz-checksum-sha512", "ChecksumSHA512", 64),
            Self::Md5 => row("MD5", "x-amz-checksum-md5", "ChecksumMD5", 16),
            Self::XxHash64 => row("XXHASH64", "x-amz-checksum-xxhash64", "ChecksumXXHASH64", 8),
            Self::XxHash3 => row("XXHASH3", "x-amz-checksum-xxhash3", "ChecksumXXHASH3", 8),
            Self::XxHash128 => row(
                "XXHASH128",
                "x-amz-checksum-xxhash128",
                "ChecksumXXHASH128",
                16,
            ),
        }
    }

    /// AWS's name of the algorithm: `CRC32`, `CRC64NVME`, `XXHASH128`.
    pub const fn name(self) -> &'static str {
        self.row().name
    }

    /// The header, or trailing header, that carries a value: `x-amz-checksum-crc32`.
    pub const fn header_name(self) -> &'static str {
        self.row().header_name
    }

    /// The XML element that carries a value: `ChecksumCRC32`.
    pub const fn element_name(self) -> &'static str {
        self.row().element_name
    }

    /// Length of a digest, in bytes, before base64. Between 4 and 64.
    pub const fn digest_bytes(self) -> usize {
        self.row().digest_bytes
    }

    /// Reads an algorithm's name, in any letter case; `None` if it is not one of the ten.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|algorithm| algorithm.name().eq_ignore_ascii_case(name))
    }

    /// Reads a header's name, in any letter case; `None` if it carries no checksum.
    pub fn from_header_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|algorithm| algorithm.header_name().eq_ignore_ascii_case(name))
    }

    /// Whether a multipart upload of this algorithm may have checksums of the given type.
    ///
    /// The five newest algorithms have no linear combination and behave as the SHA family does.
    /// Source: Amazon S3 User Guide, "Checking object integrity"; facts: s3-behaviour.md 10.3.
    pub const fn supports(self, checksum_type: ChecksumType) -> bool {
        match checksum_type {
            ChecksumType::FullObject => {
                matches!(self, Self::Crc32 | Self::Crc32c | Self::Crc64Nvme)
            }
            ChecksumType::Composite => !matches!(self, Self::Crc64Nvme),
        }
    }

    /// The type a multipart upload has when its creator names the algorithm alone.
    ///
    /// Source: facts: s3-behaviour.md 10.3.
    pub const fn default_type(self) -> ChecksumType {
        match self {
            Self::Crc64Nvme => ChecksumType::FullObject,
            _ => ChecksumType::Composite,
        }
    }
}

const fn row(
    name: &'static str,
    header_name: &'static str,
    element_name: &'static str,
    digest_bytes: usize,
) -> Row {
    Row {
        name,
        header_name,
        element_name,
        digest_bytes,
    }
}
