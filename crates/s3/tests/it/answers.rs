//! Whole answers: status, headers, body. Source: facts: s3-behaviour.md 1.1, 4, 5.1, 6.1, 7.3, 9, 12.1, 13.

use std::fmt::Write as _;

use buckler_checksum::{Algorithm, ChecksumType, Hasher};
use buckler_policy::CanonicalId;
use buckler_s3::ops::{
    ListedObject, copy_object, create_bucket, delete_bucket, delete_object, delete_objects,
    get_bucket_location, get_bucket_policy, get_bucket_policy_status, get_object,
    get_object_tagging, get_public_access_block, head_bucket, list_buckets, list_objects,
    list_objects_v2, put_bucket_policy, put_object, put_object_tagging,
};
use buckler_s3::{
    BucketName, ContinuationToken, ETag, IntoAnswer, ObjectChecksum, ObjectKey, PublicAccessBlock,
    Region, ResponseOverrides, S3Error, StorageClass, StoredHeaders, Tag, TagSet, UserMetadata,
    VersionId,
};
use time::macros::datetime;

use crate::requests::input;

const WRITTEN: time::OffsetDateTime = datetime!(2026-07-06 12:34:56.789 UTC);

pub(crate) fn show(answer: impl IntoAnswer) -> String {
    let answer = answer.into_answer();
    let mut out = format!("{}\n", answer.status);
    for (name, value) in &answer.headers {
        writeln!(out, "{name}: {}", String::from_utf8_lossy(value.as_bytes())).unwrap();
    }
    write!(out, "\n{}", String::from_utf8_lossy(&answer.body)).unwrap();
    out
}

fn bucket() -> BucketName {
    BucketName::parse("my-bucket").unwrap()
}

fn etag() -> ETag {
    ETag::from_md5([0xab; 16])
}

fn version() -> VersionId {
    VersionId::from_bytes([7; 24])
}

fn checksum() -> ObjectChecksum {
    Hasher::digest(Algorithm::Crc64Nvme, b"body").into()
}

fn owner() -> CanonicalId {
    CanonicalId::parse(&"a".repeat(64)).unwrap()
}

fn key(text: &str) -> ObjectKey {
    ObjectKey::parse(text).unwrap()
}

#[test]
fn buckets() {
    let made = |region, host: &str| {
        show(create_bucket::Output {
            bucket: bucket(),
            region: Region::new(region),
            host: host.to_owned(),
        })
    };
    insta::assert_snapshot!("create_bucket", made("us-east-1", "localhost:9000"));
    for host in [
        "s3.example.com".to_owned(),
        format!("{}.s3.example.com", bucket()),
    ] {
        insta::assert_snapshot!("create_bucket_elsewhere", made("eu-west-1", &host));
    }
    insta::assert_snapshot!("delete_bucket", show(delete_bucket::Output));
    insta::assert_snapshot!(
        "head_bucket",
        show(head_bucket::Output {
            bucket: bucket(),
            region: Region::new("eu-west-1")
        })
    );
    insta::assert_snapshot!(
        "get_bucket_location_us_east_1",
        show(get_bucket_location::Output {
            region: Region::new("us-east-1")
        })
    );
    insta::assert_snapshot!(
        "get_bucket_location",
        show(get_bucket_location::Output {
            region: Region::new("eu-central-1")
        })
    );
}

#[test]
fn bucket_policies() {
    insta::assert_snapshot!("put_bucket_policy", show(put_bucket_policy::Output));
    insta::assert_snapshot!(
        "get_bucket_policy",
        show(get_bucket_policy::Output {
            policy: "{\"Version\":\"2012-10-17\",\"Statement\":[]}".to_owned()
        })
    );
    insta::assert_snapshot!(
        "get_bucket_policy_status",
        show(get_bucket_policy_status::Output { is_public: true })
    );
    insta::assert_snapshot!(
        "get_public_access_block",
        show(get_public_access_block::Output {
            settings: PublicAccessBlock::ALL
        })
    );
}

fn listed_bucket(shows_region: bool) -> list_buckets::Output {
    list_buckets::Output {
        owner: owner(),
        buckets: vec![list_buckets::ListedBucket {
            name: bucket(),
            created: WRITTEN,
            region: Region::new("us-east-1"),
        }],
        prefix: shows_region.then(|| "my".to_owned()),
        next: None,
        shows_region,
    }
}

#[test]
fn lists_of_buckets() {
    insta::assert_snapshot!("list_buckets", show(listed_bucket(false)));
    insta::assert_snapshot!("list_buckets_with_parameters", show(listed_bucket(true)));
    insta::assert_snapshot!(
        "list_buckets_empty",
        show(list_buckets::Output {
            buckets: Vec::new(),
            ..listed_bucket(false)
        })
    );
}

#[test]
fn writes() {
    let output = put_object::Output {
        etag: etag(),
        checksum: checksum(),
        version_id: Some(version()),
    };
    insta::assert_snapshot!("put_object", show(output.clone()));
    let null = put_object::Output {
        version_id: Some(VersionId::null()),
        ..output
    };
    assert!(
        !show(null).contains("x-amz-version-id"),
        "a write of the null version shows none"
    );
    insta::assert_snapshot!(
        "copy_object",
        show(copy_object::Output {
            etag: etag(),
            last_modified: WRITTEN,
            checksum: Some(checksum()),
            version_id: Some(VersionId::null()),
            source_version_id: Some(version()),
        })
    );
    insta::assert_snapshot!(
        "delete_object",
        show(delete_object::Output {
            version_id: Some(version()),
            delete_marker: true
        })
    );
    insta::assert_snapshot!(
        "delete_object_unversioned",
        show(delete_object::Output::default())
    );
}

