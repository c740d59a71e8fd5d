//! `GetBucketPolicy`: the policy in AWS's normal form.
//!
//! Source: facts: authorization.md 1.1, 1.5.

use buckler_policy::Action;
use buckler_s3::ops::get_bucket_policy::{Input, Output};
use buckler_s3::{ErrorCode, S3Error};

use crate::context::Context;
use crate::error::bind_error;
use crate::operation::{BodyUse, Need, Operation};
use crate::pipeline::authorize::Authorized;
use crate::pipeline::load::Bucket;
use crate::principals::shown_form;

/// Marks the operation.
pub(crate) enum GetBucketPolicy {}

impl Operation for GetBucketPolicy {
    type Input = Input;
    type Subject = Bucket;
    type Output = Output;

    const BODY: BodyUse = BodyUse::None;

    fn permissions<'a>(_: &'a Input, bucket: &'a Bucket) -> Vec<Need<'a>> {
        vec![Need::on_bucket(Action::GetBucketPolicy, bucket)]
    }

    async fn run(cx: &Context, request: Authorized<'_, Self>) -> Result<Output, S3Error> {
        let bucket = &request.subject.row;
        let stored = bucket
            .policy
            .as_deref()
            .ok_or_else(|| S3Error::of_bucket(ErrorCode::NoSuchBucketPolicy, &bucket.name))?;
        let policy = shown_form(&cx.store, stored).await.map_err(bind_error)?;
        Ok(Output { policy })
    }
}
