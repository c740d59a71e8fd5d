//! Which operation a request is. Source: facts: s3-behaviour.md 2.

use buckler_s3::{Operation, Routed, Target};

use crate::requests::{refused, sample};

#[track_caller]
fn check(line: &str, expected: &str) {
    check_with(line, &[], expected);
}

/// `expected` is an operation's name, `405 RESOURCE_TYPE allow`, or a code of an error.
#[track_caller]
fn check_with(line: &str, headers: &[(&str, &str)], expected: &str) {
    let found = match sample(line, headers).route() {
        Ok(route) => match route.routed {
            Routed::Operation(operation) => operation.name().to_owned(),
            Routed::MethodNotAllowed {
                resource_type,
                allow,
            } => format!("405 {resource_type} {allow}"),
            Routed::UploadsOfKey => "UploadsOfKey".to_owned(),
            Routed::Preflight => "Preflight".to_owned(),
        },
        Err(error) => error.code.name().to_owned(),
    };
    assert_eq!(found, expected, "{line}");
}

#[track_caller]
fn check_key(uri: &str, bucket: &str, key: &str) {
    let route = sample(&format!("GET {uri}"), &[]).route().unwrap();
    assert_eq!(route.target.bucket().unwrap().as_str(), bucket, "{uri}");
    assert_eq!(route.target.key().unwrap().as_str(), key, "{uri}");
}

