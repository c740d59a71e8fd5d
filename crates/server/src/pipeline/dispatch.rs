//! From the name of an operation to its file: a row for each operation that is in.

use buckler_s3::{Operation as Name, Request, RequestHead, Route, Routed, S3Error};

use super::authenticate::authenticate;
use super::load::target_bucket;
use super::post_form::carry_out_form;
use super::preflight::preflight;
use super::respond::Reply;
use super::serve::{Exchange, carry_out};
use crate::context::Context;
use crate::ops;

/// Makes the dispatcher, and the list of what is in, from one row per operation.
macro_rules! operations {
    ($($name:ident => $file:ident :: $operation:ident;)+) => {
        /// The operations that are in, in alphabetical order; the browser's form, which has its own way in, is the last.
        pub const OPERATIONS: &[Name] = &[$(Name::$name,)+ Name::PostObject];

        async fn implemented(exchange: Exchange<'_>, name: Name) -> Result<Reply, S3Error> {
            // PERF: on the heap, each alone: together they would be one future as large as the largest operation's,
            // which every layer around it copies (a tenth of all instructions of a GET).
            match name {
                $(Name::$name => Box::pin(carry_out::<ops::$file::$operation>(exchange, name)).await,)+
                Name::PostObject => Box::pin(carry_out_form(exchange)).await,
                _ => Box::pin(carry_out::<ops::unbuilt::Unbuilt>(exchange, name)).await,
            }
        }
    };
}

operations! {
    AbortMultipartUpload => abort_multipart_upload::AbortMultipartUpload;
    CompleteMultipartUpload => complete_multipart_upload::CompleteMultipartUpload;
    CopyObject => copy_object::CopyObject;
    CreateBucket => create_bucket::CreateBucket;
    CreateMultipartUpload => create_multipart_upload::CreateMultipartUpload;
    DeleteBucket => delete_bucket::DeleteBucketOperation;
    DeleteBucketOwnershipControls => delete_bucket_ownership_controls::DeleteBucketOwnershipControls;
    DeleteBucketPolicy => delete_bucket_policy::DeleteBucketPolicy;
    DeleteObject => delete_object::DeleteObject;
    DeleteObjectTagging => delete_object_tagging::DeleteObjectTagging;
    DeleteObjects => delete_objects::DeleteObjects;
    DeletePublicAccessBlock => delete_public_access_block::DeletePublicAccessBlock;
    GetBucketAcl => get_bucket_acl::GetBucketAcl;
    GetBucketLocation => get_bucket_location::GetBucketLocation;
    GetBucketOwnershipControls => get_bucket_ownership_controls::GetBucketOwnershipControls;
    GetBucketPolicy => get_bucket_policy::GetBucketPolicy;
    GetBucketPolicyStatus => get_bucket_policy_status::GetBucketPolicyStatus;
    GetBucketVersioning => get_bucket_versioning::GetBucketVersioning;
    GetObject => get_object::GetObject;
    GetObjectAcl => get_object_acl::GetObjectAcl;
    GetObjectAttributes => get_object_attributes::GetObjectAttributes;
    GetObjectTagging => get_object_tagging::GetObjectTagging;
    GetPublicAccessBlock => get_public_access_block::GetPublicAccessBlock;
    HeadBucket => head_bucket::HeadBucket;
    HeadObject => head_object::HeadObject;
    ListBuckets => list_buckets::ListBuckets;
    ListMultipartUploads => list_multipart_uploads::ListMultipartUploads;
    ListObjectVersions => list_object_versions::ListObjectVersions;
    ListObjects => list_objects::ListObjects;
    ListObjectsV2 => list_objects_v2::ListObjectsV2;
    ListParts => list_parts::ListParts;
    PutBucketAcl => put_bucket_acl::PutBucketAcl;
    PutBucketOwnershipControls => put_bucket_ownership_controls::PutBucketOwnershipControls;
    PutBucketPolicy => put_bucket_policy::PutBucketPolicy;
    PutBucketVersioning => put_bucket_versioning::PutBucketVersioning;
    PutObject => put_object::PutObject;
    PutObjectAcl => put_object_acl::PutObjectAcl;
    PutObjectTagging => put_object_tagging::PutObjectTagging;
    PutPublicAccessBlock => put_public_access_block::PutPublicAccessBlock;
    UploadPart => upload_part::UploadPart;
    UploadPartCopy => upload_part_copy::UploadPartCopy;
}

/// Carries out the operation that the request names.
///
/// # Errors
///
/// Those of the operation; `NotImplemented` for one that is not in; `MethodNotAllowed` for a
/// subresource without this method, after the signature (facts: s3-behaviour.md 2.2).
pub(crate) async fn dispatch(exchange: Exchange<'_>) -> Result<Reply, S3Error> {
    match exchange.route.routed {
        Routed::Operation(name) => implemented(exchange, name).await,
        Routed::UploadsOfKey => {
            of_bucket(exchange.cx, exchange.head, exchange.route).await?;
            Err(S3Error::uploads_of_key())
        }
        Routed::Preflight => preflight(exchange).await,
        Routed::MethodNotAllowed {
            resource_type,
            allow,
        } => {
            signed(exchange.cx, exchange.head).await?;
            Err(S3Error::method_not_allowed(
                exchange.head.method,
                resource_type,
                allow,
            ))
        }
    }
}

/// Wants a signature that is right, or none, and the bucket to be there and the expected owner's.
async fn of_bucket(cx: &Context, head: &RequestHead<'_>, route: &Route) -> Result<(), S3Error> {
    signed(cx, head).await?;
    let request = Request {
        head: *head,
        target: &route.target,
        query: &route.query,
    };
    target_bucket(cx, &request).await.map(drop)
}

/// Wants a signature that is right, or none.
async fn signed(cx: &Context, head: &RequestHead<'_>) -> Result<(), S3Error> {
    authenticate(cx, head, cx.clock.now()).await.map(drop)
}
