//! Every conversion to an [`S3Error`]: what the rooms below say of their own matter becomes what
//! S3 answers, here and nowhere else.

#![expect(
    clippy::needless_pass_by_value,
    reason = "the shape that `map_err` takes"
)]

use buckler_blobs::BlobError;
use buckler_metadata::{BucketChange, OwnershipChange, StoreError};
use buckler_policy::PolicyError;
use buckler_s3::{BucketName, ErrorCode, S3Error};

use crate::principals::BindError;

pub(crate) mod query;
mod sigv4;

pub(crate) use sigv4::{auth_error, chunk_error};

/// A failure of the disk or the store under the blobs. The client learns whether to come back; the log, why.
pub(crate) fn blob_error(error: BlobError) -> S3Error {
    tracing::error!(%error, "blob store failed");
    S3Error::new(if error.is_passing() {
        ErrorCode::SlowDown
    } else {
        ErrorCode::InternalError
    })
}

/// A broken invariant: the log says which, the client gets an id to ask with.
pub(crate) fn internal(what: &str, error: &dyn std::fmt::Display) -> S3Error {
    tracing::error!(%error, "{what}");
    S3Error::new(ErrorCode::InternalError)
}

/// A failure of the database. 503 where coming back helps, 500 where it does not.
pub(crate) fn store_error(error: StoreError) -> S3Error {
    log_store_error(&error);
    match error {
        StoreError::Unavailable(_)
        | StoreError::Full
        | StoreError::Frozen
        | StoreError::Closed
        | StoreError::Contended => S3Error::new(ErrorCode::SlowDown),
        StoreError::Corrupt(_)
        | StoreError::MissingParent
        | StoreError::Duplicate
        | StoreError::Statement(_) => S3Error::new(ErrorCode::InternalError),
    }
}

fn log_store_error(error: &StoreError) {
    if *error == StoreError::Frozen {
        // What the operator wants, as often as clients try.
        tracing::info!(%error, "a change was refused");
    } else {
        tracing::error!(%error, "metadata store failed");
    }
}

/// A policy that AWS would refuse, in AWS's words.
pub(crate) fn policy_error(error: &PolicyError) -> S3Error {
    S3Error::new(ErrorCode::MalformedPolicy).with_message(error.to_string())
}

/// A bucket policy that cannot be stored.
pub(crate) fn bind_error(error: BindError) -> S3Error {
    match error {
        BindError::Policy(error) => policy_error(&error),
        BindError::Store(error) => store_error(error),
    }
}

/// The outcome of a change to a bucket's settings.
///
/// # Errors
///
/// `NoSuchBucket` if the bucket went away meanwhile; those of the store.
pub(crate) fn changed(
    outcome: Result<BucketChange, StoreError>,
    bucket: &BucketName,
) -> Result<(), S3Error> {
    match outcome.map_err(store_error)? {
        BucketChange::Changed => Ok(()),
        BucketChange::NoSuchBucket => Err(S3Error::no_such_bucket(bucket)),
    }
}

/// The outcome of a change to who owns what others put.
///
/// # Errors
///
/// `InvalidBucketAclWithObjectOwnership`; as [`changed`].
pub(crate) fn ownership_changed(
    outcome: Result<OwnershipChange, StoreError>,
    bucket: &BucketName,
) -> Result<(), S3Error> {
    match outcome.map_err(store_error)? {
        OwnershipChange::Changed => Ok(()),
        OwnershipChange::AclGrantsOthers => Err(S3Error::of_bucket(
            ErrorCode::InvalidBucketAclWithObjectOwnership,
            bucket,
        )),
        OwnershipChange::NoSuchBucket => Err(S3Error::no_such_bucket(bucket)),
    }
}
