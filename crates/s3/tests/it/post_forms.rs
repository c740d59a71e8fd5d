//! Browser forms: their policies, and the requests that they stand for.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use buckler_s3::post_form::{FormFields, PostPolicy, SizeRange};
use buckler_s3::{ErrorCode, S3Error};
use http::HeaderMap;
use proptest::prelude::*;
use time::macros::datetime;

const VECTORS: &str = include_str!("../vectors/post-policies.txt");
const ALL: &str = r#"{"bucket":"photos"},["starts-with","$key",""],{"acl":"private"},["starts-with","$content-type",""],{"x-amz-meta-a":"1"}"#;

fn form(fields: &[(&str, &str)]) -> FormFields {
    let mut form = FormFields::default();
    for (name, value) in fields {
        form.push(name, value).expect("within the bound");
    }
    form
}

fn judge(json: &str) -> Result<SizeRange, S3Error> {
    let fields = form(&[
        ("key", "user/cat.jpg"),
        ("acl", "private"),
        ("Content-Type", "image/jpeg"),
        ("X-Amz-Meta-A", "1"),
        ("x-ignore-this", "2"),
        ("policy", "x"),
        ("x-amz-signature", "x"),
    ]);
    PostPolicy::parse(&STANDARD.encode(json))?.judge(
        &fields,
        "photos",
        datetime!(2026-01-01 00:00 UTC),
    )
}

#[test]
fn policies_are_judged_as_aws_judges_them() {
    let mut cases = 0;
    for line in VECTORS.lines().filter(|line| !line.starts_with('#')) {
        let (expected, policy) = line.split_once(" | ").expect("two columns");
        let answer = match judge(&policy.replace("ALL", ALL)) {
            Ok(_) => "ok".to_owned(),
            Err(error) => format!("{} {}", error.code.name(), error.message),
        };
        assert_eq!(answer, expected, "{policy}");
        cases += 1;
    }
    assert!(cases > 20);
}

#[test]
fn a_policy_that_is_no_base64_is_refused() {
    let error = PostPolicy::parse("*").expect_err("no base64");
    assert_eq!(error.message, "Invalid Policy: invalid Base64 encoding.");
}

#[test]
fn ranges_of_sizes_are_met_together() {
    let json = format!(
        r#"{{"expiration":"2026-01-02T00:00:00Z","conditions":[{ALL},["content-length-range",2,9],["content-length-range",1,5]]}}"#
    );
    let range = judge(&json).expect("met");
    let code = |bytes| range.judge(bytes).err().map(|error| error.code);
    assert_eq!(code(1), Some(ErrorCode::EntityTooSmall));
    assert_eq!((code(2), code(5)), (None, None));
    assert_eq!(code(6), Some(ErrorCode::EntityTooLarge));
}

#[test]
fn fields_become_the_headers_of_an_upload() {
    let mut of_request = HeaderMap::new();
    for (name, value) in [
        ("host", "h"),
        ("if-none-match", "*"),
        ("x-amz-acl", "public-read"),
        ("content-type", "multipart/form-data"),
    ] {
        of_request.insert(name, value.parse().expect("a value"));
    }
    let fields = form(&[
        ("key", "k"),
        ("acl", "private"),
        ("x-amz-meta-a", "1"),
        ("X-Amz-Meta-A", "2"),
        ("if-match", "x"),
        ("x-amz-security-token", "secret"),
        (
            "tagging",
            "<Tagging>\n<TagSet><Tag><Key>a b</Key><Value>ü=+</Value></Tag></TagSet></Tagging>",
        ),
    ]);
    let headers = fields.headers(&of_request).expect("headers");
    let mut found: Vec<_> = headers
        .iter()
        .map(|(name, value)| format!("{name}: {}", value.to_str().expect("text")))
        .collect();
    found.sort();
    assert_eq!(
        found,
        [
            "host: h",
            "x-amz-acl: private",
            "x-amz-meta-a: 1,2",
            "x-amz-tagging: a%20b=%C3%BC%3D%2B"
        ]
    );
}

#[test]
fn the_name_of_the_file_stands_in_the_key() {
    for (name, key) in [
        ("cat.jpg", "a/cat.jpg"),
        ("C:\\x\\cat.jpg", "a/cat.jpg"),
        ("x/cat.jpg", "a/cat.jpg"),
        ("", "a/"),
    ] {
        let mut fields = form(&[("key", "a/${filename}")]);
        fields.name_file(name);
        assert_eq!(fields.key().expect("a key"), key, "{name}");
    }
}

#[test]
fn fields_are_bounded() {
    let mut fields = FormFields::default();
    let error = (0..30_000)
        .find_map(|_| fields.push("", "").err())
        .expect("a bound");
    assert_eq!(error.code, ErrorCode::MaxPostPreDataLengthExceededError);
}

proptest! {
    #[test]
    fn no_policy_panics(text in "\\PC{0,80}", json in r#"[\[\]{}",:$a-z0-9 -]{0,80}"#) {
        drop(PostPolicy::parse(&text));
        let fields = form(&[("key", &text)]);
        for json in [
            json.clone(),
            format!(r#"{{"expiration":"2027-01-02T00:00:00Z","conditions":[{json}]}}"#),
        ] {
            if let Ok(policy) = PostPolicy::parse(&STANDARD.encode(json)) {
                drop(policy.judge(&fields, "b", datetime!(2026-01-01 00:00 UTC)));
            }
        }
        drop(fields.headers(&HeaderMap::new()));
    }
}
