//! `AbortMultipartUpload`: gives an upload and its parts up.
//!
//! Source: facts: s3-behaviour.md 10.1; authorization.md 4.4.

use buckler_metadata::UploadRow;
use buckler_policy::Action;
use buckler_s3::ops::UploadTarget;
use buckler_s3::ops::abort_multipart_upload::{Input, Output};
use buckler_s3::{FromRequest as _, S3Error};

use crate::context::Context;
use crate::error::store_error;
use crate::operation::{BodyUse, Need, Operation};
use crate::pipeline::authorize::Authorized;
use crate::pipeline::load::{Bucket, Loading, Subject, target_bucket};
use crate::upload_ids::was_given_out;
use crate::uploads::{find, is_callers};

/// Marks the operation.
pub(crate) enum AbortMultipartUpload {}

/// The upload. It is gone if it was aborted before, or if the object that it became is.
#[derive(Debug)]
pub(crate) struct ToAbort {
    bucket: Bucket,
    upload: Option<UploadRow>,
    is_callers: bool,
}

impl Subject<Input> for ToAbort {
    /// An id that was never given out is `NoSuchUpload`.
    async fn load(loading: Loading<'_, '_>) -> Result<(Input, Self), S3Error> {
        let Loading {
            cx,
            request,
            caller,
            ..
        } = loading;
        let bucket = target_bucket(cx, request).await?;
        let target = UploadTarget::from_request(request)?;
        let upload = find(cx, &bucket, &target).await?;
        let (key, id) = (&target.key, &target.upload_id);
        if upload.is_none() && !was_given_out(cx, bucket.row.id, key, id) {
            return Err(id.not_found());
        }
        let is_callers = upload
            .as_ref()
            .is_some_and(|upload| is_callers(caller, &upload.initiator));
        Ok((
            Input::from_request(request)?,
            Self {
                bucket,
                upload,
                is_callers,
            },
        ))
    }
}

impl Operation for AbortMultipartUpload {
    type Input = Input;
    type Subject = ToAbort;
    type Output = Output;

    const BODY: BodyUse = BodyUse::None;

    /// None where nothing is left to be done: who has the id of an upload that is gone was told it, and learns nothing.
    fn permissions<'a>(input: &'a Input, subject: &'a ToAbort) -> Vec<Need<'a>> {
        let need = |_| Need {
            unless_denied: subject.is_callers,
            ..Need::on_object(
                Action::AbortMultipartUpload,
                &subject.bucket,
                &input.target.key,
            )
        };
        subject.upload.iter().map(need).collect()
    }

    async fn run(cx: &Context, request: Authorized<'_, Self>) -> Result<Output, S3Error> {
        let Authorized { input, subject, .. } = request;
        if subject.upload.is_some() {
            let UploadTarget { key, upload_id, .. } = input.target;
            cx.store
                .abort_upload(subject.bucket.row.id, key, upload_id, cx.clock.now())
                .await
                .map_err(store_error)?;
        }
        Ok(Output)
    }
}
