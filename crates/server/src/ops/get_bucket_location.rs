//! `GetBucketLocation`: the region, empty for us-east-1.
//!
//! Source: facts: s3-behaviour.md 4.3.

use buckler_policy::Action;
use buckler_s3::ops::get_bucket_location::{Input, Output};
use buckler_s3::{Region, S3Error};

use crate::context::Context;
use crate::operation::{BodyUse, Need, Operation};
use crate::pipeline::authorize::Authorized;
use crate::pipeline::load::Bucket;

/// Marks the operation.
pub(crate) enum GetBucketLocation {}

impl Operation for GetBucketLocation {
    type Input = Input;
    type Subject = Bucket;
    type Output = Output;

    const BODY: BodyUse = BodyUse::None;

    fn permissions<'a>(_: &'a Input, bucket: &'a Bucket) -> Vec<Need<'a>> {
        vec![Need::on_bucket(Action::GetBucketLocation, bucket)]
    }

    async fn run(_: &Context, request: Authorized<'_, Self>) -> Result<Output, S3Error> {
        Ok(Output {
            region: Region::new(&request.subject.row.region),
        })
    }
}
