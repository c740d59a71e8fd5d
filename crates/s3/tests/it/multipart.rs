//! Multipart uploads on the wire, and the judgement of completions. Source: facts: s3-behaviour.md 10.

use std::fmt::Write as _;

use buckler_checksum::{Algorithm, Checksum, ChecksumType, CompositeChecksum, Hasher};
use buckler_policy::CanonicalId;
use buckler_s3::multipart::{
    Assembly, ChecksumPlan, ClaimedPart, Completion, CompletionFault, PART_BYTES_MIN, UploadedPart,
};
use buckler_s3::ops::{
    abort_multipart_upload, complete_multipart_upload, create_multipart_upload,
    list_multipart_uploads, list_parts, upload_part, upload_part_copy,
};
use buckler_s3::{
    BucketName, ETag, IntoAnswer, ObjectChecksum, ObjectKey, PartNumber, S3Error, StorageClass,
    UPLOAD_ID_BYTES, UploadId, VersionId,
};
use proptest::prelude::*;
use time::macros::datetime;

use crate::requests::{input, refused};

const WRITTEN: time::OffsetDateTime = datetime!(2026-07-06 12:34:56.789 UTC);
const COMPOSITE: ChecksumPlan = ChecksumPlan::Asked(Algorithm::Sha256, ChecksumType::Composite);
const FULL: ChecksumPlan = ChecksumPlan::Asked(Algorithm::Crc32, ChecksumType::FullObject);

fn id() -> UploadId {
    UploadId::from_bytes([7; UPLOAD_ID_BYTES])
}

fn bucket() -> BucketName {
    BucketName::parse("my-bucket").unwrap()
}

fn key() -> ObjectKey {
    ObjectKey::parse("a key").unwrap()
}

fn owner() -> CanonicalId {
    CanonicalId::parse(&"a".repeat(64)).unwrap()
}

fn number(number: u16) -> PartNumber {
    PartNumber::new(number).unwrap()
}

fn show(answer: impl IntoAnswer) -> String {
    let answer = answer.into_answer();
    let mut out = format!("{}\n", answer.status);
    for (name, value) in &answer.headers {
        writeln!(out, "{name}: {}", String::from_utf8_lossy(value.as_bytes())).unwrap();
    }
    write!(out, "\n{}", String::from_utf8_lossy(&answer.body)).unwrap();
    out
}

#[test]
fn answers() {
    let created = |checksum| create_multipart_upload::Output {
        bucket: bucket(),
        key: key(),
        upload_id: id(),
        checksum,
    };
    insta::assert_snapshot!("create_multipart_upload", show(created(COMPOSITE)));
    insta::assert_snapshot!(
        "create_multipart_upload_default",
        show(created(ChecksumPlan::Default))
    );
    let checksum = Hasher::digest(Algorithm::Crc32, b"part");
    insta::assert_snapshot!(
        "upload_part",
        show(upload_part::Output {
            etag: ETag::from_md5([1; 16]),
            checksum: Some(checksum),
        })
    );
    insta::assert_snapshot!(
        "upload_part_copy",
        show(upload_part_copy::Output {
            etag: ETag::from_md5([1; 16]),
            last_modified: WRITTEN,
            checksum: Some(checksum),
            source_version_id: Some(VersionId::null()),
        })
    );
    insta::assert_snapshot!(
        "abort_multipart_upload",
        show(abort_multipart_upload::Output)
    );
    let composite = CompositeChecksum::of(Algorithm::Crc32, [&checksum, &checksum]).unwrap();
    let completed = |checksum| complete_multipart_upload::Output {
        location: "http://s3.example.com/my-bucket/a%20key".to_owned(),
        bucket: bucket(),
        key: key(),
        etag: ETag::multipart([2; 16], 2),
        checksum,
        version_id: Some(VersionId::from_bytes([7; 24])),
    };
    insta::assert_snapshot!(
        "complete_multipart_upload",
        show(completed(Some(ObjectChecksum::Composite(composite))))
    );
    insta::assert_snapshot!("complete_multipart_upload_repeated", show(completed(None)));
}

