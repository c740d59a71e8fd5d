//! Ids of uploads: made here, and known again here when their upload is gone.
//!
//! An id is `time of creation (8) | random (8) | tag (16)`. The tag is a MAC over the rest, the bucket's number and the
//! key, so that an id that was once given out is told from one that never was without a row for every upload that
//! there ever was (facts: s3-behaviour.md 10.1: aborting again answers 204, a made-up id 404).

use buckler_iam::UPLOAD_ID_TAG_BYTES;
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
    let bucket = bucket_id.to_be_bytes();
    let pieces = [head.as_slice(), &bucket, key.as_str().as_bytes()];
    let tag = cx.master_keys.upload_id_tag(&pieces);
    let mut id = [0; buckler_s3::UPLOAD_ID_BYTES];
    copy(&mut id, head.into_iter().chain(tag));
    Ok(UploadId::from_bytes(id))
}

/// Whether the id is one that was given out for this key of this bucket.
pub(crate) fn was_given_out(cx: &Context, bucket_id: i64, key: &ObjectKey, id: &UploadId) -> bool {
    let Some((head, claimed)) = id.as_bytes().split_first_chunk::<HEAD_BYTES>() else {
        return false;
    };
    let bucket = bucket_id.to_be_bytes();
    let pieces = [head.as_slice(), &bucket, key.as_str().as_bytes()];
    <[u8; UPLOAD_ID_TAG_BYTES]>::try_from(claimed)
        .is_ok_and(|claimed| cx.master_keys.is_upload_id_tag(&claimed, &pieces))
}

fn copy(to: &mut [u8], from: impl Iterator<Item = u8>) {
    to.iter_mut().zip(from).for_each(|(to, byte)| *to = byte);
}
