//! `DeleteObject`: 204 whether the object was there or not.
//!
//! Source: facts: s3-behaviour.md 8.2, 9; authorization.md 4.4.

use buckler_metadata::{DeleteEntry, DeleteObject as Outcome};
use buckler_policy::Action;
use buckler_s3::ops::delete_object::{Input, Output};
use buckler_s3::{S3Error, VersionSelector};

use crate::context::Context;
use crate::deletion::{delete_actions, delete_condition};
use crate::error::store_error;
use crate::operation::{BodyUse, Need, Operation};
use crate::pipeline::authorize::Authorized;
use crate::pipeline::load::Bucket;
use crate::publish::unmet_condition;

/// Marks the operation.
pub(crate) enum DeleteObject {}

impl Operation for DeleteObject {
    type Input = Input;
    type Subject = Bucket;
    type Output = Output;

    const BODY: BodyUse = BodyUse::None;

    fn permissions<'a>(input: &'a Input, bucket: &'a Bucket) -> Vec<Need<'a>> {
        delete_actions(&input.version, input.bypass_governance_retention)
            .map(|action: Action| Need::on_object(action, bucket, &input.key))
            .collect()
    }

    async fn run(cx: &Context, request: Authorized<'_, Self>) -> Result<Output, S3Error> {
        let now = request.facts().now;
        let Authorized {
            input,
            subject: bucket,
            ..
        } = request;
        let entry = DeleteEntry {
            key: input.key.clone(),
            version: input.version.clone(),
            condition: delete_condition(&input.preconditions),
        };
        let outcome = cx.store.delete_object(bucket.row.id, entry, now).await;
        match outcome.map_err(store_error)? {
            // AWS: a version's id is echoed, known or not.
            Outcome::Deleted | Outcome::Absent => Ok(Output {
                version_id: match input.version {
                    VersionSelector::Latest => None,
                    VersionSelector::Id(id) => Some(id),
                },
                delete_marker: false,
            }),
            Outcome::PreconditionFailed(unmet) => Err(unmet_condition(unmet, &input.key)),
        }
    }
}
