//! One file per operation: its typed input, its document where it has one, its output.

mod bucket_input;
mod listing;
mod upload_target;
mod version_input;

pub mod abort_multipart_upload;
pub mod complete_multipart_upload;
pub mod copy_object;
pub mod create_bucket;
pub mod create_multipart_upload;
pub mod delete_bucket;
pub mod delete_bucket_policy;
pub mod delete_object;
pub mod delete_object_tagging;
pub mod delete_objects;
pub mod delete_public_access_block;
pub mod get_bucket_location;
pub mod get_bucket_policy;
pub mod get_bucket_policy_status;
pub mod get_bucket_versioning;
pub mod get_object;
pub mod get_object_attributes;
pub mod get_object_tagging;
pub mod get_public_access_block;
pub mod head_bucket;
pub mod head_object;
pub mod list_buckets;
pub mod list_multipart_uploads;
pub mod list_object_versions;
pub mod list_objects;
pub mod list_objects_v2;
pub mod list_parts;
pub mod post_object;
pub mod put_bucket_policy;
pub mod put_bucket_versioning;
pub mod put_object;
pub mod put_object_tagging;
pub mod put_public_access_block;
pub mod upload_part;
pub mod upload_part_copy;

pub use bucket_input::BucketInput;
pub use listing::{EncodingType, ListedObject};
pub use upload_target::UploadTarget;
pub use version_input::VersionInput;
