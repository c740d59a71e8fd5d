//! Versioning on the wire: documents, parameters, answers. Source: facts: s3-behaviour.md 11, 12.3, 23.

use buckler_checksum::{Algorithm, ChecksumType, CompositeHasher, Hasher};
use buckler_policy::CanonicalId;
use buckler_s3::ops::list_object_versions::{self, Entry, Marker};
use buckler_s3::ops::{
    ListedObject, get_bucket_versioning, get_object_attributes, put_bucket_versioning,
};
use buckler_s3::{ETag, MfaDelete, ObjectChecksum, ObjectKey, StorageClass, VersionId, Versioning};
use proptest::prelude::*;
use time::macros::datetime;

use crate::answers::show;
use crate::requests::{input, refused};

const WRITTEN: time::OffsetDateTime = datetime!(2026-07-06 12:34:56.789 UTC);

#[track_caller]
fn check_document(body: &str, expected: Result<(Versioning, Option<MfaDelete>), &str>) {
    let found = put_bucket_versioning::Document::parse(body.as_bytes());
    let found = found
        .map(|document| (document.versioning, document.mfa_delete))
        .map_err(|error| error.code.name());
    assert_eq!(found, expected, "{body}");
}

#[test]
fn versioning_documents_are_strict() {
    let document =
        |inside: &str| format!("<VersioningConfiguration>{inside}</VersioningConfiguration>");
    let check = |inside: &str, expected| check_document(&document(inside), expected);
    let (on, off) = (Versioning::Enabled, Versioning::Suspended);
    check("<Status>Enabled</Status>", Ok((on, None)));
    check(
        "<MfaDelete>Disabled</MfaDelete> <Status>Suspended</Status>",
        Ok((off, Some(MfaDelete::Disabled))),
    );
    check_document("", Err("MissingRequestBodyError"));
    check("", Err("IllegalVersioningConfigurationException"));
    check("<Status>enabled</Status>", Err("MalformedXML"));
    check(
        "<Status>Enabled</Status><Status>Enabled</Status>",
        Err("MalformedXML"),
    );
    check(
        "<Status>Enabled</Status><MfaDelete>On</MfaDelete>",
        Err("MalformedXML"),
    );
    check("<Status>Enabled</Status><x/>", Err("MalformedXML"));
    check("Enabled", Err("MalformedXML"));
}

#[test]
fn versioning_configurations() {
    let configuration = |versioning, mfa_delete| {
        show(get_bucket_versioning::Output {
            versioning,
            mfa_delete,
        })
    };
    insta::assert_snapshot!("get_bucket_versioning_none", configuration(None, None));
    insta::assert_snapshot!(
        "get_bucket_versioning",
        configuration(Some(Versioning::Suspended), Some(MfaDelete::Disabled))
    );
    insta::assert_snapshot!("put_bucket_versioning", show(put_bucket_versioning::Output));
}

#[test]
fn markers_of_version_listings() {
    let read = |query: &str| {
        let line = format!("GET /bucket?versions&{query}");
        input::<list_object_versions::Input>(&line, &[])
    };
    let marker = |key: &str, version_id: Option<&str>| Marker {
        key: key.to_owned(),
        version_id: version_id.map(|id| VersionId::parse(id).unwrap()),
    };
    assert_eq!(read("key-marker=").unwrap().marker, None);
    assert_eq!(
        read("key-marker=a").unwrap().marker,
        Some(marker("a", None))
    );
    let both = read("key-marker=a&version-id-marker=null").unwrap();
    assert_eq!(both.marker, Some(marker("a", Some("null"))));
    let message = |query: &str| refused(read(query)).1;
    assert_eq!(
        message("version-id-marker=null"),
        "A version-id marker cannot be specified without a key marker."
    );
    assert_eq!(
        message("key-marker=a&version-id-marker="),
        "A version-id marker cannot be empty."
    );
    assert_eq!(
        message("key-marker=a&version-id-marker=x"),
        "Invalid version id specified"
    );
    assert_eq!(message("max-keys=-1"), "max-keys cannot be negative");
}

