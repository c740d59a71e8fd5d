//! What operations read from headers and parameters. Source: facts: authorization.md 1.3, s3-behaviour.md 5 to 9.

use buckler_s3::ops::{
    copy_object, delete_objects, get_object, list_objects_v2, put_bucket_policy, put_object,
};
use buckler_s3::{ChecksumClaim, ContinuationToken, S3Error, VersionSelector};

use crate::requests::{input, refused};

fn put(headers: &[(&str, &str)]) -> Result<put_object::Input, S3Error> {
    let mut all = vec![("content-length", "4")];
    all.extend_from_slice(headers);
    input("PUT /bucket/key", &all)
}

/// `expected` is a code and the beginning of a message.
#[track_caller]
fn check_put(headers: &[(&str, &str)], expected: &str) {
    let (code, message) = refused(put(headers));
    let found = format!("{code} {message}");
    assert!(found.starts_with(expected), "{found}");
}

const CRC32: (&str, &str) = ("x-amz-checksum-crc32", "y/Q5Jg==");

#[test]
fn claims_about_a_body_are_judged_in_order() {
    check_put(
        &[CRC32, ("x-amz-checksum-crc32c", "y/Q5Jg==")],
        "InvalidRequest Expecting a single x-amz-checksum- header. Multiple",
    );
    check_put(
        &[CRC32, ("x-amz-trailer", "x-amz-checksum-crc32")],
        "InvalidRequest Expecting a single x-amz-checksum- header",
    );
    check_put(
        &[("x-amz-checksum-foo", "x")],
        "InvalidRequest The algorithm type you specified",
    );
    check_put(
        &[("x-amz-sdk-checksum-algorithm", "CRC32")],
        "InvalidRequest x-amz-sdk-checksum-algorithm specified, but no corresponding",
    );
    check_put(
        &[CRC32, ("x-amz-sdk-checksum-algorithm", "SHA1")],
        "InvalidRequest Value for x-amz-sdk-checksum-algorithm header is invalid.",
    );
    check_put(
        &[CRC32, ("x-amz-sdk-checksum-algorithm", "CRC31")],
        "InvalidRequest Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, MD5, SHA1, SHA256, SHA512, XXHASH128, XXHASH3, XXHASH64]",
    );
    check_put(
        &[("x-amz-checksum-crc32", "AAAA")],
        "InvalidRequest Value for x-amz-checksum-crc32 header is invalid.",
    );
    check_put(
        &[("x-amz-trailer", "x-amz-checksum-crc32")],
        "MalformedTrailerError",
    );
    check_put(
        &[("content-md5", "x")],
        "InvalidDigest The Content-MD5 you specified was invalid.",
    );
    let claim = put(&[CRC32, ("x-amz-sdk-checksum-algorithm", "CRC32")])
        .unwrap()
        .integrity
        .claim;
    assert!(matches!(claim, ChecksumClaim::Header(_)));
}

#[test]
fn the_length_is_that_of_the_data() {
    let streaming = [
        ("x-amz-content-sha256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER"),
        ("x-amz-trailer", "x-amz-checksum-crc32"),
    ];
    check_put(&streaming, "MissingContentLength");
    let mut with_length = streaming.to_vec();
    with_length.push(("x-amz-decoded-content-length", "7"));
    let read = put(&with_length).unwrap();
    assert_eq!(read.data_bytes, Some(7));
    assert!(matches!(read.integrity.claim, ChecksumClaim::Trailer(_)));
    assert_eq!(
        refused(input::<put_object::Input>("PUT /bucket/key", &[])).0,
        "MissingContentLength"
    );
    let huge = [("content-length", "5368709121")];
    assert_eq!(
        refused(input::<put_object::Input>("PUT /bucket/key", &huge)).0,
        "EntityTooLarge"
    );
}

