//! `ListObjectsV2`: a page of keys, the second form.
//!
//! Source: facts: s3-behaviour.md 12.

use buckler_metadata::{ListQuery, ListStart};
use buckler_policy::Action;
use buckler_s3::ops::list_objects_v2::{Input, Output};
use buckler_s3::{Region, S3Error};

use crate::context::Context;
use crate::listing::{entries, list, resume, token};
use crate::operation::{BodyUse, Need, Operation};
use crate::pipeline::authorize::Authorized;
use crate::pipeline::load::Bucket;

/// Marks the operation.
pub(crate) enum ListObjectsV2 {}

impl Operation for ListObjectsV2 {
    type Input = Input;
    type Subject = Bucket;
    type Output = Output;

    const BODY: BodyUse = BodyUse::None;

    fn permissions<'a>(_: &'a Input, bucket: &'a Bucket) -> Vec<Need<'a>> {
        vec![Need::on_bucket(Action::ListBucket, bucket)]
    }

    async fn run(cx: &Context, request: Authorized<'_, Self>) -> Result<Output, S3Error> {
        let Authorized {
            input,
            subject: bucket,
            ..
        } = request;
        let delimiter = input.delimiter.clone().unwrap_or_default();
        let start = match (&input.continuation_token, &input.start_after) {
            (Some(token), _) => resume(token),
            (None, Some(key)) if !key.is_empty() => ListStart::AfterGroupOf(key.clone()),
            (None, _) => ListStart::Beginning,
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
            next: page.next.and_then(token),
            contents: entries(page.objects, &page.owners)?,
            common_prefixes: page.common_prefixes,
            region: Region::new(&bucket.row.region),
            request: input,
        })
    }
}
