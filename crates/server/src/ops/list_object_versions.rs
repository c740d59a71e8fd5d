//! `ListObjectVersions`: a page of versions and delete markers.
//!
//! Source: facts: s3-behaviour.md 12.3.

use buckler_metadata::{VersionsQuery, VersionsStart};
use buckler_policy::Action;
use buckler_s3::S3Error;
use buckler_s3::ops::list_object_versions::{Input, Marker, Output};

use crate::context::Context;
use crate::error::store_error;
use crate::listing::versions;
use crate::operation::{BodyUse, Need, Operation};
use crate::pipeline::authorize::Authorized;
use crate::pipeline::load::Bucket;

/// Marks the operation.
pub(crate) enum ListObjectVersions {}

impl Operation for ListObjectVersions {
    type Input = Input;
    type Subject = Bucket;
    type Output = Output;

    const BODY: BodyUse = BodyUse::None;

    fn permissions<'a>(_: &'a Input, bucket: &'a Bucket) -> Vec<Need<'a>> {
        vec![Need::on_bucket(Action::ListBucketVersions, bucket)]
    }

    async fn run(cx: &Context, request: Authorized<'_, Self>) -> Result<Output, S3Error> {
        let Authorized {
            input,
            subject: bucket,
            ..
        } = request;
        let query = VersionsQuery {
            bucket_id: bucket.row.id,
            prefix: input.prefix.clone().unwrap_or_default(),
            delimiter: input.delimiter.clone().unwrap_or_default(),
            start: start(input.marker.as_ref()),
            entries_max: u32::try_from(input.max_keys.limit()).unwrap_or(0),
        };
        let page = cx.store.list_versions(&query).await.map_err(store_error)?;
        Ok(Output {
            entries: versions(page.versions, &page.owners)?,
            common_prefixes: page.common_prefixes,
            next: page.next.and_then(marker),
            request: input,
        })
    }
}

fn start(marker: Option<&Marker>) -> VersionsStart {
    match marker.cloned() {
        None => VersionsStart::Beginning,
        Some(Marker {
            key,
            version_id: None,
        }) => VersionsStart::AfterKey(key),
        Some(Marker {
            key,
            version_id: Some(version_id),
        }) => VersionsStart::AfterVersion(key, version_id),
    }
}

fn marker(next: VersionsStart) -> Option<Marker> {
    match next {
        VersionsStart::Beginning => None,
        VersionsStart::AfterKey(key) => Some(Marker {
            key,
            version_id: None,
        }),
        VersionsStart::AfterVersion(key, version_id) => Some(Marker {
            key,
            version_id: Some(version_id),
        }),
    }
}
