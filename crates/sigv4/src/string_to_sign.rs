//! The strings to sign: of a request, of a chunk, of a trailer.

use sha2::{Digest as _, Sha256};

use crate::Version;

/// Of a request. Source: AWS IAM User Guide, "Create a signed AWS API request", step "Create a string to sign".
pub(crate) fn of_request(timestamp: &str, version: &Version, canonical_request: &[u8]) -> String {
    let (hash, scope) = (Sha256::digest(canonical_request), version.scope_text());
    let mut text = String::with_capacity(128 + scope.len());
    for line in [version.name(), timestamp, &scope] {
        text.push_str(line);
        text.push('\n');
    }
    crate::digits::push_hex(&mut text, &hash);
    text
}

/// Of a chunk. Source: Amazon S3 API Reference, "Signature Calculations for the Authorization Header:
/// Transferring Payload in Multiple Chunks".
pub(crate) fn of_chunk(
    timestamp: &str,
    version: &Version,
    previous_signature: &str,
    chunk_hash: &[u8],
) -> String {
    let (name, scope) = (version.name(), version.scope_text());
    let nothing = hex::encode(crate::payload::EMPTY_SHA256);
    let hash = hex::encode(chunk_hash);
    format!("{name}-PAYLOAD\n{timestamp}\n{scope}\n{previous_signature}\n{nothing}\n{hash}")
}

/// Of a trailer. Source: Amazon S3 API Reference, "Signature calculations for trailing headers".
pub(crate) fn of_trailer(
    timestamp: &str,
    version: &Version,
    previous_signature: &str,
    lines: &[u8],
) -> String {
    let (name, scope) = (version.name(), version.scope_text());
    let hash = hex::encode(Sha256::digest(lines));
    format!("{name}-TRAILER\n{timestamp}\n{scope}\n{previous_signature}\n{hash}")
}
