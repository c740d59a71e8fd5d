//! `GetBucketVersioning`: the versioning state of a bucket.
//!
//! Source: facts: s3-behaviour.md 11.

use buckler_policy::Action;
use buckler_s3::S3Error;
use buckler_s3::ops::get_bucket_versioning::{Input, Output};

use crate::context::Context;
use crate::operation::{BodyUse, Need, Operation};
use crate::pipeline::authorize::Authorized;
use crate::pipeline::load::Bucket;

/// Marks the operation.
pub(crate) enum GetBucketVersioning {}

impl Operation for GetBucketVersioning {
    type Input = Input;
    type Subject = Bucket;
    type Output = Output;

    const BODY: BodyUse = BodyUse::None;

    fn permissions<'a>(_: &'a Input, bucket: &'a Bucket) -> Vec<Need<'a>> {
        vec![Need::on_bucket(Action::GetBucketVersioning, bucket)]
    }

    async fn run(_: &Context, request: Authorized<'_, Self>) -> Result<Output, S3Error> {
        let bucket = &request.subject.row;
        Ok(Output {
            versioning: bucket.versioning,
            mfa_delete: bucket.mfa_delete,
        })
    }
}
