//! `DeleteObject`: 204 whether the object was there or not.
//!
//! Source: facts: s3-behaviour.md 8.2, 9; authorization.md 4.4.

use buckler_metadata::DeleteObject as Outcome;
use buckler_policy::Action;
use buckler_s3::S3Error;
use buckler_s3::ops::delete_object::{Input, Output};

use crate::context::Context;
use crate::deletion::{delete_actions, delete_entry, deletion};
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
        let facts = request.facts();
        let Authorized {
            input,
            subject: bucket,
            ..
        } = request;
        let named = input.version.id().cloned();
        let entry = delete_entry(&input.key, input.version, &input.preconditions)?;
        let outcome = cx
            .store
            .delete_object(deletion(&bucket, facts), entry)
            .await;
        let (version_id, delete_marker) = match outcome.map_err(store_error)? {
            // AWS: a version's id is echoed, known or not.
            Outcome::Deleted | Outcome::Absent | Outcome::VersionDeleted => (named, false),
            Outcome::MarkerDeleted => (named, true),
            Outcome::MarkerMade { version_id } => (Some(version_id), true),
            Outcome::PreconditionFailed(unmet) => return Err(unmet_condition(unmet, &input.key)),
            Outcome::NoSuchBucket => return Err(S3Error::no_such_bucket(&bucket.row.name)),
        };
        Ok(Output {
            version_id,
            delete_marker,
        })
    }
}
