//! `GetObject`: an object's bytes, whole or a range of them.
//!
//! Source: facts: s3-behaviour.md 6.

use std::ops::Range;

use axum::body::Body;
use buckler_s3::ops::get_object::{Extent, Input, Output};
use buckler_s3::{IntoAnswer as _, S3Error};
use futures_util::StreamExt as _;

use crate::context::Context;
use crate::error::internal;
use crate::operation::{BodyUse, Need, Operation};
use crate::pipeline::authorize::Authorized;
use crate::pipeline::load::WithBody;
use crate::pipeline::respond::Reply;
use crate::read::{Read, read_head, read_permission};
use crate::stored_bytes::OpenBytes;
use crate::verified::Compare;

/// Marks the operation.
pub(crate) enum GetObject {}

impl Operation for GetObject {
    type Input = Input;
    type Subject = WithBody;
    type Output = Reply;

    const BODY: BodyUse = BodyUse::None;

    fn permissions<'a>(input: &'a Input, subject: &'a WithBody) -> Vec<Need<'a>> {
        vec![read_permission(input, &subject.place)]
    }

    async fn run(cx: &Context, request: Authorized<'_, Self>) -> Result<Reply, S3Error> {
        let judge = request.judge();
        let Authorized { input, subject, .. } = request;
        let head = match read_head(judge, &input, &subject.place)? {
            Read::NotModified(answer) => return Ok(answer.into()),
            Read::Head(head) => head,
        };
        let (object, bytes) = subject
            .place
            .object
            .zip(subject.body)
            .ok_or_else(|| internal("an object has no body", &input.key.as_str()))?;
        // What is read blob by blob, or from far away, must outlast the object.
        let reading = bytes
            .can_be_cut_off(&cx.blobs)
            .then(|| cx.readings.begin(judge.facts().now));
        let open = bytes.open(&cx.blobs, &object, wanted(&head), Compare::WhereFree);
        let body = match open.await? {
            OpenBytes::Whole(bytes) => Body::from(bytes),
            OpenBytes::Pieces(pieces) => Body::from_stream(pieces.inspect(move |_| {
                let _ = &reading;
            })),
        };
        let answer = head.into_answer();
        Ok(Reply {
            status: answer.status,
            headers: answer.headers,
            body,
        })
    }
}

/// The bytes that the answer carries.
fn wanted(head: &Output) -> Range<u64> {
    let first = match head.extent {
        Extent::Part { first, .. } => first,
        Extent::Whole | Extent::EmptyPart => 0,
    };
    first..first + head.body_bytes()
}
