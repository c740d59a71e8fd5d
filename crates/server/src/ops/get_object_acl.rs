//! `GetObjectAcl`: the ACL of one version of an object, as it counts.
//!
//! Source: facts: s3-behaviour.md 14, authorization.md 5.6.

use buckler_policy::Action;
use buckler_s3::ops::get_object_acl::{Input, Output};
use buckler_s3::{S3Error, VersionSelector};

use crate::acl::{Shown, shown};
use crate::context::Context;
use crate::operation::{BodyUse, Need, Operation};
use crate::pipeline::authorize::Authorized;
use crate::pipeline::load::InObject;
use crate::versions::{existing, shown as shown_version};

/// Marks the operation.
pub(crate) enum GetObjectAcl {}

impl Operation for GetObjectAcl {
    type Input = Input;
    type Subject = InObject;
    type Output = Output;

    const BODY: BodyUse = BodyUse::None;

    fn permissions<'a>(input: &'a Input, subject: &'a InObject) -> Vec<Need<'a>> {
        let action = match input.version {
            VersionSelector::Latest => Action::GetObjectAcl,
            VersionSelector::Id(_) => Action::GetObjectVersionAcl,
        };
        vec![Need {
            object: subject.object.as_ref(),
            ..Need::on_object(action, &subject.bucket, &input.key)
        }]
    }

    async fn run(_: &Context, request: Authorized<'_, Self>) -> Result<Output, S3Error> {
        let judge = request.judge();
        let Authorized { input, subject, .. } = request;
        let object = existing(judge, &subject, &input.key, &input.version)?;
        let bucket = &subject.bucket;
        let Shown { owner, grants } = shown(bucket, object.owner_canonical_id, &object.acl);
        Ok(Output {
            owner,
            grants,
            version_id: shown_version(bucket, &object.version_id),
        })
    }
}
