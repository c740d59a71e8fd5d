//! The answers when a body is not what was claimed. Source: facts: authorization.md 1.3, s3-behaviour.md 5.2.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use buckler_checksum::Algorithm;

use super::ContentMd5;
use crate::{Detail, ErrorCode, S3Error};

/// `BadDigest` for a wrong `Content-MD5`.
///
/// AWS: of a whole object (`of_object`) the expected digest is shown in hex and the calculated one in base64, as
/// recorded; of parts and documents both are in base64.
pub fn bad_md5(claimed: &ContentMd5, calculated: [u8; 16], of_object: bool) -> S3Error {
    S3Error::new(ErrorCode::BadDigest).with_detail(Detail::Digest {
        expected: if of_object {
            hex::encode(claimed.digest)
        } else {
            claimed.text.clone()
        },
        calculated: STANDARD.encode(calculated),
    })
}

/// `BadDigest` for a wrong checksum, in a header or a trailer.
pub fn bad_checksum(algorithm: Algorithm) -> S3Error {
    S3Error::new(ErrorCode::BadDigest).with_message(format!(
        "The {} you specified did not match the calculated checksum.",
        algorithm.name()
    ))
}

/// `XAmzContentSHA256Mismatch`, with the header's value and what the body has.
pub fn content_sha256_mismatch(client: &str, computed: [u8; 32]) -> S3Error {
    S3Error::new(ErrorCode::XAmzContentSHA256Mismatch).with_detail(Detail::ContentSha256 {
        client: client.to_owned(),
        computed: hex::encode(computed),
    })
}
