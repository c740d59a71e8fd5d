//! `ListParts`: a page of the parts of an upload in progress.
//!
//! Source: facts: s3-behaviour.md 10.5; authorization.md 4.4.

use buckler_metadata::{PartQuery, PartRow};
use buckler_policy::Action;
use buckler_s3::ops::list_parts::{Input, ListedPart, Output};
use buckler_s3::{ETag, S3Error};

use crate::context::Context;
use crate::error::store_error;
use crate::operation::{BodyUse, Need, Operation};
use crate::pipeline::authorize::Authorized;
use crate::uploads::InUpload;

/// Marks the operation.
pub(crate) enum ListParts {}

impl Operation for ListParts {
    type Input = Input;
    type Subject = InUpload;
    type Output = Output;

    const BODY: BodyUse = BodyUse::None;

    fn permissions<'a>(_: &'a Input, subject: &'a InUpload) -> Vec<Need<'a>> {
        vec![Need {
            unless_denied: subject.is_callers,
            ..subject.need(Action::ListMultipartUploadParts)
        }]
    }

    async fn run(cx: &Context, request: Authorized<'_, Self>) -> Result<Output, S3Error> {
        let Authorized { input, subject, .. } = request;
        let upload = subject.upload;
        let page_size = input.max_parts.get();
        let query = PartQuery {
            bucket_id: subject.bucket.row.id,
            key: input.target.key.clone(),
            upload_id: input.target.upload_id,
            algorithm: upload.checksum.algorithm(),
            after: input.marker,
            limit: page_size + 1,
        };
        let mut rows = cx.store.list_parts(&query).await.map_err(store_error)?;
        let is_truncated = page_size > 0 && rows.len() > page_size as usize;
        rows.truncate(page_size as usize);
        let shows_checksum = upload.checksum.asked().is_some();
        Ok(Output {
            request: input,
            initiator: upload.initiator.shown,
            owner: upload.owner_canonical_id,
            storage_class: upload.storage_class,
            checksum: upload.checksum,
            parts: rows
                .into_iter()
                .map(|row| listed(row, shows_checksum))
                .collect(),
            is_truncated,
        })
    }
}

fn listed(row: PartRow, shows_checksum: bool) -> ListedPart {
    let part = row.part;
    ListedPart {
        number: part.number,
        last_modified: row.created_at,
        etag: ETag::from_md5(part.md5),
        size_bytes: part.size_bytes,
        checksum: Some(part.checksum).filter(|_| shows_checksum),
    }
}
