//! Conditions and ranges, as tables. Source: facts: s3-behaviour.md 6.2, 6.5, 7.3, 8.1, 8.2.

use buckler_s3::{
    ByteRange, CopySourcePreconditions, DeletePreconditions, ETag, ObjectKey, ReadOutcome,
    ReadPreconditions, ResolvedRange, S3Error, WritePreconditions,
};
use time::macros::datetime;

use crate::requests::sample;

const BEFORE: &str = "Mon, 06 Jul 2026 12:00:00 GMT";
const AFTER: &str = "Mon, 06 Jul 2026 14:00:00 GMT";
const WRITTEN: time::OffsetDateTime = datetime!(2026-07-06 13:00:00.5 UTC);
const NOW: time::OffsetDateTime = datetime!(2026-07-06 15:00 UTC);

fn etag() -> ETag {
    ETag::parse("abc").unwrap()
}

fn key() -> ObjectKey {
    ObjectKey::parse("k").unwrap()
}

#[track_caller]
fn check_read(headers: &[(&str, &str)], expected: ReadOutcome) {
    let conditions = ReadPreconditions::from_headers(&sample("GET /bucket/k", headers).headers);
    assert_eq!(
        conditions.evaluate(&etag(), WRITTEN, NOW),
        expected,
        "{headers:?}"
    );
}

#[test]
fn reads_follow_the_table_of_conditions() {
    use ReadOutcome::{Failed, NotModified, Proceed};
    check_read(&[], Proceed);
    check_read(
        &[("if-match", "\"abc\""), ("if-unmodified-since", BEFORE)],
        Proceed,
    );
    check_read(
        &[("if-match", "\"x\""), ("if-none-match", "\"abc\"")],
        Failed("If-Match"),
    );
    check_read(
        &[("if-none-match", "abc"), ("if-modified-since", BEFORE)],
        NotModified,
    );
    check_read(
        &[("if-none-match", "abc"), ("if-modified-since", AFTER)],
        NotModified,
    );
    check_read(
        &[("if-none-match", "x"), ("if-modified-since", AFTER)],
        Proceed,
    );
    check_read(&[("if-modified-since", AFTER)], NotModified);
    check_read(
        &[("if-modified-since", "Mon, 06 Jul 2026 13:00:00 GMT")],
        NotModified,
    );
    check_read(&[("if-modified-since", BEFORE)], Proceed);
    check_read(
        &[("if-modified-since", "Mon, 06 Jul 2026 16:00:00 GMT")],
        Proceed,
    );
    check_read(&[("if-modified-since", "yesterday")], Proceed);
    check_read(
        &[("if-unmodified-since", BEFORE)],
        Failed("If-Unmodified-Since"),
    );
    check_read(&[("if-unmodified-since", AFTER)], Proceed);
    check_read(&[("if-match", "")], Failed("If-Match"));
    check_read(&[("if-none-match", "")], Proceed);
    check_read(&[("if-match", "*")], Proceed);
    check_read(&[("if-match", "W/\"abc\"")], Proceed);
    check_read(&[("if-match", "\"x\", \"abc\"")], Proceed);
    check_read(&[("if-match", "\"x\""), ("if-match", "\"abc\"")], Proceed);
}

#[track_caller]
fn check_copy(headers: &[(&str, &str)], failed: Option<&str>) {
    let conditions =
        CopySourcePreconditions::from_headers(&sample("PUT /bucket/k", headers).headers);
    let found = conditions.evaluate(&etag(), WRITTEN, NOW).err();
    let condition = found
        .as_ref()
        .map(|error| error.detail.elements()[0].1.clone());
    assert_eq!(condition.as_deref(), failed, "{headers:?}");
    assert!(found.is_none_or(|error| error.status() == 412));
}

#[test]
fn failed_conditions_on_a_copy_source_are_412_and_never_304() {
    check_copy(&[], None);
    check_copy(
        &[("x-amz-copy-source-if-none-match", "abc")],
        Some("x-amz-copy-source-If-None-Match"),
    );
    check_copy(
        &[
            ("x-amz-copy-source-if-none-match", "x"),
            ("x-amz-copy-source-if-modified-since", AFTER),
        ],
        None,
    );
    check_copy(
        &[("x-amz-copy-source-if-modified-since", AFTER)],
        Some("x-amz-copy-source-If-Modified-Since"),
    );
    check_copy(
        &[
            ("x-amz-copy-source-if-match", "abc"),
            ("x-amz-copy-source-if-unmodified-since", BEFORE),
        ],
        None,
    );
    check_copy(
        &[("x-amz-copy-source-if-match", "x")],
        Some("x-amz-copy-source-If-Match"),
    );
}

/// `expected` is empty, or the code of the error.
#[track_caller]
fn check_write(headers: &[(&str, &str)], current: Option<&ETag>, expected: &str) {
    let conditions = WritePreconditions::from_headers(&sample("PUT /bucket/k", headers).headers);
    let found = conditions.and_then(|conditions| conditions.evaluate(current, &key()));
    assert_eq!(code(found), expected, "{headers:?}");
}

