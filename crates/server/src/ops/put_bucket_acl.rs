//! `PutBucketAcl`: replaces the ACL of a bucket.
//!
//! Source: facts: s3-behaviour.md 14, authorization.md 5.6, 5.7.

use buckler_policy::{Action, Resource};
use buckler_s3::S3Error;
use buckler_s3::ops::put_bucket_acl::{Input, Output};

use crate::acl::{accepted, requested};
use crate::context::Context;
use crate::error::changed;
use crate::operation::{BodyUse, Need, Operation};
use crate::pipeline::authorize::Authorized;
use crate::pipeline::load::Bucket;

/// Marks the operation.
pub(crate) enum PutBucketAcl {}

impl Operation for PutBucketAcl {
    type Input = Input;
    type Subject = Bucket;
    type Output = Output;

    const BODY: BodyUse = BodyUse::Document;

    fn permissions<'a>(_: &'a Input, bucket: &'a Bucket) -> Vec<Need<'a>> {
        vec![Need::on_bucket(Action::PutBucketAcl, bucket)]
    }

    async fn run(cx: &Context, request: Authorized<'_, Self>) -> Result<Output, S3Error> {
        let judge = request.judge();
        let Authorized {
            input,
            subject: bucket,
            mut payload,
            ..
        } = request;
        let of = (&bucket, bucket.row.owner_canonical_id);
        let acl = requested(input.acl, &mut payload, &input.integrity, of).await?;
        let on = Resource::Bucket(bucket.row.name.as_str());
        if let Some(acl) = accepted(cx, judge, of, (Action::PutBucketAcl, on), acl).await? {
            let outcome = cx.store.put_bucket_acl(bucket.row.id, acl).await;
            changed(outcome, &bucket.row.name)?;
        }
        Ok(Output)
    }
}
