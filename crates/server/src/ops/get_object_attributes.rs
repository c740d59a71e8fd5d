//! `GetObjectAttributes`: what is known of a version, without its bytes.
//!
//! Source: facts: s3-behaviour.md 23, authorization.md 4.4.

use buckler_policy::Action;
use buckler_s3::ops::get_object_attributes::{Input, Output};
use buckler_s3::{S3Error, VersionSelector};

use crate::context::Context;
use crate::operation::{BodyUse, Need, Operation};
use crate::pipeline::authorize::Authorized;
use crate::pipeline::load::InObject;
use crate::read::object_checksum;
use crate::versions::{existing, shown};

/// Marks the operation.
pub(crate) enum GetObjectAttributes {}

impl Operation for GetObjectAttributes {
    type Input = Input;
    type Subject = InObject;
    type Output = Output;

    const BODY: BodyUse = BodyUse::None;

    fn permissions<'a>(input: &'a Input, subject: &'a InObject) -> Vec<Need<'a>> {
        let actions = match input.version {
            VersionSelector::Latest => [Action::GetObject, Action::GetObjectAttributes],
            VersionSelector::Id(_) => {
                [Action::GetObjectVersion, Action::GetObjectVersionAttributes]
            }
        };
        let need = |action| Need {
            object: subject.object.as_ref(),
            ..Need::on_object(action, &subject.bucket, &input.key)
        };
        actions.map(need).into()
    }

    async fn run(_: &Context, request: Authorized<'_, Self>) -> Result<Output, S3Error> {
        let judge = request.judge();
        let Authorized { input, subject, .. } = request;
        let object = existing(judge, &subject, &input.key, &input.version)?;
        Ok(Output {
            attributes: input.attributes,
            etag: object.etag.clone(),
            checksum: object.checksum.as_ref().and_then(object_checksum),
            // Only multipart objects have parts, and there are none yet.
            parts: None,
            storage_class: object.headers.storage_class,
            size_bytes: object.size_bytes,
            last_modified: object.created_at,
            version_id: shown(&subject.bucket, &object.version_id),
        })
    }
}