#[test]
fn headers_are_stored_and_bounded() {
    let read = put(&[
        ("content-type", "text/plain"),
        ("content-encoding", "aws-chunked, gzip"),
        ("x-amz-meta-B", "2"),
        ("x-amz-meta-a", " 1 "),
        ("x-amz-meta-a", "3"),
        ("expires", "never"),
    ])
    .unwrap();
    assert_eq!(
        read.stored_headers.content_encoding.as_deref(),
        Some("gzip")
    );
    assert_eq!(read.stored_headers.expires.as_deref(), Some("never"));
    assert_eq!(
        read.user_metadata.iter().collect::<Vec<_>>(),
        [("a", "1,3"), ("b", "2")]
    );
    assert_eq!(
        put(&[("content-encoding", "aws-chunked")])
            .unwrap()
            .stored_headers
            .content_encoding,
        None
    );
    check_put(&[("x-amz-meta-a", &"x".repeat(2048))], "MetadataTooLarge");
    assert!(put(&[("x-amz-meta-a", &"x".repeat(2047))]).is_ok());
    check_put(
        &[("content-disposition", &"x".repeat(3000))],
        "MetadataTooLarge",
    );
    check_put(&[("x-amz-storage-class", "COLD")], "InvalidStorageClass");
    check_put(
        &[("x-amz-website-redirect-location", "x")],
        "InvalidRedirectLocation",
    );
}

#[test]
fn what_is_not_built_is_refused_and_never_ignored() {
    check_put(
        &[("x-amz-server-side-encryption", "aws:kms")],
        "NotImplemented",
    );
    check_put(
        &[("x-amz-server-side-encryption", "rot13")],
        "InvalidArgument The encryption method",
    );
    check_put(
        &[("x-amz-server-side-encryption-customer-algorithm", "AES256")],
        "NotImplemented",
    );
    check_put(&[("x-amz-write-offset-bytes", "0")], "NotImplemented");
    check_put(&[("x-amz-acl", "open")], "InvalidArgument ");
    check_put(
        &[("x-amz-acl", "private"), ("x-amz-grant-read", "id=1")],
        "InvalidRequest Specifying both",
    );
    assert!(put(&[("x-amz-server-side-encryption", "AES256")]).is_ok());
}

#[test]
fn tags_in_a_header_are_a_form() {
    let tags = |text: &str| put(&[("x-amz-tagging", text)]).map(|read| read.tags.into_vec());
    let pair = |key: &str, value: &str| buckler_s3::Tag {
        key: key.to_owned(),
        value: value.to_owned(),
    };
    assert_eq!(
        tags("a=1&b+c=%2B&d&").unwrap(),
        [pair("a", "1"), pair("b c", "+"), pair("d", "")]
    );
    assert_eq!(tags("&").unwrap(), []);
    for bad in ["=", "=x", "a=%2", "a=1&a=2"] {
        assert_eq!(refused(tags(bad)).0, "InvalidArgument", "{bad}");
    }
    assert_eq!(refused(tags("a=%80")).0, "InvalidTag");
}

#[test]
fn expected_owners_are_account_ids() {
    for bad in ["0000", "0000000000020", "abcd", "aa000000000$", "invalid"] {
        let answer = refused(input::<put_bucket_policy::Input>(
            "PUT /bucket?policy",
            &[("x-amz-expected-bucket-owner", bad)],
        ));
        assert_eq!(answer.0, "InvalidBucketOwnerAWSAccountID");
        assert!(answer.1.ends_with(&format!("Account ID... [{bad}]")));
    }
}

fn copy(headers: &[(&str, &str)]) -> Result<copy_object::Input, S3Error> {
    input("PUT /bucket/key", headers)
}

