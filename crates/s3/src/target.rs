//! What a request is about.

use crate::{BucketName, ObjectKey};

/// The service, a bucket or an object.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Target {
    /// The service itself.
    Service,
    /// A bucket.
    Bucket(BucketName),
    /// An object of a bucket.
    Object(BucketName, ObjectKey),
}

impl Target {
    /// The bucket, if one is named.
    pub const fn bucket(&self) -> Option<&BucketName> {
        match self {
            Self::Service => None,
            Self::Bucket(bucket) | Self::Object(bucket, _) => Some(bucket),
        }
    }

    /// The key, if one is named.
    pub const fn key(&self) -> Option<&ObjectKey> {
        match self {
            Self::Object(_, key) => Some(key),
            Self::Service | Self::Bucket(_) => None,
        }
    }
}
