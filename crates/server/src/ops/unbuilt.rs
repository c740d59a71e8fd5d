//! Every operation that is recognised and not in: 501, to those who would be allowed it.
//!
//! Source: facts: s3-actions.json, s3-behaviour.md 2.2. What an operation needs is decided before anything is said of it,
//! so that what is not built tells nobody more than what is.

use buckler_policy::Action;
use buckler_s3::{Answer, ErrorCode, ObjectKey, Operation as Name, S3Error, Target};

use crate::context::Context;
use crate::operation::{BodyUse, Need, Operation};
use crate::pipeline::authorize::Authorized;
use crate::pipeline::load::{Bucket, Loading, Subject, target_bucket};

/// Marks the operations.
pub(crate) enum Unbuilt {}

/// Which one.
#[derive(Debug)]
pub(crate) struct Input {
    operation: Name,
    key: Option<ObjectKey>,
}

impl Subject<Input> for Bucket {
    async fn load(loading: Loading<'_, '_>) -> Result<(Input, Self), S3Error> {
        let key = match loading.request.target {
            Target::Object(_, key) => Some(key.clone()),
            Target::Bucket(_) | Target::Service => None,
        };
        let input = Input {
            operation: loading.operation,
            key,
        };
        Ok((input, target_bucket(loading.cx, loading.request).await?))
    }
}

impl Operation for Unbuilt {
    type Input = Input;
    type Subject = Bucket;
    type Output = Answer;

    const BODY: BodyUse = BodyUse::Chunks;

    fn permissions<'a>(input: &'a Input, bucket: &'a Bucket) -> Vec<Need<'a>> {
        let need = |action| match &input.key {
            Some(key) => Need::on_object(action, bucket, key),
            None => Need::on_bucket(action, bucket),
        };
        action(input.operation).map(need).into_iter().collect()
    }

    async fn run(_: &Context, request: Authorized<'_, Self>) -> Result<Answer, S3Error> {
        // The name is in the message, so that nobody takes the operation for another.
        let name = request.input.operation.name();
        Err(S3Error::new(ErrorCode::NotImplemented)
            .with_message(format!("{name} is not implemented.")))
    }
}

/// The action that an operation needs; `None` for those that requests here cannot name.
fn action(operation: Name) -> Option<Action> {
    let name = operation.name();
    let of_its_name = || Action::from_name(&format!("s3:{name}"));
    let name = match operation {
        Name::DeleteBucketCors | Name::PutBucketCors => "s3:PutBucketCORS",
        Name::GetBucketCors => "s3:GetBucketCORS",
        Name::DeleteBucketEncryption | Name::PutBucketEncryption => "s3:PutEncryptionConfiguration",
        Name::GetBucketEncryption => "s3:GetEncryptionConfiguration",
        Name::DeleteBucketLifecycle
        | Name::PutBucketLifecycle
        | Name::PutBucketLifecycleConfiguration => "s3:PutLifecycleConfiguration",
        Name::GetBucketLifecycle | Name::GetBucketLifecycleConfiguration => {
            "s3:GetLifecycleConfiguration"
        }
        Name::DeleteBucketReplication | Name::PutBucketReplication => {
            "s3:PutReplicationConfiguration"
        }
        Name::GetBucketReplication => "s3:GetReplicationConfiguration",
        Name::DeleteBucketTagging => "s3:PutBucketTagging",
        Name::DeleteBucketAnalyticsConfiguration | Name::PutBucketAnalyticsConfiguration => {
            "s3:PutAnalyticsConfiguration"
        }
        Name::GetBucketAnalyticsConfiguration | Name::ListBucketAnalyticsConfigurations => {
            "s3:GetAnalyticsConfiguration"
        }
        Name::DeleteBucketIntelligentTieringConfiguration
        | Name::PutBucketIntelligentTieringConfiguration => "s3:PutIntelligentTieringConfiguration",
        Name::GetBucketIntelligentTieringConfiguration
        | Name::ListBucketIntelligentTieringConfigurations => {
            "s3:GetIntelligentTieringConfiguration"
        }
        Name::DeleteBucketInventoryConfiguration | Name::PutBucketInventoryConfiguration => {
            "s3:PutInventoryConfiguration"
        }
        Name::GetBucketInventoryConfiguration | Name::ListBucketInventoryConfigurations => {
            "s3:GetInventoryConfiguration"
        }
        Name::DeleteBucketMetricsConfiguration | Name::PutBucketMetricsConfiguration => {
            "s3:PutMetricsConfiguration"
        }
        Name::GetBucketMetricsConfiguration | Name::ListBucketMetricsConfigurations => {
            "s3:GetMetricsConfiguration"
        }
        Name::GetBucketAccelerateConfiguration => "s3:GetAccelerateConfiguration",
        Name::PutBucketAccelerateConfiguration => "s3:PutAccelerateConfiguration",
        Name::GetBucketNotificationConfiguration => "s3:GetBucketNotification",
        Name::PutBucketNotificationConfiguration => "s3:PutBucketNotification",
        Name::CreateBucketMetadataConfiguration => "s3:CreateBucketMetadataTableConfiguration",
        Name::DeleteBucketMetadataConfiguration => "s3:DeleteBucketMetadataTableConfiguration",
        Name::GetBucketMetadataConfiguration => "s3:GetBucketMetadataTableConfiguration",
        Name::GetObjectLockConfiguration => "s3:GetBucketObjectLockConfiguration",
        Name::PutObjectLockConfiguration => "s3:PutBucketObjectLockConfiguration",
        Name::SelectObjectContent => "s3:GetObject",
        _ => return of_its_name(),
    };
    Action::from_name(name)
}
