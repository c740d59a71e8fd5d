//! `DeleteBucket`: only an empty bucket.
//!
//! Source: facts: s3-behaviour.md 4.3.

use buckler_metadata::DeleteBucket;
use buckler_policy::Action;
use buckler_s3::ops::delete_bucket::{Input, Output};
use buckler_s3::{ErrorCode, S3Error};

use crate::context::Context;
use crate::error::store_error;
use crate::operation::{BodyUse, Need, Operation};
use crate::pipeline::authorize::Authorized;
use crate::pipeline::load::Bucket;

/// Marks the operation.
pub(crate) enum DeleteBucketOperation {}

impl Operation for DeleteBucketOperation {
    type Input = Input;
    type Subject = Bucket;
    type Output = Output;

    const BODY: BodyUse = BodyUse::None;

    fn permissions<'a>(_: &'a Input, bucket: &'a Bucket) -> Vec<Need<'a>> {
        vec![Need::on_bucket(Action::DeleteBucket, bucket)]
    }

    async fn run(cx: &Context, request: Authorized<'_, Self>) -> Result<Output, S3Error> {
        let bucket = &request.subject.row;
        match cx
            .store
            .delete_bucket(bucket.id, cx.clock.now())
            .await
            .map_err(store_error)?
        {
            DeleteBucket::Deleted => Ok(Output),
            DeleteBucket::NotEmpty => {
                let error = S3Error::of_bucket(ErrorCode::BucketNotEmpty, &bucket.name);
                Err(match bucket.versioning {
                    None => error,
                    Some(_) => error.with_message(
                        "The bucket you tried to delete is not empty. You must delete all versions in the bucket.",
                    ),
                })
            }
            DeleteBucket::NoSuchBucket => Err(S3Error::no_such_bucket(&bucket.name)),
        }
    }
}
