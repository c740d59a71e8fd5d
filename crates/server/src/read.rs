//! What GetObject and HeadObject share: the permission, and the head of the answer.
//!
//! Source: facts: s3-behaviour.md 6, authorization.md 4.4, 5.8.

use buckler_checksum::ChecksumType;
use buckler_metadata::ObjectRow;
use buckler_policy::Action;
use buckler_s3::ops::get_object::{Extent, Input, NotModified, Output};
use buckler_s3::range::invalid_range;
use buckler_s3::{
    Answer, Detail, ErrorCode, IntoAnswer as _, ObjectChecksum, ReadOutcome, ResolvedRange,
    S3Error, VersionSelector,
};

use crate::operation::Need;
use crate::pipeline::authorize::Judge;
use crate::pipeline::load::{InObject, PartExtent};
use crate::versions::{existing, shown};

/// How a read is answered.
#[derive(Debug)]
pub(crate) enum Read {
    /// 304.
    NotModified(Answer),
    /// 200 or 206, with this head.
    Head(Box<Output>),
}

/// Reading a version by its id is a permission of its own.
pub(crate) fn read_permission<'a>(input: &'a Input, subject: &'a InObject) -> Need<'a> {
    let action = match input.version {
        VersionSelector::Latest => Action::GetObject,
        VersionSelector::Id(_) => Action::GetObjectVersion,
    };
    Need {
        object: subject.object.as_ref(),
        ..Need::on_object(action, &subject.bucket, &input.key)
    }
}

/// Judges conditions and range, in AWS's order, and makes the head of the answer.
///
/// # Errors
///
/// As [`existing`]; `PreconditionFailed`, `InvalidRange`,
/// `InvalidPartNumber`; `InvalidRequest` for anonymous overrides.
pub(crate) fn read_head(
    judge: Judge<'_>,
    input: &Input,
    subject: &InObject,
) -> Result<Read, S3Error> {
    if judge.facts().caller.is_anonymous() {
        input.overrides.refuse_anonymous()?;
    }
    let object = existing(judge, subject, &input.key, &input.version)?;
    let outcome = input
        .preconditions
        .evaluate(&object.etag, object.created_at, judge.facts().now);
    if let Some(error) = outcome.error() {
        return Err(error);
    }
    let version_id = shown(&subject.bucket, &object.version_id);
    if outcome == ReadOutcome::NotModified {
        let answer = NotModified {
            etag: object.etag.clone(),
            last_modified: object.created_at,
            version_id,
        };
        return Ok(Read::NotModified(answer.into_answer()));
    }
    let extent = extent(input, object, subject.part)?;
    Ok(Read::Head(Box::new(Output {
        size_bytes: object.size_bytes,
        checksum: checksum(input, object, subject.part, extent),
        extent,
        etag: object.etag.clone(),
        last_modified: object.created_at,
        version_id,
        stored_headers: object.headers.clone(),
        user_metadata: object.user_metadata.clone(),
        tag_count: object.tags.len(),
        parts_count: parts_count(input, object),
        overrides: input.overrides.clone(),
    })))
}

/// Shown of objects that were uploaded in parts, on reads by `partNumber`. Facts: s3-behaviour.md 6.3.
fn parts_count(input: &Input, object: &ObjectRow) -> Option<u32> {
    input.part_number?;
    object.parts.map(|parts| parts.count().into())
}

/// Which bytes are asked for. An object that was not uploaded in parts has one.
fn extent(input: &Input, object: &ObjectRow, part: Option<PartExtent>) -> Result<Extent, S3Error> {
    let size_bytes = object.size_bytes;
    if let Some(number) = input.part_number {
        return match (object.parts, part) {
            (Some(_), Some(part)) => Ok(part_extent(part.first_byte, part.size_bytes)),
            (None, _) if number.get() == 1 => Ok(part_extent(0, size_bytes)),
            (parts, _) => Err(S3Error::new(ErrorCode::InvalidPartNumber).with_detail(
                Detail::PartNumber {
                    requested: number.get().into(),
                    actual_part_count: parts.map_or(1, |parts| parts.count().into()),
                },
            )),
        };
    }
    match input
        .range
        .map_or(ResolvedRange::Whole, |range| range.resolve(size_bytes))
    {
        ResolvedRange::Whole => Ok(Extent::Whole),
        ResolvedRange::Part { first, last } => Ok(Extent::Part { first, last }),
        ResolvedRange::Unsatisfiable => Err(invalid_range(
            input.range_header.as_deref().unwrap_or_default(),
            size_bytes,
        )),
    }
}

fn part_extent(first: u64, size_bytes: u64) -> Extent {
    match size_bytes.checked_sub(1) {
        Some(last) => Extent::Part {
            first,
            last: first + last,
        },
        None => Extent::EmptyPart,
    }
}

/// The checksum, where the answer shows one: whole objects when asked for, parts of composite ones always.
/// Facts: s3-behaviour.md 6.1. AWS: a part of an object whose checksum is over all of it shows none, unless it is all
/// there is. Recorded by LocalStack's tests, 2025.
fn checksum(
    input: &Input,
    object: &ObjectRow,
    part: Option<PartExtent>,
    extent: Extent,
) -> Option<ObjectChecksum> {
    let of_object = object.checksum.as_ref()?;
    let checksum_type = of_object.checksum_type();
    if input.part_number.is_some()
        && object.parts.is_some()
        && checksum_type == ChecksumType::Composite
    {
        return Some(ObjectChecksum::Part(part?.checksum?, checksum_type));
    }
    let is_whole = match extent {
        Extent::Whole | Extent::EmptyPart => true,
        Extent::Part { first, last } => first == 0 && last + 1 == object.size_bytes,
    };
    let is_shown = is_whole && (input.checksum_mode || input.part_number.is_some());
    is_shown.then(|| of_object.into())
}