#[test]
fn listings() {
    let request: list_parts::Input = input(
        &format!("GET /my-bucket/a%20key?uploadId={}&max-parts=1", id()),
        &[],
    )
    .unwrap();
    let part = list_parts::ListedPart {
        number: number(7),
        last_modified: WRITTEN,
        etag: ETag::from_md5([1; 16]),
        size_bytes: 5,
        checksum: Some(Hasher::digest(Algorithm::Sha256, b"part")),
    };
    insta::assert_snapshot!(
        "list_parts",
        show(list_parts::Output {
            request: request.clone(),
            initiator: "arn:aws:iam::111122223333:user/alice".to_owned(),
            owner: owner(),
            storage_class: StorageClass::Standard,
            checksum: COMPOSITE,
            parts: vec![part],
            is_truncated: true,
        })
    );
    let uploads = |line: &str, uploads, common_prefixes, end| list_multipart_uploads::Output {
        request: input(line, &[]).unwrap(),
        uploads,
        common_prefixes,
        end,
        is_truncated: false,
    };
    insta::assert_snapshot!(
        "list_multipart_uploads_empty",
        show(uploads("GET /my-bucket?uploads", vec![], vec![], None))
    );
    let upload = list_multipart_uploads::ListedUpload {
        key: key(),
        upload_id: id(),
        initiator: owner().as_str().to_owned(),
        owner: owner(),
        storage_class: StorageClass::StandardIa,
        initiated: WRITTEN,
        checksum: FULL,
    };
    let end = list_multipart_uploads::PageEnd {
        key: "b /".to_owned(),
        upload_id: None,
    };
    let line = format!(
        "GET /my-bucket?uploads&prefix=a%20&delimiter=/&key-marker=a%20&upload-id-marker={}&max-uploads=2000&encoding-type=url",
        id()
    );
    insta::assert_snapshot!(
        "list_multipart_uploads",
        show(uploads(
            &line,
            vec![upload],
            vec!["b /".to_owned()],
            Some(end)
        ))
    );
}

#[track_caller]
fn check_document(parts: &str, expected: &str) {
    let body = format!("<CompleteMultipartUpload>{parts}</CompleteMultipartUpload>");
    let found = complete_multipart_upload::Document::parse(body.as_bytes(), &id());
    let found = found.err().map_or("", |error| error.code.name());
    assert_eq!(found, expected, "{parts}");
}

#[test]
fn completion_documents_are_strict() {
    let part =
        |number: &str| format!("<Part><PartNumber>{number}</PartNumber><ETag>x</ETag></Part>");
    check_document("", "MalformedXML");
    check_document(&part("1"), "");
    check_document(&(part("1") + &part("3")), "");
    check_document(&(part("3") + &part("1")), "InvalidPartOrder");
    check_document(&(part("1") + &part("1")), "InvalidPartOrder");
    check_document(&part("0"), "InvalidArgument");
    check_document(&part("-1"), "InvalidArgument");
    check_document(&part("10001"), "");
    check_document(&part(""), "MalformedXML");
    check_document(&part("1x"), "MalformedXML");
    check_document(&part("99999999999"), "MalformedXML");
    check_document("<Part><PartNumber>1</PartNumber></Part>", "MalformedXML");
    check_document("<Part><ETag>x</ETag></Part>", "MalformedXML");
    check_document("<x/>", "MalformedXML");
    let with = |more: &str| format!("<Part><PartNumber>1</PartNumber><ETag>x</ETag>{more}</Part>");
    check_document(&with("<Size>1</Size>"), "MalformedXML");
    check_document(&with("<ETag>x</ETag>"), "MalformedXML");
    check_document(&with("<ChecksumCRC32>y/Q5Jg==</ChecksumCRC32>"), "");
    check_document(&with("<ChecksumCRC32>x</ChecksumCRC32>"), "InvalidArgument");
    check_document(
        &with("<ChecksumCRC32>y/Q5Jg==</ChecksumCRC32><ChecksumSHA1>x</ChecksumSHA1>"),
        "InvalidArgument",
    );
    check_document(
        &(1..=10_001)
            .map(|n| part(&n.to_string()))
            .collect::<String>(),
        "InvalidArgument",
    );
    check_document(
        &(1..=10_000)
            .map(|n| part(&n.to_string()))
            .collect::<String>(),
        "",
    );
    let wrong_root = complete_multipart_upload::Document::parse(b"<a/>", &id());
    assert_eq!(refused(wrong_root).0, "MalformedXML");
}

#[test]
fn entity_tags_lose_their_quotes() {
    let body = br#"<CompleteMultipartUpload><Part><ETag>&quot;a&quot;</ETag><PartNumber> 1 </PartNumber></Part>
        <Part><ETag>"b"</ETag><PartNumber>2</PartNumber></Part></CompleteMultipartUpload>"#;
    let document = complete_multipart_upload::Document::parse(body, &id()).unwrap();
    let etags: Vec<_> = document.parts.iter().map(|part| &*part.etag).collect();
    assert_eq!(etags, ["a", "b"]);
}

