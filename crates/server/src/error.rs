//! Every conversion to an [`S3Error`]: what the rooms below say of their own matter becomes what
//! S3 answers, here and nowhere else.

use buckler_blobs::BlobError;
use buckler_metadata::StoreError;
use buckler_s3::{ErrorCode, S3Error};

mod sigv4;

pub(crate) use sigv4::{auth_error, chunk_error};

/// A failure of the disk under the blobs. The client learns whether to come back; the log, why.
pub(crate) fn blob_error(error: BlobError) -> S3Error {
    tracing::error!(%error, "blob store failed");
    match error {
        BlobError::Full => S3Error::new(ErrorCode::SlowDown),
        _ => S3Error::new(ErrorCode::InternalError),
    }
}

/// A broken invariant: the log says which, the client gets an id to ask with.
pub(crate) fn internal(what: &str, error: &dyn std::fmt::Display) -> S3Error {
    tracing::error!(%error, "{what}");
    S3Error::new(ErrorCode::InternalError)
}

/// A failure of the database. 503 where coming back helps, 500 where it does not.
pub(crate) fn store_error(error: StoreError) -> S3Error {
    tracing::error!(%error, "metadata store failed");
    match error {
        StoreError::Unavailable(_) | StoreError::Full | StoreError::Closed | StoreError::Contended => {
            S3Error::new(ErrorCode::SlowDown)
        }
        StoreError::Corrupt(_)
        | StoreError::MissingParent
        | StoreError::Duplicate
        | StoreError::Statement(_) => S3Error::new(ErrorCode::InternalError),
    }
}
