//! `GetObject`: an object's bytes, whole or a range of them.
//!
//! Source: facts: s3-behaviour.md 6.

use axum::body::Body;
use buckler_blobs::{BlobId, LocalBlobs};
use buckler_checksum::Checksum;
use buckler_metadata::Body as StoredBody;
use buckler_s3::ops::get_object::{Extent, Input, Output};
use buckler_s3::{IntoAnswer as _, S3Error};
use bytes::Bytes;

use crate::context::Context;
use crate::error::{blob_error, internal};
use crate::operation::{BodyUse, Need, Operation};
use crate::pipeline::authorize::Authorized;
use crate::pipeline::load::WithBody;
use crate::pipeline::respond::Reply;
use crate::read::{Read, read_head, read_permission};
use crate::verified::{free_checksum, verify};

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
        let checksum = subject.place.object.as_ref().and_then(free_checksum);
        let head = match read_head(judge, &input, &subject.place)? {
            Read::NotModified(answer) => return Ok(answer.into()),
            Read::Head(head) => head,
        };
        let body = subject
            .body
            .ok_or_else(|| internal("an object has no body", &input.key.as_str()))?;
        let body = extent(&cx.blobs, body, &head, checksum).await?;
        let answer = head.into_answer();
        Ok(Reply {
            status: answer.status,
            headers: answer.headers,
            body,
        })
    }
}

/// The part of the stored bytes that the answer carries. All of them are compared with `checksum`.
async fn extent(
    blobs: &LocalBlobs,
    body: StoredBody,
    head: &Output,
    checksum: Option<Checksum>,
) -> Result<Body, S3Error> {
    let first = match head.extent {
        Extent::Part { first, .. } => first,
        Extent::Whole | Extent::EmptyPart => 0,
    };
    let range = first..first + head.body_bytes();
    let checksum = checksum.filter(|_| range == (0..head.size_bytes));
    match body {
        StoredBody::Inline(bytes) => {
            if let Some(checksum) = checksum {
                verify(&bytes, checksum)?;
            }
            slice(&bytes, range).map(Body::from)
        }
        StoredBody::Blob(id) => {
            let id = BlobId::parse(&id).ok_or_else(|| internal("a row names no blob", &id))?;
            let reader = match checksum {
                Some(checksum) => blobs.read_verified(id, head.size_bytes, checksum).await,
                None => blobs.read(id, range).await,
            };
            let reader = reader.map_err(blob_error)?;
            Ok(Body::from_stream(reader))
        }
    }
}

fn slice(bytes: &Bytes, range: std::ops::Range<u64>) -> Result<Bytes, S3Error> {
    let index = |at: u64| usize::try_from(at).ok().filter(|at| *at <= bytes.len());
    match (index(range.start), index(range.end)) {
        (Some(first), Some(end)) if first <= end => Ok(bytes.slice(first..end)),
        _ => Err(internal(
            "a stored body is shorter than its row says",
            &bytes.len(),
        )),
    }
}
