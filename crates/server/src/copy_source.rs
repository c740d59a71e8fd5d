//! What the copies share: finding their source.
//!
//! Source: facts: s3-behaviour.md 7.1, 7.3.

use buckler_metadata::{ObjectRow, Wanted};
use buckler_policy::AccountId;
use buckler_s3::ops::copy_object::source_is_delete_marker;
use buckler_s3::{CopySource, S3Error, VersionId, VersionSelector};

use crate::context::Context;
use crate::error::internal;
use crate::pipeline::authorize::Judge;
use crate::pipeline::load::{WithBody, owned_bucket, with_body};
use crate::stored_bytes::StoredBytes;
use crate::versions::existing;

/// The source, whether it exists or not.
///
/// # Errors
///
/// `NoSuchBucket`, `AccessDenied` for another owner than expected; those of the store.
pub(crate) async fn source(
    cx: &Context,
    source: &CopySource,
    expected_owner: Option<&AccountId>,
) -> Result<WithBody, S3Error> {
    let bucket = owned_bucket(cx, &source.bucket, expected_owner).await?;
    with_body(cx, bucket, &source.key, &source.version, Wanted::Whole).await
}

/// The source, which must exist.
///
/// # Errors
///
/// As [`existing`] for a read of the source, but `InvalidRequest` for a delete marker named by its id.
pub(crate) fn existing_source(
    judge: Judge<'_>,
    source: &CopySource,
    found: WithBody,
) -> Result<(ObjectRow, StoredBytes), S3Error> {
    let place = &found.place;
    let marker = place.object.as_ref().filter(|it| it.is_delete_marker);
    if marker.is_some() && source.version != VersionSelector::Latest {
        return Err(source_is_delete_marker());
    }
    existing(judge, place, &source.key, &source.version)?;
    found
        .place
        .object
        .zip(found.body)
        .ok_or_else(|| internal("an object has no body", &source.key))
}

/// `x-amz-copy-source-version-id`. AWS: the null version is shown only when it was asked for by name.
pub(crate) fn shown_source_version(source: &CopySource, object: &ObjectRow) -> Option<VersionId> {
    let named = source.version != VersionSelector::Latest;
    (named || !object.version_id.is_null()).then(|| object.version_id.clone())
}