#[test]
fn copy_sources_are_decoded_once() {
    let read = |text: &str| copy(&[("x-amz-copy-source", text)]).map(|read| read.source);
    let source = read("/other/a%20b%2Bc+%25?versionId=null").unwrap();
    assert_eq!(
        (source.bucket.as_str(), source.key.as_str()),
        ("other", "a b+c %")
    );
    assert_eq!(source.version.id().unwrap().as_str(), "null");
    assert_eq!(read("other/a?b").unwrap().key.as_str(), "a?b");
    assert_eq!(
        read("other%2Fkey").unwrap().version,
        VersionSelector::Latest
    );
    assert_eq!(refused(read("other/%2")).1, "Invalid copy source encoding");
    assert_eq!(refused(read("other/")).1, "Invalid copy source object key");
    assert_eq!(refused(read("other")).1, "Invalid copy source object key");
    assert_eq!(
        refused(read("Other/k")).1,
        "Invalid copy source bucket name"
    );
    assert_eq!(refused(read("other/k?versionId=x")).1, "Invalid Request");
}

#[test]
fn a_copy_onto_itself_must_change_something() {
    let judge = |headers: &[(&str, &str)]| {
        let mut all = vec![("x-amz-copy-source", "bucket/key")];
        all.extend_from_slice(headers);
        copy(&all).unwrap().check_self_copy().is_ok()
    };
    assert!(!judge(&[]));
    assert!(!judge(&[("x-amz-meta-a", "1")]));
    assert!(judge(&[("x-amz-metadata-directive", "REPLACE")]));
    assert!(judge(&[("x-amz-storage-class", "STANDARD")]));
    assert!(judge(&[("x-amz-website-redirect-location", "/x")]));
    assert!(judge(&[("x-amz-server-side-encryption", "AES256")]));
    assert!(
        copy(&[("x-amz-copy-source", "bucket/key?versionId=null")])
            .unwrap()
            .check_self_copy()
            .is_ok()
    );
    assert_eq!(
        refused(copy(&[
            ("x-amz-copy-source", "b-b/k"),
            ("x-amz-metadata-directive", "x")
        ]))
        .1,
        "Unknown metadata directive."
    );
    assert_eq!(
        refused(copy(&[
            ("x-amz-copy-source", "b-b/k"),
            ("x-amz-tagging-directive", "x")
        ]))
        .1,
        "Unknown tagging directive."
    );
}

#[test]
fn reads_take_a_range_or_a_part() {
    let get = |line: &str, headers: &[(&str, &str)]| input::<get_object::Input>(line, headers);
    assert_eq!(
        refused(get("GET /bucket/k?partNumber=1", &[("range", "bytes=0-1")])).1,
        "Cannot specify both Range header and partNumber query parameter"
    );
    assert!(
        get("GET /bucket/k", &[("x-amz-checksum-mode", "enabled")])
            .unwrap()
            .checksum_mode
    );
    assert_eq!(
        refused(get("GET /bucket/k", &[("x-amz-checksum-mode", "x")])).0,
        "InvalidRequest"
    );
    assert_eq!(
        refused(get("GET /bucket/k?versionId=x", &[])).1,
        "Invalid version id specified"
    );
    let read = get("GET /bucket/k?response-content-type=a%2Fb", &[]).unwrap();
    assert_eq!(
        read.overrides.iter().collect::<Vec<_>>(),
        [("content-type", &b"a/b"[..])]
    );
    assert!(read.overrides.refuse_anonymous().is_err());
}

#[test]
fn delete_objects_demands_a_claim_about_its_body() {
    let answer = refused(input::<delete_objects::Input>("POST /bucket?delete", &[]));
    assert_eq!(
        answer.1,
        "Missing required header for this request: Content-MD5 OR x-amz-checksum-*"
    );
    assert!(input::<delete_objects::Input>("POST /bucket?delete", &[CRC32]).is_ok());
}

