//! `GetObjectTagging`: the tags of one version of an object.
//!
//! Source: facts: s3-behaviour.md 13.

use buckler_policy::Action;
use buckler_s3::ops::get_object_tagging::{Input, Output};
use buckler_s3::{Detail, ErrorCode, ObjectKey, S3Error};

use crate::context::Context;
use crate::operation::{BodyUse, Need, Operation};
use crate::pipeline::authorize::Authorized;
use crate::pipeline::load::{Bucket, InObject};
use crate::tags::tagging_permission;
use crate::versions::{shown, undeleted};

/// Marks the operation.
pub(crate) enum GetObjectTagging {}

impl Operation for GetObjectTagging {
    type Input = Input;
    type Subject = InObject;
    type Output = Output;

    const BODY: BodyUse = BodyUse::None;

    fn permissions<'a>(input: &'a Input, subject: &'a InObject) -> Vec<Need<'a>> {
        vec![tagging_permission(
            (Action::GetObjectTagging, Action::GetObjectVersionTagging),
            &input.version,
            &input.key,
            subject,
        )]
    }

    async fn run(_: &Context, request: Authorized<'_, Self>) -> Result<Output, S3Error> {
        let judge = request.judge();
        let Authorized { input, subject, .. } = request;
        let object =
            undeleted(judge, &subject, &input.key, &input.version).map_err(
                |error| match error.code {
                    ErrorCode::NoSuchKey => with_bucket(error, &subject.bucket, &input.key),
                    _ => error,
                },
            )?;
        Ok(Output {
            tags: object.tags.clone(),
            version_id: shown(&subject.bucket, &object.version_id),
        })
    }
}

/// AWS: `Key` has the bucket's name before the key here, as recorded, and nowhere else.
fn with_bucket(error: S3Error, bucket: &Bucket, key: &ObjectKey) -> S3Error {
    error.with_detail(Detail::Key(format!("{}/{}", bucket.row.name, key.as_str())))
}
