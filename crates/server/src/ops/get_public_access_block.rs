//! `GetPublicAccessBlock`: the four flags.
//!
//! Source: facts: authorization.md 5.7.

use buckler_policy::Action;
use buckler_s3::ops::get_public_access_block::{Input, Output};
use buckler_s3::{ErrorCode, S3Error};

use crate::context::Context;
use crate::operation::{BodyUse, Need, Operation};
use crate::pipeline::authorize::Authorized;
use crate::pipeline::load::Bucket;

/// Marks the operation.
pub(crate) enum GetPublicAccessBlock {}

impl Operation for GetPublicAccessBlock {
    type Input = Input;
    type Subject = Bucket;
    type Output = Output;

    const BODY: BodyUse = BodyUse::None;

    fn permissions<'a>(_: &'a Input, bucket: &'a Bucket) -> Vec<Need<'a>> {
        vec![Need::on_bucket(Action::GetBucketPublicAccessBlock, bucket)]
    }

    async fn run(_: &Context, request: Authorized<'_, Self>) -> Result<Output, S3Error> {
        let bucket = &request.subject.row;
        let settings = bucket.public_access_block.ok_or_else(|| {
            S3Error::of_bucket(
                ErrorCode::NoSuchPublicAccessBlockConfiguration,
                &bucket.name,
            )
        })?;
        Ok(Output { settings })
    }
}
