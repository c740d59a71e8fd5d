//! The operations of Amazon S3 that are in, one small file each.

pub(crate) mod copy_object;
pub(crate) mod create_bucket;
pub(crate) mod delete_bucket;
pub(crate) mod delete_bucket_policy;
pub(crate) mod delete_object;
pub(crate) mod delete_object_tagging;
pub(crate) mod delete_objects;
pub(crate) mod delete_public_access_block;
pub(crate) mod get_bucket_location;
pub(crate) mod get_bucket_policy;
pub(crate) mod get_bucket_policy_status;
pub(crate) mod get_object;
pub(crate) mod get_object_tagging;
pub(crate) mod get_public_access_block;
pub(crate) mod head_bucket;
pub(crate) mod head_object;
pub(crate) mod list_buckets;
pub(crate) mod list_objects;
pub(crate) mod list_objects_v2;
pub(crate) mod put_bucket_policy;
pub(crate) mod put_object;
pub(crate) mod put_object_tagging;
pub(crate) mod put_public_access_block;
