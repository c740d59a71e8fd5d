//! `DeleteObjectTagging`: removes all tags of one version of an object.
//!
//! Source: facts: s3-behaviour.md 13.

use buckler_policy::Action;
use buckler_s3::S3Error;
use buckler_s3::ops::delete_object_tagging::{Input, Output};

use crate::context::Context;
use crate::operation::{BodyUse, Need, Operation};
use crate::pipeline::authorize::Authorized;
use crate::pipeline::load::InObject;
use crate::tags::tagging_permission;
use crate::versions::{changed_version, undeleted};

/// Marks the operation.
pub(crate) enum DeleteObjectTagging {}

impl Operation for DeleteObjectTagging {
    type Input = Input;
    type Subject = InObject;
    type Output = Output;

    const BODY: BodyUse = BodyUse::None;

    fn permissions<'a>(input: &'a Input, subject: &'a InObject) -> Vec<Need<'a>> {
        vec![tagging_permission(
            (
                Action::DeleteObjectTagging,
                Action::DeleteObjectVersionTagging,
            ),
            &input.version,
            &input.key,
            subject,
        )]
    }

    async fn run(cx: &Context, request: Authorized<'_, Self>) -> Result<Output, S3Error> {
        let judge = request.judge();
        let Authorized { input, subject, .. } = request;
        undeleted(judge, &subject, &input.key, &input.version)?;
        let bucket_id = subject.bucket.row.id;
        let replaced = cx
            .store
            .delete_tags(bucket_id, input.key.clone(), input.version.clone())
            .await;
        let version_id = changed_version(judge, replaced, &subject, &input.key, &input.version)?;
        Ok(Output { version_id })
    }
}
