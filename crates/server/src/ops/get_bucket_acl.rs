//! `GetBucketAcl`: the ACL of a bucket, as it counts.
//!
//! Source: facts: s3-behaviour.md 14, authorization.md 5.6.

use buckler_policy::Action;
use buckler_s3::S3Error;
use buckler_s3::ops::get_bucket_acl::{Input, Output};

use crate::acl::{Shown, shown};
use crate::context::Context;
use crate::operation::{BodyUse, Need, Operation};
use crate::pipeline::authorize::Authorized;
use crate::pipeline::load::Bucket;

/// Marks the operation.
pub(crate) enum GetBucketAcl {}

impl Operation for GetBucketAcl {
    type Input = Input;
    type Subject = Bucket;
    type Output = Output;

    const BODY: BodyUse = BodyUse::None;

    fn permissions<'a>(_: &'a Input, bucket: &'a Bucket) -> Vec<Need<'a>> {
        vec![Need::on_bucket(Action::GetBucketAcl, bucket)]
    }

    async fn run(_: &Context, request: Authorized<'_, Self>) -> Result<Output, S3Error> {
        let bucket = &request.subject;
        let Shown { owner, grants } = shown(bucket, bucket.row.owner_canonical_id, &bucket.row.acl);
        Ok(Output { owner, grants })
    }
}