fn code(result: Result<(), S3Error>) -> &'static str {
    result.err().map_or("", |error| error.code.name())
}

#[test]
fn writes_follow_the_table_of_conditions() {
    let tag = etag();
    check_write(&[("if-none-match", "*")], None, "");
    check_write(&[("if-none-match", "*")], Some(&tag), "PreconditionFailed");
    check_write(&[("if-match", "\"abc\"")], None, "NoSuchKey");
    check_write(&[("if-match", "\"abc\"")], Some(&tag), "");
    check_write(&[("if-match", "abc\"")], Some(&tag), "");
    check_write(&[("if-match", "x")], Some(&tag), "PreconditionFailed");
    check_write(&[("if-match", "\"*\"")], Some(&tag), "PreconditionFailed");
    check_write(&[("if-none-match", "\"abc\"")], None, "NotImplemented");
    check_write(&[("if-match", "*")], Some(&tag), "NotImplemented");
    check_write(
        &[("if-none-match", "*"), ("if-match", "abc")],
        None,
        "NotImplemented",
    );
}

/// Source: recordings of LocalStack's tests, 2025.
#[test]
fn conditions_of_writes_that_aws_does_not_take_are_named() {
    let refused = |headers| {
        let head = sample("PUT /bucket/k", headers);
        let error = WritePreconditions::from_headers(&head.headers).unwrap_err();
        error.detail.elements()
    };
    let elements = |header: &str, message: &str| {
        [
            ("Header", header.to_owned()),
            ("additionalMessage", message.to_owned()),
        ]
    };
    assert_eq!(
        refused(&[("if-match", "*")]),
        elements(
            "If-Match",
            "We don't accept the provided value of If-Match header for this API"
        )
    );
    assert_eq!(
        refused(&[("if-none-match", "\"abc\"")]),
        elements(
            "If-None-Match",
            "We don't accept the provided value of If-None-Match header for this API"
        )
    );
    assert_eq!(
        refused(&[("if-none-match", "*"), ("if-match", "abc")]),
        elements(
            "If-Match,If-None-Match",
            "Multiple conditional request headers present in the request"
        )
    );
}

#[track_caller]
fn check_delete(headers: &[(&str, &str)], current: Option<&ETag>, expected: &str) {
    let conditions =
        DeletePreconditions::from_headers(&sample("DELETE /bucket/k", headers).headers);
    let found = conditions.and_then(|conditions| conditions.evaluate(current, &key()));
    assert_eq!(code(found), expected, "{headers:?}");
}

#[test]
fn deletes_take_one_strong_tag() {
    let tag = etag();
    check_delete(&[], None, "");
    check_delete(&[("if-match", "*")], Some(&tag), "");
    check_delete(&[("if-match", "*")], None, "NoSuchKey");
    check_delete(&[("if-match", "abc")], Some(&tag), "");
    check_delete(&[("if-match", "\"abc\"")], Some(&tag), "");
    check_delete(
        &[("if-match", "W/\"abc\"")],
        Some(&tag),
        "PreconditionFailed",
    );
    check_delete(
        &[("if-match", "\"abc\", \"x\"")],
        Some(&tag),
        "PreconditionFailed",
    );
    check_delete(
        &[("if-match", "abc"), ("if-match", "abc")],
        Some(&tag),
        "InvalidRequest",
    );
    check_delete(&[("if-match", "")], Some(&tag), "InvalidArgument");
}

#[track_caller]
fn check_range(text: &str, size: u64, expected: ResolvedRange) {
    let found = ByteRange::parse(text).map_or(ResolvedRange::Whole, |range| range.resolve(size));
    assert_eq!(found, expected, "{text}");
}

#[test]
fn ranges_follow_the_table() {
    use ResolvedRange::{Part, Unsatisfiable, Whole};
    check_range("bytes=0-9", 100, Part { first: 0, last: 9 });
    check_range(
        "bytes=50-",
        100,
        Part {
            first: 50,
            last: 99,
        },
    );
    check_range(
        "bytes=-10",
        100,
        Part {
            first: 90,
            last: 99,
        },
    );
    check_range("bytes=0-999999", 100, Part { first: 0, last: 99 });
    check_range("bytes=-101", 100, Part { first: 0, last: 99 });
    check_range("bytes=00-01", 100, Part { first: 0, last: 1 });
    for ignored in [
        "bytes=0-0,1-2",
        "bytes=10-5",
        "bytes=abc",
        "bytes=,",
        "bytes= -1",
        "bytes=--1",
        "bytes=0--1",
        "foo=0-1",
    ] {
        check_range(ignored, 100, Whole);
        check_range(ignored, 0, Whole);
    }
    for refused in [
        "bytes=100-",
        "bytes=100-200",
        "bytes=-0",
        "bytes=99999999999999999999-",
    ] {
        check_range(refused, 100, Unsatisfiable);
    }
    check_range("bytes=0-", 0, Unsatisfiable);
    check_range("bytes=-0", 0, Unsatisfiable);
    check_range("bytes=-1", 0, Whole);
}
