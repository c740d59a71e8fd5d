//! `CreateMultipartUpload`: begins an object that comes in parts.
//!
//! Source: facts: s3-behaviour.md 10.1, 10.3; authorization.md 4.4.

use buckler_metadata::{CreateUpload, NewUpload};
use buckler_s3::ops::create_multipart_upload::{Input, Output};
use buckler_s3::{S3Error, TagSet};

use crate::context::Context;
use crate::error::store_error;
use crate::operation::{BodyUse, Need, Operation};
use crate::pipeline::authorize::Authorized;
use crate::pipeline::load::Bucket;
use crate::publish::{needs_to_write, new_owner_and_acl, refuse_object_lock};
use crate::upload_ids::new_upload_id;
use crate::uploads::initiator;

/// Marks the operation.
pub(crate) enum CreateMultipartUpload {}

impl Operation for CreateMultipartUpload {
    type Input = Input;
    type Subject = Bucket;
    type Output = Output;

    const BODY: BodyUse = BodyUse::None;

    fn permissions<'a>(input: &'a Input, bucket: &'a Bucket) -> Vec<Need<'a>> {
        needs_to_write(
            bucket,
            &input.key,
            input.tagging_requested,
            input.acl.is_some(),
        )
    }

    fn request_tags<'a>(input: &'a Input, _: &'a Bucket) -> Option<&'a TagSet> {
        Some(&input.tags).filter(|tags| !tags.is_empty())
    }

    async fn run(cx: &Context, request: Authorized<'_, Self>) -> Result<Output, S3Error> {
        let judge = request.judge();
        let facts = judge.facts();
        let Authorized {
            input,
            subject: bucket,
            ..
        } = request;
        let (owner, acl) = new_owner_and_acl(cx, judge, &bucket, &input.key, input.acl).await?;
        refuse_object_lock(input.object_lock_requested)?;
        let upload_id = new_upload_id(cx, bucket.row.id, &input.key, facts.now)?;
        let upload = NewUpload {
            bucket_id: bucket.row.id,
            key: input.key.clone(),
            id: upload_id,
            created_at: facts.now,
            owner: owner.account,
            initiator: initiator(facts.caller),
            checksum: input.checksum,
            encryption_named: input.encryption_named,
            headers: input.stored_headers,
            user_metadata: input.user_metadata,
            tags: input.tags,
            acl,
        };
        match cx.store.create_upload(upload).await.map_err(store_error)? {
            CreateUpload::Created => Ok(Output {
                bucket: input.bucket,
                key: input.key,
                upload_id,
                checksum: input.checksum,
            }),
            CreateUpload::NoSuchBucket => Err(S3Error::no_such_bucket(&bucket.row.name)),
        }
    }
}
