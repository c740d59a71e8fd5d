//! The Amazon S3 protocol: which operation a request is, its typed input, XML, the error table. Pure.

mod bucket_name;
mod error;
mod etag;
mod object_key;
mod object_ownership;
mod public_access_block;
mod storage_class;
mod stored_headers;
mod user_metadata;
mod version_id;

pub mod tagging;
pub mod xml;

pub use bucket_name::{
    BUCKET_NAME_CHARS_MAX, BUCKET_NAME_CHARS_MIN, BucketName, ParseBucketNameError,
};
pub use error::{Detail, ErrorCode, S3Error, SignatureMismatch};
pub use etag::{ETAG_BYTES_MAX, ETag, ParseETagError};
pub use object_key::{OBJECT_KEY_BYTES_MAX, ObjectKey, ParseObjectKeyError};
pub use object_ownership::ObjectOwnership;
pub use public_access_block::PublicAccessBlock;
pub use storage_class::StorageClass;
pub use stored_headers::{CONTENT_TYPE_DEFAULT, StoredHeaders};
pub use tagging::{Tag, TagSet};
pub use user_metadata::UserMetadata;
pub use version_id::{ParseVersionIdError, VERSION_ID_CHARS, VersionId, VersionSelector};
