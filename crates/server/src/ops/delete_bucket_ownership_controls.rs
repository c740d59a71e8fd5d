//! `DeleteBucketOwnershipControls`: 204 whether there was a setting or not. ACLs count from then on.
//!
//! Source: facts: s3-behaviour.md 14, authorization.md 4.4 (the permission is that of Put).

use buckler_policy::Action;
use buckler_s3::S3Error;
use buckler_s3::ops::delete_bucket_ownership_controls::{Input, Output};

use crate::context::Context;
use crate::error::ownership_changed;
use crate::operation::{BodyUse, Need, Operation};
use crate::pipeline::authorize::Authorized;
use crate::pipeline::load::Bucket;

/// Marks the operation.
pub(crate) enum DeleteBucketOwnershipControls {}

impl Operation for DeleteBucketOwnershipControls {
    type Input = Input;
    type Subject = Bucket;
    type Output = Output;

    const BODY: BodyUse = BodyUse::None;

    fn permissions<'a>(_: &'a Input, bucket: &'a Bucket) -> Vec<Need<'a>> {
        vec![Need::on_bucket(Action::PutBucketOwnershipControls, bucket)]
    }

    async fn run(cx: &Context, request: Authorized<'_, Self>) -> Result<Output, S3Error> {
        let bucket = &request.subject.row;
        let outcome = cx.store.put_ownership_controls(bucket.id, None).await;
        ownership_changed(outcome, &bucket.name)?;
        Ok(Output)
    }
}
