//! `CompleteMultipartUpload`: makes the parts of an upload an object, in one transaction and without a copy.
//!
//! Source: facts: s3-behaviour.md 8.1, 10.2, 10.3; authorization.md 4.4.

use buckler_metadata::{CompleteUpload, CompletedUpload, UploadRow};
use buckler_policy::Action;
use buckler_s3::ops::UploadTarget;
use buckler_s3::ops::complete_multipart_upload::{DOCUMENT_BYTES_MAX, Document, Input, Output};
use buckler_s3::{FromRequest as _, ObjectChecksum, S3Error};

use crate::context::Context;
use crate::error::store_error;
use crate::operation::{BodyUse, Need, Operation};
use crate::pipeline::authorize::Authorized;
use crate::pipeline::document::DocumentLimit;
use crate::pipeline::load::{Bucket, Loading, Subject, target_bucket};
use crate::publish::{unmet_condition, version_nonce, write_precondition};
use crate::uploads::{find, named_encryption};

const LIMIT: DocumentLimit = DocumentLimit::xml(DOCUMENT_BYTES_MAX);

/// Marks the operation.
pub(crate) enum CompleteMultipartUpload {}

/// The upload, which may have been completed before: then this is a repetition.
#[derive(Debug)]
pub(crate) struct ToComplete {
    bucket: Bucket,
    upload: UploadRow,
}

impl Subject<Input> for ToComplete {
    async fn load(loading: Loading<'_, '_>) -> Result<(Input, Self), S3Error> {
        let Loading { cx, request, .. } = loading;
        let bucket = target_bucket(cx, request).await?;
        let target = UploadTarget::from_request(request)?;
        let upload = find(cx, &bucket, &target)
            .await?
            .ok_or_else(|| target.upload_id.not_found())?;
        Ok((Input::from_request(request)?, Self { bucket, upload }))
    }
}

impl Operation for CompleteMultipartUpload {
    type Input = Input;
    type Subject = ToComplete;
    type Output = Output;

    const BODY: BodyUse = BodyUse::Document;

    fn permissions<'a>(input: &'a Input, subject: &'a ToComplete) -> Vec<Need<'a>> {
        vec![Need::on_object(
            Action::PutObject,
            &subject.bucket,
            &input.key,
        )]
    }

    fn inherited_encryption<'a>(_: &'a Input, subject: &'a ToComplete) -> Option<&'a str> {
        named_encryption(&subject.upload)
    }

    async fn run(cx: &Context, mut request: Authorized<'_, Self>) -> Result<Output, S3Error> {
        let body = request
            .payload
            .read_document(LIMIT, &request.input.integrity)
            .await?;
        let scheme = if request.facts().client.is_secure {
            "https"
        } else {
            "http"
        };
        let Authorized { input, subject, .. } = request;
        let document = Document::parse(&body, &input.upload_id)?;
        let complete = CompleteUpload {
            bucket_id: subject.bucket.row.id,
            key: input.key.clone(),
            id: input.upload_id,
            completion: input.completion(document),
            precondition: write_precondition(&input.preconditions),
            now: cx.clock.now(),
            nonce: version_nonce()?,
        };
        let completed = cx.store.complete_upload(complete).await;
        let (etag, checksum, version_id) = match completed.map_err(store_error)? {
            CompletedUpload::Stored {
                etag,
                checksum,
                version_id,
            } => (etag, Some(ObjectChecksum::from(&checksum)), version_id),
            CompletedUpload::Repeated { etag, version_id } => (etag, None, version_id),
            CompletedUpload::Refused(fault) => return Err(fault.into_error(&input.upload_id)),
            CompletedUpload::PreconditionFailed(unmet) => {
                return Err(unmet_condition(unmet, &input.key));
            }
            CompletedUpload::Conflict => return Err(input.preconditions.conflict(&input.key)),
            CompletedUpload::NoSuchUpload => return Err(input.upload_id.not_found()),
            CompletedUpload::NoSuchBucket => {
                return Err(S3Error::no_such_bucket(&input.bucket));
            }
        };
        Ok(Output {
            location: format!("{scheme}:{}", input.location),
            bucket: input.bucket,
            key: input.key,
            etag,
            checksum,
            version_id,
        })
    }
}