#[test]
fn every_operation_has_a_request_that_is_it_and_nothing_else() {
    let mut seen = Vec::new();
    for line in include_str!("../vectors/routing/operations.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
    {
        let mut words = line.split(' ');
        let (name, method, uri) = (
            words.next().unwrap(),
            words.next().unwrap(),
            words.next().unwrap(),
        );
        let headers: Vec<_> = words.map(|header| (header, "/source/key")).collect();
        check_with(&format!("{method} {uri}"), &headers, name);
        let operation = Operation::from_name(name).unwrap();
        assert_eq!(operation.method(), method);
        seen.push(operation);
    }
    for &operation in Operation::ALL {
        assert_eq!(
            seen.contains(&operation),
            operation.is_routable(),
            "{operation}"
        );
        let newer = operation.newer_name().is_none_or(Operation::is_routable);
        assert!(
            newer,
            "{operation} must be another name of something that is routed to"
        );
    }
}

#[test]
fn the_table_has_the_111_operations_of_the_model_and_the_form() {
    assert_eq!(Operation::ALL.len(), 112);
    let elsewhere = [
        "CreateSession",
        "ListDirectoryBuckets",
        "RenameObject",
        "WriteGetObjectResponse",
    ];
    let unrouted: Vec<_> = Operation::ALL
        .iter()
        .filter(|operation| !operation.is_routable() && operation.newer_name().is_none())
        .map(|operation| operation.name())
        .collect();
    assert_eq!(unrouted, elsewhere);
}

#[test]
fn keys_are_decoded_once_and_never_normalised() {
    check_key("/bucket/a//b", "bucket", "a//b");
    check_key("/bucket//a", "bucket", "/a");
    check_key("/bucket/../x", "bucket", "../x");
    check_key("/bucket/./x", "bucket", "./x");
    check_key("/bucket/x/", "bucket", "x/");
    check_key("/bucket/a%2Fb", "bucket", "a/b");
    check_key("/bucket/a+b", "bucket", "a+b");
    check_key("/bucket/a%252F", "bucket", "a%2F");
    check_key("/bucket/%01", "bucket", "\u{1}");
    check_key("/bucket/%C3%BC", "bucket", "\u{fc}");
}

#[test]
fn a_trailing_slash_after_the_bucket_is_the_bucket() {
    let route = sample("GET /bucket/", &[]).route().unwrap();
    assert!(matches!(route.target, Target::Bucket(_)));
}

#[test]
fn keys_that_cannot_be_are_refused_before_anything_else() {
    check("GET /bucket/%80", "InvalidURI");
    check("GET /bucket/%00", "InvalidURI");
    check("GET /bucket/%zz", "InvalidURI");
    check("GET /bucket/%2", "InvalidURI");
    check(&format!("GET /bucket/{}", "k".repeat(1024)), "GetObject");
    check(
        &format!("GET /bucket/{}", "k".repeat(1025)),
        "KeyTooLongError",
    );
    check("GET /Bucket/k", "InvalidBucketName");
    check("GET /bu%2Fcket/k", "InvalidBucketName");
    check("GET //k", "InvalidBucketName");
    check("GET /bucket?prefix=%80", "InvalidURI");
}

#[test]
fn bucket_names_stand_left_of_the_longest_domain() {
    let target = |host: &str, uri: &str| {
        sample(&format!("GET {uri}"), &[("host", host)])
            .route()
            .unwrap()
            .target
    };
    let bucket = |host: &str| target(host, "/k").bucket().unwrap().as_str().to_owned();
    assert_eq!(bucket("my.bucket.s3.example.com:9000"), "my.bucket");
    assert_eq!(bucket("MY-BUCKET.S3.example.com"), "my-bucket");
    assert_eq!(bucket("my-bucket.localhost"), "my-bucket");
    assert_eq!(target("s3.example.com", "/"), Target::Service);
    assert_eq!(target("127.0.0.1:9000", "/"), Target::Service);
    assert_eq!(target("[::1]:9000", "/"), Target::Service);
    assert!(matches!(
        target("my-bucket.s3.example.com", "/"),
        Target::Bucket(_)
    ));
    check_with(
        "GET /k",
        &[("host", "Not_A_Bucket.s3.example.com")],
        "InvalidBucketName",
    );
}

#[test]
fn unknown_names_are_ignored_and_selectors_are_case_sensitive() {
    check("GET /bucket?session", "ListObjects");
    check("GET /bucket?foo", "ListObjects");
    check("GET /bucket?ACL", "ListObjects");
    check("GET /bucket?versioning=1", "GetBucketVersioning");
    check("GET /bucket?acl=", "GetBucketAcl");
    check("GET /bucket?list-type=2", "ListObjectsV2");
    check("GET /bucket?list-type=1", "ListObjects");
    check("GET /bucket?list-type=2&list-type=1", "ListObjectsV2");
    check("HEAD /bucket?foo", "HeadBucket");
    check("GET /bucket/k?x-id=GetObject", "GetObject");
    check("GET /bucket?website=x", "InvalidArgument");
    check("GET /bucket?website=", "GetBucketWebsite");
}

#[test]
fn two_subresources_conflict() {
    let error = sample("GET /bucket?policy&acl", &[]).route().unwrap_err();
    assert_eq!(
        error.message,
        "Conflicting query string parameters: acl, policy"
    );
    assert_eq!(
        error.detail.elements(),
        [
            ("ArgumentName", "ResourceType".to_owned()),
            ("ArgumentValue", "acl".to_owned())
        ]
    );
    check("GET /bucket?acl&acl", "GetBucketAcl");
    check("GET /bucket/k?acl&tagging", "InvalidArgument");
}

#[test]
fn methods_a_resource_does_not_have_are_named_with_those_it_has() {
    check("PUT /", "405 SERVICE GET");
    check("HEAD /bucket?acl", "405 ACL PUT, GET");
    check("POST /bucket?cors", "405 CORS DELETE, PUT, GET");
    check("POST /bucket/k", "405 OBJECT DELETE, PUT, GET, HEAD");
    check("PATCH /bucket", "405 BUCKET DELETE, POST, PUT, GET, HEAD");
    check("PUT /bucket/k?uploadId=u", "405 UPLOAD DELETE, POST, GET");
    check("GET /bucket/k?uploadId=u&partNumber=1", "405 PART PUT");
    check("GET /bucket?torrent", "405 TORRENT ");
    check("GET /bucket?delete", "405 MULTI_OBJECT_DELETE POST");
    check("BREW /bucket", "BadRequest");
    check("OPTIONS /bucket/k", "Preflight");
}

#[test]
fn every_resource_has_its_methods_spelled_out() {
    for &operation in Operation::ALL
        .iter()
        .filter(|operation| operation.is_routable())
    {
        let uri = match (operation.is_on_object(), operation.is_on_bucket()) {
            (true, _) => "/bucket/key",
            (_, true) => "/bucket",
            _ => "/",
        };
        let line = match operation.subresource() {
            "partNumber" => format!("PATCH {uri}?uploadId=u&partNumber=1"),
            "uploadId" => format!("PATCH {uri}?uploadId=u"),
            name => format!("PATCH {uri}?{name}"),
        };
        match sample(&line, &[]).route().unwrap().routed {
            Routed::MethodNotAllowed { allow, .. } => {
                assert!(
                    allow.split(", ").any(|method| method == operation.method()),
                    "{operation}: {allow}"
                );
            }
            other => panic!("{line}: {other:?}"),
        }
    }
}

#[test]
fn bucket_subresources_of_a_key_are_the_buckets() {
    let route = sample("GET /bucket/k?policy", &[]).route().unwrap();
    assert_eq!(route.routed, Routed::Operation(Operation::GetBucketPolicy));
    assert!(matches!(route.target, Target::Bucket(_)));
    check("POST /bucket/k?delete", "DeleteObjects");
    check("GET /bucket/k?publicAccessBlock", "GetObject");
    check("GET /bucket/k?logging", "NoLoggingStatusForKey");
    check("GET /bucket/k?versions", "InvalidRequest");
    check("PUT /bucket/k?encryption", "UpdateObjectEncryption");
    check("GET /bucket?attributes", "ListObjects");
}

#[test]
fn part_numbers_belong_to_uploads_and_reads() {
    check("PUT /bucket/k?partNumber=1", "InvalidArgument");
    check("GET /bucket/k?partNumber=1", "GetObject");
    check("DELETE /bucket/k?partNumber=x", "DeleteObject");
    check("GET /bucket/k?partNumber=0", "InvalidArgument");
    check("GET /bucket/k?partNumber=10001", "InvalidArgument");
    check("PUT /bucket/k?partNumber=+1&uploadId=u", "InvalidArgument");
    let answer = refused(sample("GET /bucket?partNumber=1", &[]).route());
    assert_eq!(
        answer,
        (
            "InvalidRequest".to_owned(),
            "Object must have a valid key name.".to_owned()
        )
    );
    let answer = refused(sample("GET /bucket?uploadId=u", &[]).route());
    assert_eq!(
        answer,
        (
            "InvalidRequest".to_owned(),
            "A key must be specified".to_owned()
        )
    );
}

#[test]
fn version_ids_are_refused_where_there_are_no_versions() {
    let message = |line: &str| refused(sample(line, &[]).route()).1;
    assert_eq!(
        message("GET /bucket?versionId=null"),
        "This operation does not accept a version-id."
    );
    assert_eq!(
        message("GET /bucket?acl&versionId=null"),
        "Invalid version id specified"
    );
    assert_eq!(
        message("PUT /bucket/k?partNumber=1&uploadId=u&versionId=null"),
        "This operation does not accept a version-id."
    );
    assert_eq!(
        message("GET /bucket/k?versionId="),
        "Version id cannot be the empty string"
    );
    check("GET /bucket/k?versionId=null", "GetObject");
}

#[test]
fn integers_are_judged_before_the_credentials_but_negative_ones_are_not() {
    check("GET /bucket?max-keys=x", "InvalidArgument");
    check("GET /bucket?max-keys=2147483648", "InvalidArgument");
    check("GET /bucket?max-keys=-1", "ListObjects");
    check("GET /bucket?max-keys=", "ListObjects");
    check("GET /?max-buckets=0", "InvalidArgument");
    check("GET /?max-buckets=10000", "ListBuckets");
    check("GET /bucket?marker=a&list-type=2", "InvalidArgument");
    check("GET /bucket?start-after=a", "InvalidArgument");
}

#[test]
fn copy_sources_belong_to_copies() {
    let copy = [("x-amz-copy-source", "b/k")];
    check_with("PUT /bucket/k", &copy, "CopyObject");
    check_with(
        "PUT /bucket/k?uploadId=u&partNumber=1",
        &copy,
        "UploadPartCopy",
    );
    check_with("PUT /bucket/k?tagging", &copy, "InvalidArgument");
    check_with("PUT /bucket", &copy, "InvalidArgument");
    check("PUT /bucket/k?renameObject", "NotImplemented");
    check_with(
        "GET /bucket/k?attributes",
        &[("x-amz-object-attributes", "ETag,Foo")],
        "InvalidArgument",
    );
}
