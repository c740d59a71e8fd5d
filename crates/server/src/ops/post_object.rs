//! `PostObject`: writes an object from a browser's form, as PutObject does from a request.
//!
//! Source: facts: s3-behaviour.md 22. The form itself is read, and its signature and policy judged, in
//! `pipeline::post_form`.

use buckler_s3::ops::post_object::{Input, Output};
use buckler_s3::{S3Error, TagSet};

use super::put_object::{permissions_to_put, put};
use crate::context::Context;
use crate::operation::{BodyUse, Need, Operation};
use crate::pipeline::authorize::Authorized;
use crate::pipeline::context_keys::RequestFacts;
use crate::pipeline::load::Bucket;

/// Marks the operation.
pub(crate) enum PostObject {}

impl Operation for PostObject {
    type Input = Input;
    type Subject = Bucket;
    type Output = Output;

    const BODY: BodyUse = BodyUse::Document;

    fn permissions<'a>(input: &'a Input, bucket: &'a Bucket) -> Vec<Need<'a>> {
        permissions_to_put(&input.object, bucket)
    }

    fn request_tags<'a>(input: &'a Input, _: &'a Bucket) -> Option<&'a TagSet> {
        Some(&input.object.tags).filter(|tags| !tags.is_empty())
    }

    async fn run(cx: &Context, request: Authorized<'_, Self>) -> Result<Output, S3Error> {
        let judge = request.judge();
        let Authorized {
            input,
            subject: bucket,
            payload,
            ..
        } = request;
        let Input { object, answer } = input;
        let key = object.key.clone();
        let object = put(cx, judge, &bucket, object, payload).await?;
        Ok(Output {
            object,
            bucket: bucket.row.name.clone(),
            key,
            bucket_url: bucket_url(judge.facts()),
            answer,
        })
    }
}

/// The URL that the form was sent to, as its sender wrote it.
fn bucket_url(facts: &RequestFacts<'_>) -> String {
    let scheme = if facts.client.is_secure {
        "https"
    } else {
        "http"
    };
    let host = facts.headers.get("host").unwrap_or_default();
    let path = facts.request.head.raw_path.trim_end_matches('/');
    format!("{scheme}://{host}{path}")
}
