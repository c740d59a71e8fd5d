//! `DeletePublicAccessBlock`: 204 whether there was a configuration or not.
//!
//! Source: facts: authorization.md 5.7 (the permission is that of Put).

use buckler_policy::Action;
use buckler_s3::S3Error;
use buckler_s3::ops::delete_public_access_block::{Input, Output};

use crate::context::Context;
use crate::error::changed;
use crate::operation::{BodyUse, Need, Operation};
use crate::pipeline::authorize::Authorized;
use crate::pipeline::load::Bucket;

/// Marks the operation.
pub(crate) enum DeletePublicAccessBlock {}

impl Operation for DeletePublicAccessBlock {
    type Input = Input;
    type Subject = Bucket;
    type Output = Output;

    const BODY: BodyUse = BodyUse::None;

    fn permissions<'a>(_: &'a Input, bucket: &'a Bucket) -> Vec<Need<'a>> {
        vec![Need::on_bucket(Action::PutBucketPublicAccessBlock, bucket)]
    }

    async fn run(cx: &Context, request: Authorized<'_, Self>) -> Result<Output, S3Error> {
        let bucket = &request.subject.row;
        changed(
            cx.store.put_public_access_block(bucket.id, None).await,
            &bucket.name,
        )?;
        Ok(Output)
    }
}
