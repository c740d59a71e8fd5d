//! `GetBucketOwnershipControls`: the setting of Object Ownership.
//!
//! Source: facts: s3-behaviour.md 14.

use buckler_policy::Action;
use buckler_s3::ops::get_bucket_ownership_controls::{Input, Output};
use buckler_s3::{ErrorCode, S3Error};

use crate::context::Context;
use crate::operation::{BodyUse, Need, Operation};
use crate::pipeline::authorize::Authorized;
use crate::pipeline::load::Bucket;

/// Marks the operation.
pub(crate) enum GetBucketOwnershipControls {}

impl Operation for GetBucketOwnershipControls {
    type Input = Input;
    type Subject = Bucket;
    type Output = Output;

    const BODY: BodyUse = BodyUse::None;

    fn permissions<'a>(_: &'a Input, bucket: &'a Bucket) -> Vec<Need<'a>> {
        vec![Need::on_bucket(Action::GetBucketOwnershipControls, bucket)]
    }

    async fn run(_: &Context, request: Authorized<'_, Self>) -> Result<Output, S3Error> {
        let bucket = &request.subject.row;
        let object_ownership = bucket.ownership_controls.ok_or_else(|| {
            S3Error::of_bucket(ErrorCode::OwnershipControlsNotFoundError, &bucket.name)
        })?;
        Ok(Output { object_ownership })
    }
}