#[track_caller]
fn check_create(headers: &[(&str, &str)], expected: Result<ChecksumPlan, &str>) {
    let found: Result<create_multipart_upload::Input, S3Error> =
        input("POST /my-bucket/key?uploads", headers);
    match (found, expected) {
        (Ok(found), Ok(expected)) => assert_eq!(found.checksum, expected),
        (Err(error), Err(expected)) => assert_eq!(error.message, expected),
        (found, _) => panic!("{found:?}"),
    }
}

#[test]
fn plans_of_checksums() {
    let algorithm = |name| ("x-amz-checksum-algorithm", name);
    let of_type = |name| ("x-amz-checksum-type", name);
    check_create(&[], Ok(ChecksumPlan::Default));
    check_create(&[algorithm("sha256")], Ok(COMPOSITE));
    check_create(&[algorithm("CRC32"), of_type("FULL_OBJECT")], Ok(FULL));
    check_create(&[algorithm("crc32"), of_type("Full_Object")], Ok(FULL));
    let crc64 = ChecksumPlan::Asked(Algorithm::Crc64Nvme, ChecksumType::FullObject);
    check_create(&[algorithm("CRC64NVME")], Ok(crc64));
    check_create(
        &[of_type("FULL_OBJECT")],
        Err(
            "The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.",
        ),
    );
    check_create(
        &[algorithm("SHA256"), of_type("FULL_OBJECT")],
        Err("The FULL_OBJECT checksum type cannot be used with the sha256 checksum algorithm."),
    );
    check_create(
        &[algorithm("CRC64NVME"), of_type("COMPOSITE")],
        Err("The COMPOSITE checksum type cannot be used with the crc64nvme checksum algorithm."),
    );
    check_create(
        &[algorithm("CRC32"), of_type("full")],
        Err("Value for x-amz-checksum-type header is invalid."),
    );
}

#[track_caller]
fn check_part(plan: ChecksumPlan, headers: &[(&str, &str)], expected: &str) {
    let mut all = vec![("content-length", "4")];
    all.extend_from_slice(headers);
    let line = format!("PUT /my-bucket/key?partNumber=1&uploadId={}", id());
    let part: upload_part::Input = input(&line, &all).unwrap();
    let found = plan.check_part(&part.integrity).err();
    let found = found.map(|error| error.message.into_owned());
    assert_eq!(found.unwrap_or_default(), expected, "{plan:?} {headers:?}");
}

#[test]
fn checksums_of_parts_are_of_the_upload_s_algorithm() {
    let crc32 = ("x-amz-checksum-crc32", "y/Q5Jg==");
    let mismatch = |expected, actual| {
        format!(
            "Checksum Type mismatch occurred, expected checksum Type: {expected}, actual checksum Type: {actual}"
        )
    };
    check_part(ChecksumPlan::Default, &[], "");
    check_part(ChecksumPlan::Default, &[crc32], "");
    check_part(FULL, &[], "");
    check_part(FULL, &[crc32], "");
    check_part(COMPOSITE, &[], &mismatch("sha256", "null"));
    check_part(COMPOSITE, &[crc32], &mismatch("sha256", "crc32"));
}

#[test]
fn uploads_are_told_from_everything_else() {
    assert_eq!(UploadId::parse(&id().to_string()), Ok(id()));
    for text in [
        "",
        "x",
        &"A".repeat(42),
        &"A".repeat(44),
        &format!("{}=", id()),
    ] {
        assert!(UploadId::parse(text).is_err(), "{text}");
        let line = format!("DELETE /my-bucket/key?uploadId={text}");
        let found: Result<abort_multipart_upload::Input, S3Error> = input(&line, &[]);
        assert_eq!(refused(found).0, "NoSuchUpload");
    }
}

#[track_caller]
fn check_range(value: &str, size: u64, expected: Result<std::ops::Range<u64>, &str>) {
    let line = format!("PUT /my-bucket/key?partNumber=1&uploadId={}", id());
    let headers = [
        ("x-amz-copy-source", "b12/k"),
        ("x-amz-copy-source-range", value),
    ];
    let found = input::<upload_part_copy::Input>(&line, &headers)
        .and_then(|input| input.range.unwrap().within(size));
    match (found, expected) {
        (Ok(found), Ok(expected)) => assert_eq!(found, expected),
        (Err(error), Err(start)) => assert!(error.message.starts_with(start), "{error:?}"),
        (found, _) => panic!("{value}: {found:?}"),
    }
}

