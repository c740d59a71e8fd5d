//! Faults of signatures and signed chunks.

use buckler_s3::{Detail, ErrorCode, S3Error};
use buckler_sigv4::{AuthError, ChunkError, CredentialFault};

/// A request that does not prove its sender. The room that found the fault knows its code, text
/// and elements; only the header about the region is HTTP's.
pub(crate) fn auth_error(error: &AuthError) -> S3Error {
    let answer = answer(error.code(), error.to_string(), error.extras());
    match error {
        AuthError::HeaderCredential(CredentialFault::Region { expected, .. })
        | AuthError::QueryCredential(CredentialFault::Region { expected, .. }) => {
            answer.with_header("x-amz-bucket-region", expected)
        }
        _ => answer,
    }
}

/// A chunk or trailer that is malformed or not what was signed.
pub(crate) fn chunk_error(error: ChunkError) -> S3Error {
    answer(error.code(), error.to_string(), error.extras())
}

fn answer(code: &str, message: String, extras: Vec<(&'static str, String)>) -> S3Error {
    let code = ErrorCode::from_name(code).unwrap_or(ErrorCode::AccessDenied);
    S3Error::new(code)
        .with_message(message)
        .with_detail(Detail::Elements(extras))
}
