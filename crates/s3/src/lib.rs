//! The Amazon S3 protocol: which operation a request is, its typed input, XML, the error table. Pure.

mod acl;
mod answer;
mod bucket_name;
mod continuation_token;
mod copy_source;
mod encoded_word;
mod encryption;
mod entity_tags;
mod error;
mod etag;
mod expected_owner;
mod max_keys;
mod object_checksum;
mod object_key;
mod object_ownership;
mod operation;
mod overrides;
mod part_number;
mod public_access_block;
mod query;
mod region;
mod request;
mod routing;
mod storage_class;
mod stored_headers;
mod target;
mod user_metadata;
mod version_id;

pub mod dates;
pub mod integrity;
pub mod object_lock;
pub mod ops;
pub mod payload;
pub mod preconditions;
pub mod range;
pub mod tagging;
pub mod xml;

pub use acl::{AclHeaders, CannedAcl};
pub use answer::{Answer, IntoAnswer};
pub use bucket_name::{
    BUCKET_NAME_CHARS_MAX, BUCKET_NAME_CHARS_MIN, BucketName, ParseBucketNameError,
};
pub use continuation_token::ContinuationToken;
pub use copy_source::CopySource;
pub use entity_tags::EntityTags;
pub use error::{Detail, ErrorCode, S3Error, SignatureMismatch};
pub use etag::{ETAG_BYTES_MAX, ETag, ParseETagError};
pub use expected_owner::{expected_bucket_owner, expected_source_bucket_owner};
pub use integrity::{AlgorithmNameRule, ChecksumClaim, ContentMd5, Integrity};
pub use max_keys::{MaxKeys, PAGE_ENTRIES_MAX};
pub use object_checksum::ObjectChecksum;
pub use object_key::{OBJECT_KEY_BYTES_MAX, ObjectKey, ParseObjectKeyError};
pub use object_ownership::ObjectOwnership;
pub use operation::Operation;
pub use overrides::ResponseOverrides;
pub use part_number::{PART_NUMBER_MAX, PartNumber};
pub use preconditions::{
    CopySourcePreconditions, DeleteCondition, DeletePreconditions, ReadOutcome, ReadPreconditions,
    WriteCondition, WritePreconditions,
};
pub use public_access_block::PublicAccessBlock;
pub use query::{ParseQueryError, Query};
pub use range::{ByteRange, ResolvedRange};
pub use region::{Region, US_EAST_1, resolve_location};
pub use request::{FromRequest, Request, RequestHead};
pub use routing::{Route, Routed, route};
pub use storage_class::StorageClass;
pub use stored_headers::{CONTENT_TYPE_DEFAULT, METADATA_BYTES_MAX, StoredHeaders};
pub use tagging::{Tag, TagSet};
pub use target::Target;
pub use user_metadata::UserMetadata;
pub use version_id::{ParseVersionIdError, VERSION_ID_CHARS, VersionId, VersionSelector};
