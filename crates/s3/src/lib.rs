//! The Amazon S3 protocol: which operation a request is, its typed input, XML, the error table. Pure.
//!
//! A request goes through here in four steps:
//!
//! 1. [`route`] says which [`Operation`] it is and what it is about, and gives every answer that AWS gives before it
//!    looks at credentials.
//! 2. The operation's `Input` ([`ops`]) is read by [`FromRequest`], which AWS does once the bucket was found.
//! 3. Operations with a body have a `Document` whose `parse` takes it whole, bounded by `DOCUMENT_BYTES_MAX`.
//! 4. The operation's `Output` becomes an [`Answer`] by [`IntoAnswer`]; what failed is an [`S3Error`], which knows its
//!    XML.
//!
//! This room knows names, headers, documents and messages. It must never know accounts' rights, storage, sockets, or
//! the time of day: time is an argument.
//!
//! ```
//! use buckler_s3::{FromRequest, Operation, Request, RequestHead, Routed, ops::get_object, route};
//! use http::{HeaderMap, Method};
//!
//! let mut headers = HeaderMap::new();
//! headers.insert("range", "bytes=0-9".parse()?);
//! let head = RequestHead {
//!     method: &Method::GET,
//!     raw_path: "/my-bucket/a%2Fkey",
//!     raw_query: "versionId=null",
//!     headers: &headers,
//! };
//! let route = route(&head, &[])?;
//! assert_eq!(route.routed, Routed::Operation(Operation::GetObject));
//!
//! let request = Request { head, target: &route.target, query: &route.query };
//! let input = get_object::Input::from_request(&request)?;
//! assert_eq!(input.key.as_str(), "a/key");
//! assert!(input.range.is_some());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

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
mod operation;
mod overrides;
mod part_number;
mod query;
mod region;
mod request;
mod routing;
mod storage_class;
mod stored_headers;
mod target;
mod upload_id;
mod user_metadata;
mod version_id;
mod versioning;

pub mod dates;
pub mod integrity;
pub mod multipart;
pub mod object_lock;
pub mod ops;
pub mod payload;
pub mod post_form;
pub mod preconditions;
pub mod range;
pub mod tagging;
pub mod xml;

pub use acl::{
    ACL_DOCUMENT_BYTES_MAX, AccessControlPolicy, CannedAcl, GRANTS_MAX, RequestedAcl,
    RequestedGrant, RequestedGrantee,
};
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
pub use max_keys::{MaxKeys, PAGE_ENTRIES_MAX, PageSize};
pub use object_checksum::ObjectChecksum;
pub use object_key::{OBJECT_KEY_BYTES_MAX, ObjectKey, ParseObjectKeyError};
pub use operation::Operation;
pub use overrides::ResponseOverrides;
pub use part_number::{PART_NUMBER_MAX, PartNumber};
pub use preconditions::{
    CopySourcePreconditions, DeleteCondition, DeletePreconditions, ReadOutcome, ReadPreconditions,
    WriteCondition, WritePreconditions,
};
pub use query::{ParseQueryError, Query};
pub use range::{ByteRange, ResolvedRange};
pub use region::{Region, US_EAST_1, resolve_location};
pub use request::{FromRequest, Request, RequestHead};
pub use routing::{Route, Routed, bucket_of_host, route};
pub use storage_class::StorageClass;
pub use stored_headers::{CONTENT_TYPE_DEFAULT, METADATA_BYTES_MAX, StoredHeaders};
pub use tagging::{Tag, TagSet};
pub use target::Target;
pub use upload_id::{ParseUploadIdError, UPLOAD_ID_BYTES, UploadId};
pub use user_metadata::{UserMetadata, header_of_metadata};
pub use version_id::{ParseVersionIdError, VERSION_ID_CHARS, VersionId, VersionSelector};
pub use versioning::{MfaDelete, Versioning};

// What protects a bucket is the same in the protocol and in the decision.
pub use buckler_policy::{Grant, ObjectOwnership, PublicAccessBlock};
