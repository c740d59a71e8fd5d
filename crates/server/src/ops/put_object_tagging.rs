//! `PutObjectTagging`: replaces the tag set of one version of an object.
//!
//! Source: facts: s3-behaviour.md 13.

use buckler_policy::Action;
use buckler_s3::ops::put_object_tagging::{DOCUMENT_BYTES_MAX, Document, Input, Output};
use buckler_s3::{FromRequest as _, S3Error, TagSet};

use crate::context::Context;
use crate::operation::{BodyUse, Need, Operation};
use crate::pipeline::authorize::Authorized;
use crate::pipeline::document::DocumentLimit;
use crate::pipeline::load::{InObject, Loading, Subject, head, target_bucket};
use crate::tags::tagging_permission;
use crate::versions::{changed_version, undeleted};

const LIMIT: DocumentLimit = DocumentLimit::xml(DOCUMENT_BYTES_MAX);

/// Marks the operation.
pub(crate) enum PutObjectTagging {}

/// The object, and the tags in the body: they take part in the decision
/// (`s3:RequestObjectTag/…`), their faults are answered after it.
#[derive(Debug)]
pub(crate) struct Tagged {
    place: InObject,
    document: Result<Document, S3Error>,
}

impl Subject<Input> for Tagged {
    async fn load(loading: Loading<'_, '_>) -> Result<(Input, Self), S3Error> {
        let Loading {
            cx,
            request,
            payload,
            ..
        } = loading;
        let bucket = target_bucket(cx, request).await?;
        let input = Input::from_request(request)?;
        let object = head(cx, &bucket, &input.key, &input.version).await?;
        let document = match payload.read_document(LIMIT, &input.integrity).await {
            Ok(body) => Document::parse(&body),
            Err(error) => Err(error),
        };
        Ok((
            input,
            Self {
                place: InObject {
                    bucket,
                    object,
                    part: None,
                },
                document,
            },
        ))
    }
}

impl Operation for PutObjectTagging {
    type Input = Input;
    type Subject = Tagged;
    type Output = Output;

    const BODY: BodyUse = BodyUse::Document;

    fn permissions<'a>(input: &'a Input, subject: &'a Tagged) -> Vec<Need<'a>> {
        vec![tagging_permission(
            (Action::PutObjectTagging, Action::PutObjectVersionTagging),
            &input.version,
            &input.key,
            &subject.place,
        )]
    }

    fn request_tags<'a>(_: &'a Input, subject: &'a Tagged) -> Option<&'a TagSet> {
        subject
            .document
            .as_ref()
            .ok()
            .map(|document| &document.tags)
            .filter(|tags| !tags.is_empty())
    }

    async fn run(cx: &Context, request: Authorized<'_, Self>) -> Result<Output, S3Error> {
        let judge = request.judge();
        let Authorized { input, subject, .. } = request;
        let tags = subject.document?.tags;
        let place = &subject.place;
        undeleted(judge, place, &input.key, &input.version)?;
        let bucket_id = place.bucket.row.id;
        let replaced = cx
            .store
            .replace_tags(bucket_id, input.key.clone(), input.version.clone(), tags)
            .await;
        let version_id = changed_version(judge, replaced, place, &input.key, &input.version)?;
        Ok(Output { version_id })
    }
}
