//! `PutObjectAcl`: replaces the ACL of one version of an object, whose owner stays.
//!
//! Source: facts: s3-behaviour.md 14, authorization.md 5.6, 5.7.

use buckler_policy::{Action, Resource};
use buckler_s3::ops::put_object_acl::{Input, Output};
use buckler_s3::{S3Error, VersionSelector};

use crate::acl::{accepted, requested};
use crate::context::Context;
use crate::operation::{BodyUse, Need, Operation};
use crate::pipeline::authorize::Authorized;
use crate::pipeline::load::InObject;
use crate::versions::{changed_version, shown, undeleted};

/// Marks the operation.
pub(crate) enum PutObjectAcl {}

impl Operation for PutObjectAcl {
    type Input = Input;
    type Subject = InObject;
    type Output = Output;

    const BODY: BodyUse = BodyUse::Document;

    fn permissions<'a>(input: &'a Input, subject: &'a InObject) -> Vec<Need<'a>> {
        vec![Need {
            object: subject.object.as_ref(),
            ..Need::on_object(action(&input.version), &subject.bucket, &input.key)
        }]
    }

    async fn run(cx: &Context, request: Authorized<'_, Self>) -> Result<Output, S3Error> {
        let judge = request.judge();
        let Authorized {
            input,
            subject,
            mut payload,
            ..
        } = request;
        let (bucket, version) = (&subject.bucket, &input.version);
        let object = undeleted(judge, &subject, &input.key, version)?;
        let of = (bucket, object.owner_canonical_id);
        let acl = requested(input.acl, &mut payload, &input.integrity, of).await?;
        let on = Resource::Object {
            bucket: bucket.row.name.as_str(),
            key: input.key.as_str(),
        };
        let Some(acl) = accepted(cx, judge, of, (action(version), on), acl).await? else {
            let version_id = shown(bucket, &object.version_id);
            return Ok(Output { version_id });
        };
        let (key, selector) = (input.key.clone(), version.clone());
        let outcome = cx.store.put_object_acl(bucket.row.id, key, selector, acl);
        let version_id = changed_version(judge, outcome.await, &subject, &input.key, version)?;
        Ok(Output { version_id })
    }
}

/// The ACL of a version named by its id is a permission of its own.
fn action(version: &VersionSelector) -> Action {
    match version {
        VersionSelector::Latest => Action::PutObjectAcl,
        VersionSelector::Id(_) => Action::PutObjectVersionAcl,
    }
}
