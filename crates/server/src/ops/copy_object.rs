//! `CopyObject`: a new object from an existing one, without the bytes passing the client.
//!
//! Source: facts: s3-behaviour.md 7, 8.1; authorization.md 4.3, 4.4.

use buckler_checksum::Algorithm;
use buckler_metadata::{NewObject, StoredChecksum};
use buckler_policy::Action;
use buckler_s3::ops::copy_object::{Directive, Input, Output, source_too_large};
use buckler_s3::payload::UPLOAD_BYTES_MAX;
use buckler_s3::{ETag, FromRequest as _, S3Error, TagSet, VersionSelector};

use crate::context::Context;
use crate::copy::restage;
use crate::copy_source::{existing_source, shown_source_version, source};
use crate::operation::{BodyUse, Need, Operation};
use crate::pipeline::authorize::Authorized;
use crate::pipeline::context_keys::View;
use crate::pipeline::load::{Bucket, Loading, Subject, WithBody, target_bucket};
use crate::publish::{
    Written, new_owner_and_acl, publish, refuse_object_lock, version_nonce, write_precondition,
};

/// Marks the operation.
pub(crate) enum CopyObject {}

/// The destination's bucket, and the source.
#[derive(Debug)]
pub(crate) struct Both {
    destination: Bucket,
    source: WithBody,
}

impl Both {
    /// The tags that the new object will have.
    fn tags<'a>(&'a self, input: &'a Input) -> Option<&'a TagSet> {
        match input.tagging_directive {
            Directive::Replace => Some(&input.tags),
            Directive::Copy => self.source.place.object.as_ref().map(|object| &object.tags),
        }
        .filter(|tags| !tags.is_empty())
    }
}

impl Subject<Input> for Both {
    async fn load(loading: Loading<'_, '_>) -> Result<(Input, Self), S3Error> {
        let Loading { cx, request, .. } = loading;
        let destination = target_bucket(cx, request).await?;
        let input = Input::from_request(request)?;
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

impl Operation for CopyObject {
    type Input = Input;
    type Subject = Both;
    type Output = Output;

    const BODY: BodyUse = BodyUse::None;

    /// Source and destination are judged under their own buckets' policies. The source's tags are
    /// read only if they are copied.
    fn permissions<'a>(input: &'a Input, subject: &'a Both) -> Vec<Need<'a>> {
        let (read, read_tags) = match input.source.version {
            VersionSelector::Latest => (Action::GetObject, Action::GetObjectTagging),
            VersionSelector::Id(_) => (Action::GetObjectVersion, Action::GetObjectVersionTagging),
        };
        let mut from = vec![read];
        let mut to = vec![Action::PutObject];
        if subject.tags(input).is_some() {
            to.push(Action::PutObjectTagging);
            if input.tagging_directive == Directive::Copy {
                from.push(read_tags);
            }
        }
        let place = &subject.source.place;
        let view = View::CopySource {
            version_id: input.source.version.id().map(AsRef::as_ref),
        };
        let from = from.into_iter().map(|action| Need {
            object: place.object.as_ref(),
            view,
            ..Need::on_object(action, &place.bucket, &input.source.key)
        });
        let to = to
            .into_iter()
            .map(|action| Need::on_object(action, &subject.destination, &input.key));
        let acl = input.acl.as_ref();
        let acl = acl.map(|_| Need::acl_of_new_object(&subject.destination, &input.key));
        from.chain(to).chain(acl).collect()
    }

    fn request_tags<'a>(input: &'a Input, subject: &'a Both) -> Option<&'a TagSet> {
        subject.tags(input)
    }

    async fn run(cx: &Context, request: Authorized<'_, Self>) -> Result<Output, S3Error> {
        let judge = request.judge();
        let Authorized { input, subject, .. } = request;
        let Both {
            destination,
            source,
        } = subject;
        let (object, bytes) = existing_source(judge, &input.source, source)?;
        let source_version_id = shown_source_version(&input.source, &object);
        input
            .source_preconditions
            .evaluate(&object.etag, object.created_at, judge.facts().now)?;
        input.check_self_copy()?;
        if object.size_bytes > UPLOAD_BYTES_MAX {
            return Err(source_too_large());
        }
        let (owner, acl) =
            new_owner_and_acl(cx, judge, &destination, &input.key, input.acl).await?;
        refuse_object_lock(input.object_lock_requested)?;

        let kept = object.checksum.as_ref().map(StoredChecksum::algorithm);
        let algorithm = input
            .checksum_algorithm
            .or(kept)
            .unwrap_or(Algorithm::Crc64Nvme);
        let staged = restage(&cx.blobs, (&object, bytes), 0..object.size_bytes, algorithm).await?;
        let etag = ETag::from_md5(staged.md5);
        let now = cx.clock.now();
        let (headers, user_metadata) = match input.metadata_directive {
            Directive::Replace => (input.stored_headers, input.user_metadata),
            Directive::Copy => {
                let mut headers = object.headers;
                // Never copied: facts: s3-behaviour.md 7.3.
                headers.storage_class = input.stored_headers.storage_class;
                headers.website_redirect_location = input.stored_headers.website_redirect_location;
                (headers, object.user_metadata)
            }
        };
        let new = NewObject {
            bucket_id: destination.row.id,
            key: input.key,
            owner: owner.account,
            created_at: now,
            size_bytes: staged.size_bytes,
            etag: etag.clone(),
            checksum: Some(StoredChecksum::FullObject(staged.checksum)),
            headers,
            user_metadata,
            tags: match input.tagging_directive {
                Directive::Copy => object.tags,
                Directive::Replace => input.tags,
            },
            // Never copied: facts: s3-behaviour.md 7.3.
            acl,
            body: staged.body.into(),
            precondition: write_precondition(&input.preconditions),
            nonce: version_nonce()?,
        };
        let Written { version_id } = publish(cx, &destination, new).await?;
        Ok(Output {
            etag,
            last_modified: now,
            checksum: Some(staged.checksum.into()),
            version_id,
            source_version_id,
        })
    }
}
