//! Which upload an operation is about.

use crate::{BucketName, FromRequest, ObjectKey, Request, S3Error, UploadId};

/// An upload of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadTarget {
    /// The bucket.
    pub bucket: BucketName,
    /// The key.
    pub key: ObjectKey,
    /// `uploadId`.
    pub upload_id: UploadId,
}

impl FromRequest for UploadTarget {
    /// AWS looks for the upload before it reads the rest of the request. Source: facts: s3-behaviour.md 10.1.
    fn from_request(request: &Request<'_>) -> Result<Self, S3Error> {
        Ok(Self {
            bucket: request.bucket()?,
            key: request.key()?,
            upload_id: UploadId::from_query(request.query)?,
        })
    }
}
