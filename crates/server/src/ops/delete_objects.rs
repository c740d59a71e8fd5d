//! `DeleteObjects`: up to a thousand deletions, each judged and answered by itself.
//!
//! Source: facts: s3-behaviour.md 9; authorization.md 4.4, 6.1.

use std::collections::HashSet;

use buckler_metadata::{DeleteEntry, DeleteObject as Outcome};
use buckler_s3::ops::delete_objects::{
    DOCUMENT_BYTES_MAX, Deleted, Document, Entry, EntryVersion, Failed, Input, Output,
};
use buckler_s3::{ErrorCode, S3Error, VersionId, VersionSelector};

use crate::context::Context;
use crate::deletion::{delete_actions, delete_entry, deletion};
use crate::error::store_error;
use crate::operation::{BodyUse, Need, Operation};
use crate::pipeline::authorize::{Authorized, Judge};
use crate::pipeline::context_keys::View;
use crate::pipeline::document::DocumentLimit;
use crate::pipeline::load::Bucket;
use crate::publish::unmet_condition;

const LIMIT: DocumentLimit = DocumentLimit::xml(DOCUMENT_BYTES_MAX);

/// Marks the operation.
pub(crate) enum DeleteObjects {}

impl Operation for DeleteObjects {
    type Input = Input;
    type Subject = Bucket;
    type Output = Output;

    const BODY: BodyUse = BodyUse::Document;

    /// None of its own: each key is judged when it is known.
    fn permissions<'a>(_: &'a Input, _: &'a Bucket) -> Vec<Need<'a>> {
        Vec::new()
    }

    async fn run(cx: &Context, mut request: Authorized<'_, Self>) -> Result<Output, S3Error> {
        let body = request
            .payload
            .read_unverified(LIMIT, &request.input.integrity)
            .await?;
        let document = body.parsed(Document::parse)?;
        let bucket = &request.subject;
        let bypass = request.input.bypass_governance_retention;
        let mut output = Output {
            quiet: document.quiet,
            ..Output::default()
        };
        let mut allowed = Vec::new();
        for entry in distinct(document.objects) {
            match judged(request.judge(), bucket, &entry, bypass) {
                Ok(entry) => allowed.push(entry),
                Err(error) => output.errors.push(failed(entry, error)),
            }
        }
        let outcomes = cx
            .store
            .delete_objects(deletion(bucket, request.facts()), allowed.clone())
            .await
            .map_err(store_error)?;
        for (entry, outcome) in allowed.into_iter().zip(outcomes) {
            match answered(bucket, entry, outcome)? {
                Ok(deleted) => output.deleted.push(deleted),
                Err(failed) => output.errors.push(failed),
            }
        }
        Ok(output)
    }
}

/// The entry of the answer.
///
/// # Errors
///
/// `NoSuchBucket` if the bucket went away meanwhile.
fn answered(
    bucket: &Bucket,
    entry: DeleteEntry,
    outcome: Outcome,
) -> Result<Result<Deleted, Failed>, S3Error> {
    let named = entry.version.id().cloned();
    let delete_marker_version_id = match outcome {
        Outcome::Deleted | Outcome::Absent | Outcome::VersionDeleted => None,
        Outcome::MarkerDeleted => named.clone(),
        Outcome::MarkerMade { version_id } => Some(version_id),
        Outcome::PreconditionFailed(unmet) => {
            return Ok(Err(Failed {
                error: unmet_condition(unmet, &entry.key),
                key: entry.key,
                version_id: named.map(|id| id.to_string()),
            }));
        }
        Outcome::NoSuchBucket => return Err(S3Error::no_such_bucket(&bucket.row.name)),
    };
    Ok(Ok(Deleted {
        key: entry.key,
        version_id: named,
        delete_marker_version_id,
    }))
}

/// AWS: duplicates of a key without a version are one entry.
fn distinct(entries: Vec<Entry>) -> impl Iterator<Item = Entry> {
    let mut seen = HashSet::new();
    entries.into_iter().filter(move |entry| {
        entry.version != EntryVersion::Latest || seen.insert(entry.key.clone())
    })
}

fn judged(
    judge: Judge<'_>,
    bucket: &Bucket,
    entry: &Entry,
    bypass_governance_retention: bool,
) -> Result<DeleteEntry, S3Error> {
    let version = match &entry.version {
        EntryVersion::Latest => VersionSelector::Latest,
        EntryVersion::Id(id) => VersionSelector::Id(id.clone()),
        // AWS: no such version can be, which is all that is said of it here, as recorded; DeleteObject names the id.
        EntryVersion::Malformed(_) => return Err(S3Error::new(ErrorCode::NoSuchVersion)),
    };
    for action in delete_actions(&version, bypass_governance_retention) {
        judge.judge(&Need {
            view: View::Entry {
                version_id: version.id().map(VersionId::as_str),
            },
            ..Need::on_object(action, bucket, &entry.key)
        })?;
    }
    delete_entry(&entry.key, version, &entry.preconditions)
}

fn failed(entry: Entry, error: S3Error) -> Failed {
    let version_id = match entry.version {
        EntryVersion::Latest => None,
        EntryVersion::Id(id) => Some(id.to_string()),
        EntryVersion::Malformed(id) => Some(id),
    };
    Failed {
        key: entry.key,
        version_id,
        error,
    }
}
