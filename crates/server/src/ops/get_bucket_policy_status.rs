//! `GetBucketPolicyStatus`: whether the policy is public. ACLs play no part in it.
//!
//! Source: facts: authorization.md 1.7, 5.7.

use buckler_policy::Action;
use buckler_s3::ops::get_bucket_policy_status::{Input, Output};
use buckler_s3::{ErrorCode, S3Error};

use crate::context::Context;
use crate::operation::{BodyUse, Need, Operation};
use crate::pipeline::authorize::Authorized;
use crate::pipeline::load::Bucket;

/// Marks the operation.
pub(crate) enum GetBucketPolicyStatus {}

impl Operation for GetBucketPolicyStatus {
    type Input = Input;
    type Subject = Bucket;
    type Output = Output;

    const BODY: BodyUse = BodyUse::None;

    fn permissions<'a>(_: &'a Input, bucket: &'a Bucket) -> Vec<Need<'a>> {
        vec![Need::on_bucket(Action::GetBucketPolicyStatus, bucket)]
    }

    async fn run(_: &Context, request: Authorized<'_, Self>) -> Result<Output, S3Error> {
        let bucket = &request.subject;
        let policy = bucket
            .policy
            .as_ref()
            .ok_or_else(|| S3Error::of_bucket(ErrorCode::NoSuchBucketPolicy, &bucket.row.name))?;
        Ok(Output {
            is_public: policy.is_public(),
        })
    }
}