#[test]
fn listings_judge_encoding_then_token_then_negative_numbers() {
    let name = |query: &str| {
        let error =
            input::<list_objects_v2::Input>(&format!("GET /bucket?list-type=2&{query}"), &[])
                .unwrap_err();
        error.detail.elements()[0].1.clone()
    };
    assert_eq!(
        name("max-keys=-1&continuation-token=x&encoding-type=x"),
        "encoding-type"
    );
    assert_eq!(
        name("max-keys=-1&continuation-token=x"),
        "continuation-token"
    );
    assert_eq!(name("max-keys=-1"), "maxKeys");
    assert_eq!(name("continuation-token="), "continuation-token");
    let read = input::<list_objects_v2::Input>(
        "GET /bucket?list-type=2&max-keys=5000&delimiter=&encoding-type=URL",
        &[],
    )
    .unwrap();
    assert_eq!(
        (read.max_keys.as_sent(), read.max_keys.limit()),
        (5000, 1000)
    );
    assert_eq!(read.delimiter, None);
    let token = ContinuationToken::AfterPrefix("a/".to_owned());
    assert_eq!(ContinuationToken::decode(&token.encode()), Some(token));
}

/// What a read shows of user metadata sent as this value. Source: recordings of LocalStack's tests, 2025; of bytes beyond
/// ASCII, the user guide's "Working with object metadata" and minio 21282.
#[track_caller]
fn check_metadata(sent: &[u8], shown: &str) {
    let mut headers = http::HeaderMap::new();
    headers.insert(
        "x-amz-meta-a",
        http::HeaderValue::from_bytes(sent).expect("a header"),
    );
    let metadata = buckler_s3::UserMetadata::from_headers(&headers).expect("metadata");
    let stored = metadata
        .iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
    let again = buckler_s3::UserMetadata::from_stored(stored);
    let read = buckler_s3::ops::get_object::Output {
        user_metadata: again,
        ..crate::answers::read()
    };
    let answer = buckler_s3::IntoAnswer::into_answer(read);
    assert_eq!(answer.headers["x-amz-meta-a"], shown);
}

#[test]
fn words_of_rfc_2047_are_decoded_and_encoded() {
    check_metadata(b"plain = text", "plain = text");
    check_metadata(b"=?UTF-8?Q?actually-ascii?=", "actually-ascii");
    check_metadata(b"=?UTF-8?B?YWJj?=", "abc");
    check_metadata(b"=?UTF-8?B?YWJj?= =?utf-8?q?d_e?=", "abcd e");
    check_metadata(b"a =?UTF-8?B?YWJj?= b", "a abc b");
    check_metadata(b"=?UTF-8?B?AAECAw==?=", "=?UTF-8?B?AAECAw==?=");
    check_metadata(
        b"=?UTF-8?B?77+977+977+977+977+977+977+9?=",
        "=?UTF-8?B?77+977+977+977+977+977+977+9?=",
    );
    check_metadata(
        "=?UTF-8?Q?test=5F=E2=80=94=5Ffile%E2%80%94=5F=C3=A9=5F2=3F.pdf?=".as_bytes(),
        "=?UTF-8?Q?test=5F=E2=80=94=5Ffile%E2%80%94=5F=C3=A9=5F2=3F.pdf?=",
    );
    check_metadata(
        b"=?UTF-8?B?w4RNw4Raw5XDkSBTMw==?=",
        "=?UTF-8?Q?=C3=84M=C3=84Z=C3=95=C3=91_S3?=",
    );
    check_metadata(
        "ÄMÄZÕÑ S3".as_bytes(),
        "=?UTF-8?B?w4PChE3Dg8KEWsODwpXDg8KRIFMz?=",
    );
    check_metadata("Miniö".as_bytes(), "=?UTF-8?Q?Mini=C3=83=C2=B6?=");
    check_metadata(b"Mini\xf6", "=?UTF-8?Q?Mini=C3=B6?=");
    // What is no word stays as it is.
    for odd in [
        "=?UTF-8?X?YWJj?=",
        "=?UTF-8?B?%?=",
        "=?none?B?YWJj?=",
        "=?",
        "=??=",
        "x=?UTF-8?B?YWJj?=",
    ] {
        check_metadata(odd.as_bytes(), odd);
    }
}
