//! `PutPublicAccessBlock`: replaces the four flags; an absent one is false.
//!
//! Source: facts: authorization.md 5.7, s3-behaviour.md 20.

use buckler_policy::Action;
use buckler_s3::S3Error;
use buckler_s3::ops::put_public_access_block::{DOCUMENT_BYTES_MAX, Document, Input, Output};

use crate::context::Context;
use crate::error::changed;
use crate::operation::{BodyUse, Need, Operation};
use crate::pipeline::authorize::Authorized;
use crate::pipeline::document::DocumentLimit;
use crate::pipeline::load::Bucket;

const LIMIT: DocumentLimit = DocumentLimit::xml(DOCUMENT_BYTES_MAX);

/// Marks the operation.
pub(crate) enum PutPublicAccessBlock {}

impl Operation for PutPublicAccessBlock {
    type Input = Input;
    type Subject = Bucket;
    type Output = Output;

    const BODY: BodyUse = BodyUse::Document;

    fn permissions<'a>(_: &'a Input, bucket: &'a Bucket) -> Vec<Need<'a>> {
        vec![Need::on_bucket(Action::PutBucketPublicAccessBlock, bucket)]
    }

    async fn run(cx: &Context, mut request: Authorized<'_, Self>) -> Result<Output, S3Error> {
        let body = request
            .payload
            .read_document(LIMIT, &request.input.integrity)
            .await?;
        let document = Document::parse(&body)?;
        let bucket = &request.subject.row;
        let block = Some(document.settings);
        changed(
            cx.store.put_public_access_block(bucket.id, block).await,
            &bucket.name,
        )?;
        Ok(Output)
    }
}
