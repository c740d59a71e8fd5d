//! `HeadBucket`: whether the bucket exists and may be listed.
//!
//! Source: facts: s3-behaviour.md 4.3.

use buckler_policy::Action;
use buckler_s3::ops::head_bucket::{Input, Output};
use buckler_s3::{Region, S3Error};

use crate::context::Context;
use crate::operation::{BodyUse, Need, Operation};
use crate::pipeline::authorize::Authorized;
use crate::pipeline::load::Bucket;

/// Marks the operation.
pub(crate) enum HeadBucket {}

impl Operation for HeadBucket {
    type Input = Input;
    type Subject = Bucket;
    type Output = Output;

    const BODY: BodyUse = BodyUse::None;

    fn permissions<'a>(_: &'a Input, bucket: &'a Bucket) -> Vec<Need<'a>> {
        vec![Need::on_bucket(Action::ListBucket, bucket)]
    }

    async fn run(_: &Context, request: Authorized<'_, Self>) -> Result<Output, S3Error> {
        let bucket = request.subject.row;
        Ok(Output {
            region: Region::new(&bucket.region),
            bucket: bucket.name.clone(),
        })
    }
}
