//! `GetObjectTagging`: the tags of one version of an object.
//!
//! Source: facts: s3-behaviour.md 13.

use buckler_policy::Action;
use buckler_s3::S3Error;
use buckler_s3::ops::get_object_tagging::{Input, Output};

use crate::context::Context;
use crate::operation::{BodyUse, Need, Operation};
use crate::pipeline::authorize::Authorized;
use crate::pipeline::load::InObject;
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
        let object = undeleted(judge, &subject, &input.key, &input.version)?;
        Ok(Output {
            tags: object.tags.clone(),
            version_id: shown(&subject.bucket, &object.version_id),
        })
    }
}