#[test]
fn copy_ranges_are_exact() {
    const FORM: &str = "The x-amz-copy-source-range value must be of the form";
    check_range("bytes=0-9", 10, Ok(0..10));
    check_range("bytes=9-9", 10, Ok(9..10));
    check_range(
        "bytes=0-10",
        10,
        Err("Range specified is not valid for source object of size: 10"),
    );
    check_range("bytes=0-18446744073709551615", 10, Err("Range specified"));
    check_range("bytes=0-99999999999999999999", 10, Err("Range specified"));
    for value in [
        "bytes=0-",
        "bytes=-1",
        "bytes=2-1",
        "0-1",
        "bytes=0-1,2-3",
        "bytes= 0-1",
        "bytes=+0-1",
        "",
    ] {
        check_range(value, 10, Err(FORM));
    }
}

fn uploaded(part: u16, size_bytes: u64, plan: ChecksumPlan) -> UploadedPart {
    let data = part.to_be_bytes();
    let md5 = Hasher::digest(Algorithm::Md5, &data);
    UploadedPart {
        number: number(part),
        size_bytes,
        md5: md5.digest().try_into().unwrap(),
        checksum: Hasher::digest(plan.algorithm(), &data),
    }
}

fn claim(part: &UploadedPart) -> ClaimedPart {
    ClaimedPart {
        number: part.number.get().into(),
        etag: ETag::from_md5(part.md5).to_string(),
        checksum: Some(part.checksum),
    }
}

fn completion(parts: &[UploadedPart]) -> Completion {
    Completion {
        parts: parts.iter().map(claim).collect(),
        checksum: None,
        checksum_type: None,
        size_bytes: None,
    }
}

#[test]
fn the_more_telling_fault_is_answered() {
    let parts = [
        uploaded(1, PART_BYTES_MIN, COMPOSITE),
        uploaded(2, 3, COMPOSITE),
        uploaded(4, 3, COMPOSITE),
    ];
    let whole = completion(&parts);
    let fault = |claims: Completion| claims.assemble(COMPOSITE, &parts).unwrap_err();
    // Small in the middle.
    assert!(matches!(
        fault(whole.clone()),
        CompletionFault::TooSmall {
            number: 2,
            size_bytes: 3,
            ..
        }
    ));
    // Missing beats small, the object's checksum beats missing, an entity tag beats that.
    let mut missing = whole.clone();
    missing.parts[2].number = 3;
    assert!(matches!(
        fault(missing.clone()),
        CompletionFault::InvalidPart { number: 3, .. }
    ));
    let wrong = Hasher::digest(Algorithm::Sha256, b"other");
    missing.checksum = Some((wrong, None));
    assert_eq!(
        fault(missing.clone()),
        CompletionFault::BadDigest(Algorithm::Sha256)
    );
    missing.parts[1].etag = "x".to_owned();
    assert!(matches!(
        fault(missing.clone()),
        CompletionFault::InvalidPart { number: 2, .. }
    ));
    missing.parts[0].checksum = None;
    assert!(matches!(
        fault(missing.clone()),
        CompletionFault::MissingPartChecksum { number: 1, .. }
    ));
    missing.parts[1].checksum = Some(Hasher::digest(Algorithm::Crc32, b""));
    assert!(matches!(
        fault(missing.clone()),
        CompletionFault::OtherPartAlgorithm { number: 2, .. }
    ));
    missing.checksum_type = Some(ChecksumType::FullObject);
    assert!(matches!(
        fault(missing),
        CompletionFault::OtherChecksumType { .. }
    ));
    let mut part_checksum = whole;
    part_checksum.parts[1].checksum = Some(wrong);
    assert!(matches!(
        fault(part_checksum),
        CompletionFault::InvalidPart { number: 2, .. }
    ));
}

#[test]
fn composite_checksums_say_how_many_parts_there_are() {
    let parts = [
        uploaded(1, PART_BYTES_MIN, COMPOSITE),
        uploaded(2, 0, COMPOSITE),
    ];
    let checksums = parts.each_ref().map(|part| &part.checksum);
    let composite = CompositeChecksum::of(Algorithm::Sha256, checksums).unwrap();
    for (count, is_right) in [(None, true), (Some(2), true), (Some(3), false)] {
        let mut claims = completion(&parts);
        claims.checksum = Some((*composite.checksum(), count));
        assert_eq!(
            claims.assemble(COMPOSITE, &parts).is_ok(),
            is_right,
            "{count:?}"
        );
    }
}

