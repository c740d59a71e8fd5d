//! `PutBucketVersioning`: enables or suspends versioning; there is no way back to never.
//!
//! Source: facts: s3-behaviour.md 11.

use buckler_policy::Action;
use buckler_s3::ops::put_bucket_versioning::{
    DOCUMENT_BYTES_MAX, Document, Input, Output, mfa_required, object_lock_forbids,
};
use buckler_s3::{MfaDelete, S3Error, Versioning};

use crate::context::Context;
use crate::error::changed;
use crate::operation::{BodyUse, Need, Operation};
use crate::pipeline::authorize::Authorized;
use crate::pipeline::document::DocumentLimit;
use crate::pipeline::load::Bucket;

const LIMIT: DocumentLimit = DocumentLimit::xml(DOCUMENT_BYTES_MAX);

/// Marks the operation.
pub(crate) enum PutBucketVersioning {}

impl Operation for PutBucketVersioning {
    type Input = Input;
    type Subject = Bucket;
    type Output = Output;

    const BODY: BodyUse = BodyUse::Document;

    fn permissions<'a>(_: &'a Input, bucket: &'a Bucket) -> Vec<Need<'a>> {
        vec![Need::on_bucket(Action::PutBucketVersioning, bucket)]
    }

    async fn run(cx: &Context, mut request: Authorized<'_, Self>) -> Result<Output, S3Error> {
        let body = request
            .payload
            .read_document(LIMIT, &request.input.integrity)
            .await?;
        let Document {
            versioning,
            mfa_delete,
        } = Document::parse(&body)?;
        let bucket = &request.subject.row;
        if mfa_delete == Some(MfaDelete::Enabled) {
            // Nobody has an MFA device here, so no code that comes along can be right.
            return Err(mfa_required());
        }
        if versioning == Versioning::Suspended && bucket.object_lock_enabled {
            return Err(object_lock_forbids());
        }
        let change = cx
            .store
            .put_bucket_versioning(bucket.id, versioning, mfa_delete);
        changed(change.await, &bucket.name)?;
        Ok(Output)
    }
}
