//! `ListMultipartUploads`: a page of the uploads in progress.
//!
//! Source: facts: s3-behaviour.md 10.5.

use buckler_metadata::{UploadQuery, UploadRow, UploadStart};
use buckler_policy::Action;
use buckler_s3::ops::list_multipart_uploads::{
    Input, ListedUpload, Output, PageEnd, invalid_marker,
};
use buckler_s3::{ObjectKey, S3Error};

use crate::context::Context;
use crate::error::store_error;
use crate::operation::{BodyUse, Need, Operation};
use crate::pipeline::authorize::Authorized;
use crate::pipeline::load::Bucket;
use crate::upload_ids::was_given_out;

/// Marks the operation.
pub(crate) enum ListMultipartUploads {}

impl Operation for ListMultipartUploads {
    type Input = Input;
    type Subject = Bucket;
    type Output = Output;

    const BODY: BodyUse = BodyUse::None;

    fn permissions<'a>(_: &'a Input, bucket: &'a Bucket) -> Vec<Need<'a>> {
        vec![Need::on_bucket(Action::ListBucketMultipartUploads, bucket)]
    }

    async fn run(cx: &Context, request: Authorized<'_, Self>) -> Result<Output, S3Error> {
        let Authorized {
            input,
            subject: bucket,
            ..
        } = request;
        check_marker(cx, &bucket, &input)?;
        let query = UploadQuery {
            bucket_id: bucket.row.id,
            prefix: input.prefix.clone().unwrap_or_default(),
            delimiter: input.delimiter.clone().unwrap_or_default(),
            start: match (input.key_marker.clone(), input.upload_id_marker) {
                (None, _) => UploadStart::Beginning,
                (Some(key), None) => UploadStart::AfterKey(key),
                (Some(key), Some(id)) => UploadStart::AfterUpload(key, id),
            },
            entries_max: input.max_uploads.get(),
        };
        let page = cx.store.list_uploads(&query).await.map_err(store_error)?;
        // AWS: a common prefix is no marker, recorded by LocalStack's tests. Of a page that another follows it is one here,
        // for else that page could not be asked for.
        let end = if page.is_truncated {
            page.last
        } else {
            let last = page.uploads.last();
            last.map(|row| (row.key.as_str().to_owned(), Some(row.id)))
        };
        Ok(Output {
            request: input,
            uploads: page.uploads.into_iter().map(listed).collect(),
            common_prefixes: page.common_prefixes,
            end: end.map(|(key, upload_id)| PageEnd { key, upload_id }),
            is_truncated: page.is_truncated,
        })
    }
}

/// AWS: the upload of a marker must be one of the marker's key, in progress or not. Recorded by LocalStack's tests.
fn check_marker(cx: &Context, bucket: &Bucket, input: &Input) -> Result<(), S3Error> {
    let (Some(key), Some(id)) = (&input.key_marker, &input.upload_id_marker) else {
        return Ok(());
    };
    match ObjectKey::parse(key) {
        Ok(key) if was_given_out(cx, bucket.row.id, &key, id) => Ok(()),
        _ => Err(invalid_marker(&id.to_string())),
    }
}

fn listed(row: UploadRow) -> ListedUpload {
    ListedUpload {
        key: row.key,
        upload_id: row.id,
        initiator: row.initiator.shown,
        owner: row.owner_canonical_id,
        storage_class: row.storage_class,
        initiated: row.created_at,
        checksum: row.checksum,
    }
}
