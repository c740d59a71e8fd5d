//! Ids of uploads: made here, and known again here when their upload is gone.
//!
//! An id is `time of creation (8) | random (8) | tag (16)`. The tag is a MAC over the rest, the bucket's number and the
//! key, so that an id that was once given out is told from one that never was without a row for every upload that
//! there ever was (facts: s3-behaviour.md 10.1: aborting again answers 204, a made-up id 404).

use buckler_s3::{ObjectKey, S3Error, UploadId};
use time::OffsetDateTime;

use crate::context::Context;
use crate::error::internal;

const TIME_BYTES: usize = 8;
const HEAD_BYTES: usize = 16;

/// A new id for an upload of this key.
///
/// # Errors
///
/// `InternalError` if the system has no random bytes.
pub(crate) fn new_upload_id(
    cx: &Context,
    bucket_id: i64,
    key: &ObjectKey,
    now: OffsetDateTime,
) -> Result<UploadId, S3Error> {
    let mut random = [0; HEAD_BYTES - TIME_BYTES];
    getrandom::fill(&mut random).map_err(|error| internal("no random upload id", &error))?;
    let micros = u64::try_from(now.unix_timestamp_nanos() / 1_000).unwrap_or(0);
    let mut head = [0; HEAD_BYTES];
    copy(&mut head, micros.to_be_bytes().into_iter().chain(random));
    let tag = tag(cx, bucket_id, key, &head);
    let mut id = [0; buckler_s3::UPLOAD_ID_BYTES];
    copy(&mut id, head.into_iter().chain(tag));
    Ok(UploadId::from_bytes(id))
}

/// Whether the id is one that was given out for this key of this bucket.
pub(crate) fn was_given_out(cx: &Context, bucket_id: i64, key: &ObjectKey, id: &UploadId) -> bool {
    let Some((head, claimed)) = id.as_bytes().split_first_chunk::<HEAD_BYTES>() else {
        return false;
    };
    // What a forger would learn from the time that this takes is how to be told 204 for nothing.
    claimed == tag(cx, bucket_id, key, head)
}

fn tag(
    cx: &Context,
    bucket_id: i64,
    key: &ObjectKey,
    head: &[u8; HEAD_BYTES],
) -> [u8; buckler_iam::UPLOAD_ID_TAG_BYTES] {
    let bucket = bucket_id.to_be_bytes();
    cx.master_key
        .upload_id_tag(&[head, &bucket, key.as_str().as_bytes()])
}

fn copy(to: &mut [u8], from: impl Iterator<Item = u8>) {
    to.iter_mut().zip(from).for_each(|(to, byte)| *to = byte);
}
