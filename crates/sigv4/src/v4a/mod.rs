//! Signature Version 4A: Version 4 with an ECDSA signature that is good in a set of regions.
//!
//! The canonical request is Version 4's. The scope names no region; the request names a set of them. The signature is one
//! of P-256 with SHA-256 in hex DER, by a key that follows from secret and access key id: who verifies needs the public
//! half of it only.
//!
//! Source: AWS IAM User Guide, "AWS Signature Version 4A"; awslabs/aws-c-auth (its test suite, and how chunks are padded);
//! AWS's answers of September 2026, as published with brekkylab/backlot, for refusals and for what a region set matches.

mod key;
mod region_set;
mod scope;

pub(crate) use key::PublicKey;
pub(crate) use region_set::names;
pub use scope::ScopeV4A;

/// The name of the algorithm, in headers, queries and strings to sign.
pub(crate) const ALGORITHM: &str = "AWS4-ECDSA-P256-SHA256";

/// Longest signature, in hex digits: a DER sequence of two integers of 33 bytes. In chunks all are padded to it.
pub(crate) const SIGNATURE_DIGITS_MAX: usize = 144;

/// A signature without what pads it in chunks and trailers.
pub(crate) fn without_padding(signature: &str) -> &str {
    signature.trim_end_matches('*')
}
