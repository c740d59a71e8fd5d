//! `PutBucketOwnershipControls`: replaces the setting of Object Ownership, from the next request on.
//!
//! Source: facts: s3-behaviour.md 14, authorization.md 5.5, 5.6.

use buckler_policy::Action;
use buckler_s3::S3Error;
use buckler_s3::ops::put_bucket_ownership_controls::{DOCUMENT_BYTES_MAX, Document, Input, Output};

use crate::context::Context;
use crate::error::ownership_changed;
use crate::operation::{BodyUse, Need, Operation};
use crate::pipeline::authorize::Authorized;
use crate::pipeline::document::DocumentLimit;
use crate::pipeline::load::Bucket;

const LIMIT: DocumentLimit = DocumentLimit::xml(DOCUMENT_BYTES_MAX);

/// Marks the operation.
pub(crate) enum PutBucketOwnershipControls {}

impl Operation for PutBucketOwnershipControls {
    type Input = Input;
    type Subject = Bucket;
    type Output = Output;

    const BODY: BodyUse = BodyUse::Document;

    fn permissions<'a>(_: &'a Input, bucket: &'a Bucket) -> Vec<Need<'a>> {
        vec![Need::on_bucket(Action::PutBucketOwnershipControls, bucket)]
    }

    async fn run(cx: &Context, mut request: Authorized<'_, Self>) -> Result<Output, S3Error> {
        let body = request
            .payload
            .read_document(LIMIT, &request.input.integrity)
            .await?;
        let Document { object_ownership } = Document::parse(&body)?;
        let bucket = &request.subject.row;
        let controls = Some(object_ownership);
        let outcome = cx.store.put_ownership_controls(bucket.id, controls).await;
        ownership_changed(outcome, &bucket.name)?;
        Ok(Output)
    }
}