#[test]
fn lists_of_versions() {
    let owner = CanonicalId::parse(&"a".repeat(64)).unwrap();
    let key = |text: &str| ObjectKey::parse(text).unwrap();
    let id = VersionId::from_bytes([7; 24]);
    let version = Entry::Version {
        object: ListedObject {
            key: key("p b"),
            last_modified: WRITTEN,
            etag: ETag::from_md5([0xab; 16]),
            checksum: Some((Algorithm::Crc64Nvme, ChecksumType::FullObject)),
            size_bytes: 4,
            owner,
            storage_class: StorageClass::Standard,
        },
        version_id: VersionId::null(),
        is_latest: false,
    };
    let marker = Entry::DeleteMarker {
        key: key("p b"),
        version_id: id.clone(),
        is_latest: true,
        last_modified: WRITTEN,
        owner,
    };
    let list = |line: &str, entries, common_prefixes, next| {
        show(list_object_versions::Output {
            request: input(line, &[]).unwrap(),
            entries,
            common_prefixes,
            next,
        })
    };
    insta::assert_snapshot!(
        "list_object_versions_empty",
        list("GET /my-bucket?versions", Vec::new(), Vec::new(), None)
    );
    let next = Marker {
        key: "p b".to_owned(),
        version_id: Some(id.clone()),
    };
    insta::assert_snapshot!(
        "list_object_versions",
        list(
            "GET /my-bucket?versions&max-keys=2",
            vec![marker.clone(), version.clone()],
            Vec::new(),
            Some(next)
        )
    );
    let line = format!(
        "GET /my-bucket?versions&encoding-type=url&prefix=p%20&delimiter=/&key-marker=p%20a&version-id-marker={id}"
    );
    let next = Marker {
        key: "p c/".to_owned(),
        version_id: None,
    };
    insta::assert_snapshot!(
        "list_object_versions_with_parameters",
        list(
            &line,
            vec![marker, version],
            vec!["p c/".to_owned()],
            Some(next)
        )
    );
}

#[test]
fn object_attributes() {
    use get_object_attributes::{Attribute, ListedPart, ObjectParts, Output, PartsPage};
    let digest = |text: &[u8]| Hasher::digest(Algorithm::Sha256, text);
    let mut composite = CompositeHasher::new(Algorithm::Sha256);
    composite.push(&digest(b"1")).unwrap();
    composite.push(&digest(b"2")).unwrap();
    let output = Output {
        attributes: vec![
            Attribute::ObjectSize,
            Attribute::StorageClass,
            Attribute::ObjectParts,
            Attribute::Checksum,
            Attribute::ETag,
        ],
        etag: ETag::multipart([0xab; 16], 2),
        checksum: Some(ObjectChecksum::Composite(composite.finish().unwrap())),
        parts: Some(ObjectParts {
            count: 2,
            page: Some(PartsPage {
                part_number_marker: 1,
                max_parts: 1,
                is_truncated: false,
                parts: vec![ListedPart {
                    number: 2,
                    size_bytes: 1,
                    checksum: digest(b"2"),
                }],
            }),
        }),
        storage_class: StorageClass::Standard,
        size_bytes: 2,
        last_modified: WRITTEN,
        version_id: Some(VersionId::from_bytes([7; 24])),
    };
    insta::assert_snapshot!("get_object_attributes_multipart", show(output.clone()));
    let checksum = Output {
        attributes: vec![Attribute::Checksum],
        checksum: Some(digest(b"12").into()),
        parts: None,
        version_id: None,
        ..output.clone()
    };
    insta::assert_snapshot!("get_object_attributes_checksum", show(checksum));
    let uncounted = Output {
        attributes: vec![Attribute::ObjectParts],
        parts: Some(ObjectParts {
            count: 2,
            page: None,
        }),
        ..output
    };
    insta::assert_snapshot!("get_object_attributes_parts_count", show(uncounted));
}

#[test]
fn object_attributes_are_named() {
    const NAME: &str = "x-amz-object-attributes";
    let read = |headers: &[(&str, &str)]| {
        input::<get_object_attributes::Input>("GET /bucket/k?attributes", headers)
    };
    let two = read(&[
        (NAME, "ETag, ObjectSize"),
        (NAME, "Checksum"),
        ("x-amz-max-parts", "5000"),
    ]);
    let two = two.unwrap();
    assert_eq!((two.attributes.len(), two.max_parts), (3, 1000));
    assert_eq!(refused(read(&[])).0, "InvalidRequest");
    assert_eq!(refused(read(&[(NAME, ",")])).0, "InvalidRequest");
    assert_eq!(
        refused(read(&[(NAME, "Etag")])).1,
        "Invalid attribute name specified."
    );
    let parts = read(&[(NAME, "ETag"), ("x-amz-part-number-marker", "-1")]);
    assert_eq!(refused(parts).0, "InvalidArgument");
}

proptest! {
    #[test]
    fn numbered_ids_know_their_place(order in any::<i64>(), nonce in any::<[u8; 16]>()) {
        let id = VersionId::numbered(order, nonce);
        prop_assert_eq!(VersionId::parse(id.as_str()).unwrap().order(), Some(order));
    }

    #[test]
    fn versioning_documents_never_panic(body in any::<Vec<u8>>()) {
        drop(put_bucket_versioning::Document::parse(&body));
    }

    #[test]
    fn places_of_any_id_never_panic(text in "[A-Za-z0-9._-]{32}") {
        let _ = VersionId::parse(&text).unwrap().order();
    }
}