pub(crate) fn read() -> get_object::Output {
    get_object::Output {
        size_bytes: 100,
        extent: get_object::Extent::Whole,
        etag: etag(),
        last_modified: WRITTEN,
        version_id: None,
        stored_headers: StoredHeaders::default(),
        user_metadata: UserMetadata::default(),
        checksum: None,
        tag_count: 0,
        parts_count: None,
        overrides: ResponseOverrides::default(),
    }
}

#[test]
fn reads() {
    insta::assert_snapshot!("get_object", show(read()));
    let query = buckler_s3::Query::parse("response-cache-control=no-store").unwrap();
    insta::assert_snapshot!(
        "get_object_range_with_everything",
        show(get_object::Output {
            extent: get_object::Extent::Part {
                first: 10,
                last: 19
            },
            version_id: Some(VersionId::null()),
            stored_headers: StoredHeaders {
                content_type: Some("text/plain".to_owned()),
                cache_control: Some("max-age=1".to_owned()),
                storage_class: StorageClass::StandardIa,
                ..StoredHeaders::default()
            },
            user_metadata: UserMetadata::from_stored([
                ("b".to_owned(), "na\u{ef}ve = q".to_owned()),
                ("a".to_owned(), "plain".to_owned()),
                ("c".to_owned(), "\u{65e5}\u{672c}".to_owned()),
                ("d".to_owned(), "line\nbreak".to_owned()),
            ]),
            checksum: Some(checksum()),
            tag_count: 2,
            parts_count: Some(3),
            overrides: ResponseOverrides::from_query(&query).unwrap(),
            ..read()
        })
    );
    insta::assert_snapshot!(
        "get_object_not_modified",
        show(get_object::NotModified {
            etag: etag(),
            last_modified: WRITTEN,
            version_id: None
        })
    );
}

#[test]
fn results_of_delete_objects() {
    let output = delete_objects::Output {
        deleted: vec![
            delete_objects::Deleted {
                key: key("a"),
                version_id: None,
                delete_marker_version_id: None,
            },
            delete_objects::Deleted {
                key: key("b"),
                version_id: None,
                delete_marker_version_id: Some(version()),
            },
        ],
        errors: vec![delete_objects::Failed {
            key: key("c"),
            version_id: Some("bogus".to_owned()),
            error: S3Error::new(buckler_s3::ErrorCode::AccessDenied),
        }],
        quiet: false,
    };
    insta::assert_snapshot!("delete_objects", show(output.clone()));
    insta::assert_snapshot!(
        "delete_objects_quiet",
        show(delete_objects::Output {
            quiet: true,
            ..output
        })
    );
    insta::assert_snapshot!(
        "delete_objects_quiet_without_errors",
        show(delete_objects::Output {
            quiet: true,
            ..delete_objects::Output::default()
        })
    );
}

#[test]
fn tags() {
    let tags = TagSet::from_stored([Tag {
        key: "a".to_owned(),
        value: String::new(),
    }]);
    insta::assert_snapshot!(
        "get_object_tagging",
        show(get_object_tagging::Output {
            tags,
            version_id: Some(version())
        })
    );
    insta::assert_snapshot!(
        "get_object_tagging_none",
        show(get_object_tagging::Output {
            tags: TagSet::default(),
            version_id: None
        })
    );
    insta::assert_snapshot!(
        "put_object_tagging",
        show(put_object_tagging::Output { version_id: None })
    );
}

fn listed(name: &str) -> ListedObject {
    ListedObject {
        key: key(name),
        last_modified: WRITTEN,
        etag: etag(),
        checksum: Some((Algorithm::Crc64Nvme, ChecksumType::FullObject)),
        size_bytes: 4,
        owner: owner(),
        storage_class: StorageClass::Standard,
    }
}

#[test]
fn listings() {
    let plain: list_objects::Input = input("GET /my-bucket", &[]).unwrap();
    insta::assert_snapshot!(
        "list_objects",
        show(list_objects::Output {
            request: plain,
            contents: vec![listed("a b\u{4}")],
            common_prefixes: Vec::new(),
            next_marker: Some("a b".to_owned()),
            shows_owner: true,
            region: Region::new("us-east-1"),
        })
    );
    let full: list_objects::Input = input(
        "GET /my-bucket?prefix=p&marker=p+a&max-keys=5000&delimiter=/&encoding-type=url",
        &[],
    )
    .unwrap();
    insta::assert_snapshot!(
        "list_objects_with_parameters",
        show(list_objects::Output {
            request: full,
            contents: vec![listed("p b\u{4}/")],
            common_prefixes: vec!["p c/".to_owned()],
            next_marker: Some("p c/".to_owned()),
            shows_owner: true,
            region: Region::new("EU"),
        })
    );
    let plain: list_objects_v2::Input =
        input("GET /my-bucket?list-type=2&start-after=", &[]).unwrap();
    insta::assert_snapshot!(
        "list_objects_v2",
        show(list_objects_v2::Output {
            request: plain,
            contents: vec![listed("a")],
            common_prefixes: Vec::new(),
            next: None,
            region: Region::new("us-east-1"),
        })
    );
    let token = ContinuationToken::AfterKey("p".to_owned());
    let line = format!(
        "GET /my-bucket?list-type=2&start-after=x&delimiter=/&fetch-owner=true&continuation-token={}",
        token.encode()
    );
    let full: list_objects_v2::Input = input(&line, &[]).unwrap();
    insta::assert_snapshot!(
        "list_objects_v2_with_parameters",
        show(list_objects_v2::Output {
            request: full,
            contents: vec![listed("p1")],
            common_prefixes: vec!["q/".to_owned()],
            next: Some(ContinuationToken::AfterPrefix("q/".to_owned())),
            region: Region::new("us-east-1"),
        })
    );
}
