//! `ListObjects`: a page of keys, the first form.
//!
//! Source: facts: s3-behaviour.md 12.

use buckler_metadata::{ListQuery, ListStart};
use buckler_policy::Action;
use buckler_s3::ops::list_objects::{Input, Output};
use buckler_s3::{Region, S3Error};

use crate::context::Context;
use crate::listing::{entries, list, resume_after};
use crate::operation::{BodyUse, Need, Operation};
use crate::pipeline::authorize::Authorized;
use crate::pipeline::load::Bucket;

/// Marks the operation.
pub(crate) enum ListObjects {}

impl Operation for ListObjects {
    type Input = Input;
    type Subject = Bucket;
    type Output = Output;

    const BODY: BodyUse = BodyUse::None;

    fn permissions<'a>(_: &'a Input, bucket: &'a Bucket) -> Vec<Need<'a>> {
        vec![Need::on_bucket(Action::ListBucket, bucket)]
    }

    async fn run(cx: &Context, request: Authorized<'_, Self>) -> Result<Output, S3Error> {
        let shows_owner = !request.facts().caller.is_anonymous();
        let Authorized {
            input,
            subject: bucket,
            ..
        } = request;
        let delimiter = input.delimiter.clone().unwrap_or_default();
        let start = match &input.marker {
            None => ListStart::Beginning,
            // AWS: a marker inside a group skips the whole group.
            Some(marker) => ListStart::AfterGroupOf(marker.clone()),
        };
        let page = list(
            cx,
            ListQuery {
                bucket_id: bucket.row.id,
                prefix: input.prefix.clone().unwrap_or_default(),
                delimiter,
                start,
                entries_max: u32::try_from(input.max_keys.limit()).unwrap_or(0),
            },
        )
        .await?;
        Ok(Output {
            next_marker: page.next.as_ref().map(resume_after),
            contents: entries(page.objects, &page.owners)?,
            common_prefixes: page.common_prefixes,
            shows_owner,
            region: Region::new(&bucket.row.region),
            request: input,
        })
    }
}
