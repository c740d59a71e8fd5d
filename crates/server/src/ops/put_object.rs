//! `PutObject`: replaces an object, whole or not at all.
//!
//! Source: facts: s3-behaviour.md 5, 8.1; authorization.md 4.4.

use buckler_metadata::{NewObject, StoredChecksum};
use buckler_s3::ops::put_object::{Input, Output};
use buckler_s3::{ETag, S3Error, TagSet};

use crate::context::Context;
use crate::operation::{BodyUse, Need, Operation};
use crate::pipeline::authorize::{Authorized, Judge};
use crate::pipeline::load::Bucket;
use crate::pipeline::payload::UnreadPayload;
use crate::publish::{
    Written, needs_to_write, new_owner_and_acl, publish, refuse_object_lock, version_nonce,
    write_precondition,
};

/// Marks the operation.
pub(crate) enum PutObject {}

impl Operation for PutObject {
    type Input = Input;
    type Subject = Bucket;
    type Output = Output;

    const BODY: BodyUse = BodyUse::Chunks;

    fn permissions<'a>(input: &'a Input, bucket: &'a Bucket) -> Vec<Need<'a>> {
        permissions_to_put(input, bucket)
    }

    fn request_tags<'a>(input: &'a Input, _: &'a Bucket) -> Option<&'a TagSet> {
        Some(&input.tags).filter(|tags| !tags.is_empty())
    }

    async fn run(cx: &Context, request: Authorized<'_, Self>) -> Result<Output, S3Error> {
        let judge = request.judge();
        let Authorized {
            input,
            subject: bucket,
            payload,
            ..
        } = request;
        put(cx, judge, &bucket, input, payload).await
    }
}

/// What it takes to write an object with these headers.
pub(crate) fn permissions_to_put<'a>(input: &'a Input, bucket: &'a Bucket) -> Vec<Need<'a>> {
    needs_to_write(
        bucket,
        &input.key,
        input.tagging_requested,
        input.acl.is_some(),
    )
}

/// Stores and publishes an object that the caller may write.
///
/// # Errors
///
/// What is wrong with the headers in this bucket, with the body, or with the condition; those of the stores.
pub(crate) async fn put(
    cx: &Context,
    judge: Judge<'_>,
    bucket: &Bucket,
    input: Input,
    mut payload: UnreadPayload<'_>,
) -> Result<Output, S3Error> {
    let (owner, acl) = new_owner_and_acl(cx, judge, bucket, &input.key, input.acl).await?;
    refuse_object_lock(input.object_lock_requested)?;
    let staged = payload.stage(&cx.blobs, &input.integrity).await?;
    let etag = ETag::from_md5(staged.md5);
    let checksum = staged.checksum;
    let object = NewObject {
        bucket_id: bucket.row.id,
        key: input.key,
        owner: owner.account,
        created_at: cx.clock.now(),
        size_bytes: staged.size_bytes,
        etag: etag.clone(),
        checksum: Some(StoredChecksum::FullObject(checksum)),
        headers: input.stored_headers,
        user_metadata: input.user_metadata,
        tags: input.tags,
        acl,
        body: staged.body.into(),
        precondition: write_precondition(&input.preconditions),
        nonce: version_nonce()?,
    };
    let Written { version_id } = publish(cx, bucket, object).await?;
    Ok(Output {
        etag,
        checksum: checksum.into(),
        version_id,
    })
}
