//! What the operations on uploads share: finding the upload, and who needs no permission to look at it or end it.
//!
//! Source: facts: s3-behaviour.md 10.1, authorization.md 4.4.

use buckler_metadata::{Initiator, NewPart, PutPart, UploadRow};
use buckler_policy::Action;
use buckler_s3::ops::UploadTarget;
use buckler_s3::{FromRequest, S3Error};

use crate::context::Context;
use crate::error::store_error;
use crate::operation::Need;
use crate::pipeline::caller::Caller;
use crate::pipeline::load::{Bucket, Loading, Subject, target_bucket};
use crate::publish::{discard, undone};

/// A bucket, and an upload in progress of one of its keys.
#[derive(Debug)]
pub(crate) struct InUpload {
    pub(crate) bucket: Bucket,
    pub(crate) upload: UploadRow,
    /// Whether the caller began it, or is root of the account that did.
    pub(crate) is_callers: bool,
}

impl<I: FromRequest + Send> Subject<I> for InUpload {
    /// The upload is looked for before the rest of the input is read.
    async fn load(loading: Loading<'_, '_>) -> Result<(I, Self), S3Error> {
        let Loading {
            cx,
            request,
            caller,
            ..
        } = loading;
        let bucket = target_bucket(cx, request).await?;
        let target = UploadTarget::from_request(request)?;
        let upload = find(cx, &bucket, &target).await?;
        let upload = upload
            .filter(|upload| !upload.is_completed)
            .ok_or_else(|| target.upload_id.not_found())?;
        let is_callers = is_callers(caller, &upload.initiator);
        let subject = Self {
            bucket,
            upload,
            is_callers,
        };
        Ok((I::from_request(request)?, subject))
    }
}

impl InUpload {
    /// A permission on the upload's key.
    pub(crate) fn need(&self, action: Action) -> Need<'_> {
        Need::on_object(action, &self.bucket, &self.upload.key)
    }

    /// The encryption that was asked for by name when the upload was created: policies see it in what is done to the
    /// upload, too. Facts: authorization.md 4.3.
    pub(crate) fn named_encryption(&self) -> Option<&'static str> {
        named_encryption(&self.upload)
    }
}

/// As [`InUpload::named_encryption`].
pub(crate) fn named_encryption(upload: &UploadRow) -> Option<&'static str> {
    upload.encryption_named.then_some("AES256")
}

/// An upload, in progress or completed.
///
/// # Errors
///
/// Those of the store.
pub(crate) async fn find(
    cx: &Context,
    bucket: &Bucket,
    target: &UploadTarget,
) -> Result<Option<UploadRow>, S3Error> {
    cx.store
        .upload(bucket.row.id, &target.key, &target.upload_id)
        .await
        .map_err(store_error)
}

/// Whether a caller needs no permission of its own to list the parts of an upload and to abort it. (Root of the
/// bucket's account needs none for anything.) Nobody is the initiator of what an anonymous caller began.
pub(crate) fn is_callers(caller: &Caller, initiator: &Initiator) -> bool {
    let is_same_account =
        initiator.account.is_some() && caller.account_id() == initiator.account.as_ref();
    let is_root = caller.principal_type() == "Account";
    is_same_account && (is_root || caller.user_id() == initiator.user_id)
}

/// The caller as the one who begins an upload.
pub(crate) fn initiator(caller: &Caller) -> Initiator {
    let canonical_id = caller.owner_id();
    let shown = match caller.principal_type() {
        "Account" => canonical_id.as_str(),
        _ => caller.arn().unwrap_or(canonical_id.as_str()),
    };
    Initiator {
        account: caller.account_id().copied(),
        user_id: caller.user_id().to_owned(),
        shown: shown.to_owned(),
    }
}

/// Makes a part one of its upload's.
///
/// # Errors
///
/// `NoSuchUpload` if the upload ended meanwhile, and the part's bytes become garbage; those of the store.
pub(crate) async fn publish_part(cx: &Context, part: NewPart) -> Result<(), S3Error> {
    let (id, body, size_bytes) = (part.upload_id, part.body.clone(), part.part.size_bytes);
    match cx.store.put_part(part).await {
        Ok(PutPart::Stored) => Ok(()),
        Ok(PutPart::NoSuchUpload) => {
            discard(cx, &body, size_bytes).await;
            Err(id.not_found())
        }
        Err(error) => Err(undone(cx, &body, error).await),
    }
}
