//! `DeleteBucketPolicy`: 204 whether there was a policy or not.
//!
//! Source: facts: authorization.md 1.1.

use buckler_policy::Action;
use buckler_s3::S3Error;
use buckler_s3::ops::delete_bucket_policy::{Input, Output};

use crate::context::Context;
use crate::error::changed;
use crate::operation::{BodyUse, Need, Operation};
use crate::pipeline::authorize::Authorized;
use crate::pipeline::load::Bucket;

/// Marks the operation.
pub(crate) enum DeleteBucketPolicy {}

impl Operation for DeleteBucketPolicy {
    type Input = Input;
    type Subject = Bucket;
    type Output = Output;

    const BODY: BodyUse = BodyUse::None;

    fn permissions<'a>(_: &'a Input, bucket: &'a Bucket) -> Vec<Need<'a>> {
        vec![Need::on_bucket(Action::DeleteBucketPolicy, bucket)]
    }

    async fn run(cx: &Context, request: Authorized<'_, Self>) -> Result<Output, S3Error> {
        let bucket = &request.subject.row;
        changed(cx.store.delete_bucket_policy(bucket.id).await, &bucket.name)?;
        Ok(Output)
    }
}
