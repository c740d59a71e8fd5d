//! `UploadPartCopy`: one part of an upload, from an existing object.
//!
//! Source: facts: s3-behaviour.md 7, 10.4; authorization.md 4.3, 4.4.

use buckler_metadata::{NewPart, ObjectRow};
use buckler_policy::Action;
use buckler_s3::multipart::{CopyRange, UploadedPart};
use buckler_s3::ops::copy_object::source_too_large;
use buckler_s3::ops::upload_part_copy::{Input, Output};
use buckler_s3::payload::UPLOAD_BYTES_MAX;
use buckler_s3::{ETag, S3Error, VersionSelector};

use crate::context::Context;
use crate::copy::restage;
use crate::copy_source::{existing_source, shown_source_version, source};
use crate::operation::{BodyUse, Need, Operation};
use crate::pipeline::authorize::Authorized;
use crate::pipeline::context_keys::View;
use crate::pipeline::load::{Loading, Subject, WithBody};
use crate::uploads::{InUpload, publish_part};

/// Marks the operation.
pub(crate) enum UploadPartCopy {}

/// The upload, and the source.
#[derive(Debug)]
pub(crate) struct Both {
    destination: InUpload,
    source: WithBody,
}

impl Subject<Input> for Both {
    async fn load(loading: Loading<'_, '_>) -> Result<(Input, Self), S3Error> {
        let cx = loading.cx;
        // AWS: the form of the range is judged before the upload is looked for. Source: facts: s3-behaviour.md 10.1.
        CopyRange::from_headers(loading.request.headers())?;
        let (input, destination): (Input, InUpload) = InUpload::load(loading).await?;
        let source = source(cx, &input.source, input.expected_source_owner.as_ref()).await?;
        Ok((
            input,
            Self {
                destination,
                source,
            },
        ))
    }
}

impl Operation for UploadPartCopy {
    type Input = Input;
    type Subject = Both;
    type Output = Output;

    const BODY: BodyUse = BodyUse::None;

    /// Unlike those of CopyObject, policies on the source see the source's tags.
    fn permissions<'a>(input: &'a Input, subject: &'a Both) -> Vec<Need<'a>> {
        let read = match input.source.version {
            VersionSelector::Latest => Action::GetObject,
            VersionSelector::Id(_) => Action::GetObjectVersion,
        };
        let place = &subject.source.place;
        let from = Need {
            object: place.object.as_ref(),
            view: View::PartSource {
                version_id: input.source.version.id().map(AsRef::as_ref),
            },
            ..Need::on_object(read, &place.bucket, &input.source.key)
        };
        vec![from, subject.destination.need(Action::PutObject)]
    }

    fn inherited_encryption<'a>(_: &'a Input, subject: &'a Both) -> Option<&'a str> {
        subject.destination.named_encryption()
    }

    async fn run(cx: &Context, request: Authorized<'_, Self>) -> Result<Output, S3Error> {
        let judge = request.judge();
        let Authorized { input, subject, .. } = request;
        let Both {
            destination,
            source,
        } = subject;
        let (object, bytes) = existing_source(judge, &input.source, source)?;
        input
            .source_preconditions
            .evaluate(&object.etag, object.created_at, judge.facts().now)?;
        let range = range(&input, &object)?;
        let plan = destination.upload.checksum;
        let staged = restage(&cx.blobs, (&object, bytes), range, plan.algorithm()).await?;
        let (md5, checksum, now) = (staged.md5, staged.checksum, cx.clock.now());
        publish_part(
            cx,
            NewPart {
                bucket_id: destination.bucket.row.id,
                key: input.key,
                upload_id: input.upload_id,
                part: UploadedPart {
                    number: input.number,
                    size_bytes: staged.size_bytes,
                    md5,
                    checksum,
                },
                created_at: now,
                body: staged.body.into(),
            },
        )
        .await?;
        Ok(Output {
            etag: ETag::from_md5(md5),
            last_modified: now,
            checksum: plan.asked().map(|_| checksum),
            source_version_id: shown_source_version(&input.source, &object),
        })
    }
}

fn range(input: &Input, object: &ObjectRow) -> Result<std::ops::Range<u64>, S3Error> {
    let range = match &input.range {
        None => 0..object.size_bytes,
        Some(range) => range.within(object.size_bytes)?,
    };
    if range.end - range.start > UPLOAD_BYTES_MAX {
        return Err(source_too_large());
    }
    Ok(range)
}
