//! `UploadPart`: one part of an upload. A part of the same number is replaced, whole or not at all.
//!
//! Source: facts: s3-behaviour.md 10.1, 10.3; authorization.md 4.4.

use buckler_metadata::NewPart;
use buckler_policy::Action;
use buckler_s3::multipart::UploadedPart;
use buckler_s3::ops::upload_part::{Input, Output};
use buckler_s3::{ETag, S3Error};

use crate::context::Context;
use crate::operation::{BodyUse, Need, Operation};
use crate::pipeline::authorize::Authorized;
use crate::uploads::{InUpload, publish_part};

/// Marks the operation.
pub(crate) enum UploadPart {}

impl Operation for UploadPart {
    type Input = Input;
    type Subject = InUpload;
    type Output = Output;

    const BODY: BodyUse = BodyUse::Chunks;

    fn permissions<'a>(_: &'a Input, subject: &'a InUpload) -> Vec<Need<'a>> {
        vec![subject.need(Action::PutObject)]
    }

    fn inherited_encryption<'a>(_: &'a Input, subject: &'a InUpload) -> Option<&'a str> {
        subject.named_encryption()
    }

    async fn run(cx: &Context, request: Authorized<'_, Self>) -> Result<Output, S3Error> {
        let Authorized {
            input,
            subject,
            mut payload,
            ..
        } = request;
        let plan = subject.upload.checksum;
        plan.check_part(&input.integrity)?;
        let staged = payload
            .stage_part(&cx.blobs, &input.integrity, plan.algorithm())
            .await?;
        let (md5, claimed) = (staged.part.md5, staged.claimed);
        publish_part(
            cx,
            NewPart {
                bucket_id: subject.bucket.row.id,
                key: input.key,
                upload_id: input.upload_id,
                part: UploadedPart {
                    number: input.number,
                    size_bytes: staged.part.size_bytes,
                    md5,
                    checksum: staged.part.checksum,
                },
                created_at: cx.clock.now(),
                body: staged.part.body.into(),
            },
        )
        .await?;
        Ok(Output {
            etag: ETag::from_md5(md5),
            checksum: claimed,
        })
    }
}
