//! `PutBucketPolicy`: replaces the bucket's policy; the next request is decided under it.
//!
//! Source: Amazon S3 API Reference, "PutBucketPolicy"; facts: authorization.md 1, 2, 3.
//! `x-amz-confirm-remove-self-bucket-access` is accepted and changes nothing (2.4).

use buckler_policy::{Action, BUCKET_POLICY_BODY_BYTES_MAX, CompiledPolicy};
use buckler_s3::S3Error;
use buckler_s3::ops::put_bucket_policy::{Input, Output};

use crate::context::Context;
use crate::error::{bind_error, changed};
use crate::operation::{BodyUse, Need, Operation};
use crate::pipeline::authorize::Authorized;
use crate::pipeline::document::{DocumentLimit, TooLarge};
use crate::pipeline::load::Bucket;
use crate::principals::bound_document;

/// A body beyond it is not read to the end. It is far above the limit of the normal form, which
/// the engine judges. Facts: authorization.md 1.6, 9.2.
const LIMIT: DocumentLimit = DocumentLimit {
    bytes_max: BUCKET_POLICY_BODY_BYTES_MAX as u64,
    too_large: TooLarge::Policy,
};

/// Marks the operation.
pub(crate) enum PutBucketPolicy {}

impl Operation for PutBucketPolicy {
    type Input = Input;
    type Subject = Bucket;
    type Output = Output;

    const BODY: BodyUse = BodyUse::Chunks;

    fn permissions<'a>(_: &'a Input, bucket: &'a Bucket) -> Vec<Need<'a>> {
        vec![Need::on_bucket(Action::PutBucketPolicy, bucket)]
    }

    async fn run(cx: &Context, mut request: Authorized<'_, Self>) -> Result<Output, S3Error> {
        let body = request
            .payload
            .read_document(LIMIT, &request.input.integrity)
            .await?;
        let bucket = &request.subject;
        let document = bound_document(&cx.store, &body, &bucket.row.name)
            .await
            .map_err(bind_error)?;
        request
            .judge()
            .new_policy(bucket, &CompiledPolicy::compile(&document))?;
        let stored = document.to_normalized_json();
        changed(
            cx.store.put_bucket_policy(bucket.row.id, stored).await,
            &bucket.row.name,
        )?;
        Ok(Output)
    }
}