proptest! {
    /// Whatever of the parts is chosen: entity tag, size and checksum are those of the bytes.
    #[test]
    fn an_assembly_is_what_its_bytes_are(
        bodies in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..20), 1..6),
        chosen in proptest::collection::vec(any::<bool>(), 6),
    ) {
        let parts: Vec<UploadedPart> = (1..).zip(&bodies).map(|(part, body)| UploadedPart {
            number: number(part),
            // Large enough for the rule, which is not what is looked at here; see below for true sizes.
            size_bytes: body.len() as u64,
            md5: Hasher::digest(Algorithm::Md5, body).digest().try_into().unwrap(),
            checksum: Hasher::digest(Algorithm::Crc32, body),
        }).collect();
        let picked: Vec<UploadedPart> = parts.iter().zip(&chosen).filter(|(_, chosen)| **chosen).map(|(part, _)| part.clone()).collect();
        let found = completion(&picked).assemble(FULL, &parts);
        if picked.is_empty() {
            prop_assert!(found.is_err());
            return Ok(());
        }
        if picked.len() > 1 {
            let is_small = matches!(found, Err(CompletionFault::TooSmall { .. }));
            prop_assert!(is_small);
            return Ok(());
        }
        let Assembly { etag, size_bytes, checksum, numbers } = found.unwrap();
        let body = &bodies[usize::from(numbers[0].get()) - 1];
        prop_assert_eq!(size_bytes, body.len() as u64);
        prop_assert_eq!(checksum, ObjectChecksum::FullObject(Hasher::digest(Algorithm::Crc32, body)));
        let md5 = Hasher::digest(Algorithm::Md5, Hasher::digest(Algorithm::Md5, body).digest());
        prop_assert_eq!(etag, ETag::multipart(md5.digest().try_into().unwrap(), 1));
        prop_assert!(completion(&picked).names_exactly(&picked));
    }

    #[test]
    fn completions_never_panic(body in proptest::collection::vec(any::<u8>(), 0..300), text in "[ -~]{0,60}") {
        drop(complete_multipart_upload::Document::parse(&body, &id()));
        let headers = [
            ("x-amz-checksum-sha256", text.as_str()),
            ("x-amz-mp-object-size", text.as_str()),
            ("x-amz-checksum-type", text.as_str()),
        ];
        drop(input::<complete_multipart_upload::Input>(&format!("POST /my-bucket/key?uploadId={}", id()), &headers));
        let _ = UploadId::parse(&text);
    }
}

/// The full-object checksum of large parts is that of all bytes in a row.
#[test]
fn full_object_checksums_join_large_parts() {
    let first = vec![1_u8; usize::try_from(PART_BYTES_MIN).unwrap()];
    let second = b"end".to_vec();
    let part = |part: u16, body: &[u8]| UploadedPart {
        number: number(part),
        size_bytes: body.len() as u64,
        md5: Hasher::digest(Algorithm::Md5, body)
            .digest()
            .try_into()
            .unwrap(),
        checksum: Hasher::digest(Algorithm::Crc32, body),
    };
    let parts = [part(3, &first), part(9, &second)];
    let mut claims = completion(&parts);
    let whole: Checksum = Hasher::digest(Algorithm::Crc32, &[first, second].concat());
    claims.checksum = Some((whole, None));
    claims.size_bytes = Some(PART_BYTES_MIN + 3);
    // AWS: without a type it is a composite one, CRC32's default.
    let fault = claims.assemble(FULL, &parts).unwrap_err();
    assert_eq!(fault, CompletionFault::BadDigest(Algorithm::Crc32));
    claims.checksum_type = Some(ChecksumType::FullObject);
    let found = claims.assemble(FULL, &parts).unwrap();
    assert_eq!(found.checksum, ObjectChecksum::FullObject(whole));
    claims.checksum = Some((whole, Some(2)));
    assert!(claims.assemble(FULL, &parts).is_err());
    claims.checksum = None;
    claims.size_bytes = Some(1);
    let fault = claims.assemble(FULL, &parts).unwrap_err();
    assert_eq!(
        fault,
        CompletionFault::OtherSize {
            claimed: 1,
            actual: PART_BYTES_MIN + 3
        }
    );
}
