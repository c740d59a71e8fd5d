//! What a client claims about the body it sends. Source: facts: authorization.md 1.3, s3-behaviour.md 3.3.

mod claim;
mod content_md5;
mod mismatch;

pub use claim::{AlgorithmNameRule, ChecksumClaim, Integrity, announced_trailers};
pub use content_md5::ContentMd5;
pub use mismatch::{bad_checksum, bad_md5, content_sha256_mismatch};

pub(crate) use claim::{invalid_value, single_checksum_header, unsupported_algorithm};
