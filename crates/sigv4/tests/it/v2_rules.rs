//! The rules of Signature Version 2, a test each. Source: the crate's module `v2`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use buckler_sigv4::{
    AuthError, Endpoint, FormSignature, Method, Payload, Presentation, Presented, SecretKey,
    SignatureV2, VerifiedRequest, VerifyingKey, Version, read, read_form,
};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;
use time::{Duration, OffsetDateTime};

use crate::signer::{Client, ENDPOINT, KEY_ID, NOW, SECRET, at};

const DATE: &str = "Fri, 02 Jan 2026 03:04:05 GMT";
/// A day after [`NOW`].
const EXPIRES: i64 = 1_767_409_445;
const ACCEPTED: SignatureV2<'static> = SignatureV2::Accepted { host_bucket: None };
const MISMATCH: &str = "SignatureDoesNotMatch";

fn endpoint(signature_v2: SignatureV2<'_>) -> Endpoint<'_> {
    Endpoint {
        signature_v2,
        ..ENDPOINT
    }
}

pub(crate) fn key() -> VerifyingKey {
    VerifyingKey::derive(&SecretKey::new(SECRET.to_owned()), &Version::V2)
}

pub(crate) fn read_at(client: &Client, now: OffsetDateTime) -> Result<Presentation, AuthError> {
    match read(&client.request(), &endpoint(ACCEPTED), now)? {
        Presented::Signed(presentation) => Ok(presentation),
        Presented::Anonymous { .. } => panic!("anonymous"),
    }
}

pub(crate) fn verify(client: &Client) -> Result<VerifiedRequest, AuthError> {
    read_at(client, at(NOW))?.verify(&client.request(), &key())
}

/// `GET /bucket/key` with a date.
fn dated() -> Client {
    Client::new().with("date", DATE)
}

/// The signature of a string to sign.
pub(crate) fn sign(string_to_sign: &str) -> String {
    let mut mac = Hmac::<Sha1>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(string_to_sign.as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}

fn in_header(client: Client, string_to_sign: &str) -> Client {
    let value = format!("AWS {KEY_ID}:{}", sign(string_to_sign));
    client.with("authorization", &value)
}

fn in_query(mut client: Client, string_to_sign: &str) -> Client {
    let signature = sign(string_to_sign).replace('+', "%2B").replace('=', "%3D");
    let query = format!("AWSAccessKeyId={KEY_ID}&Expires={EXPIRES}&Signature={signature}");
    client.query = if client.query.is_empty() {
        query
    } else {
        format!("{}&{query}", client.query)
    };
    client
}

fn plain() -> Client {
    in_header(dated(), &format!("GET\n\n\n{DATE}\n/bucket/key"))
}

fn url() -> Client {
    in_query(Client::new(), &format!("GET\n\n\n{EXPIRES}\n/bucket/key"))
}

#[track_caller]
fn refused(client: &Client, code: &str, message: &str, extras: &[(&str, &str)]) {
    let error = verify(client).unwrap_err();
    let found = error.extras();
    let found: Vec<_> = found.iter().map(|(k, v)| (*k, v.as_str())).collect();
    assert_eq!(
        (error.code(), error.to_string().as_str(), found.as_slice()),
        (code, message, extras)
    );
}

#[track_caller]
fn mismatched(client: &Client) {
    assert_eq!(verify(client).unwrap_err().code(), MISMATCH);
}

#[test]
fn where_it_is_refused_all_its_forms_are() {
    let form = FormSignature {
        policy: Some("e30="),
        aws_access_key_id: Some(KEY_ID),
        signature_v2: Some("c2ln"),
        ..FormSignature::default()
    };
    let message = "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.";
    let errors = [
        plain().refusal(),
        url().refusal(),
        dated().with("authorization", "AWS garbage").refusal(),
        read_form(&form, &ENDPOINT).expect_err("not refused"),
    ];
    for error in errors {
        assert_eq!(
            (error.code(), error.to_string().as_str()),
            ("InvalidRequest", message)
        );
    }
}

#[test]
fn what_is_verified_says_so() {
    let verified = verify(&plain()).expect("a good signature");
    let presentation = verified.presentation();
    assert_eq!(presentation.version().name(), "AWS");
    assert_eq!(presentation.method(), Method::Header);
    assert_eq!(presentation.signed_at(), Some(at(NOW)));
    assert_eq!(presentation.access_key_id(), KEY_ID);
    assert_eq!(verified.payload(), Payload::Unsigned);
    assert!(verified.chunk_signer().is_none());

    let verified = verify(&url()).expect("a good signature");
    assert_eq!(verified.presentation().method(), Method::Query);
    // A URL says until when it is good, and not since when.
    assert_eq!(verified.presentation().signed_at(), None);
}

#[test]
fn another_secret_is_told_what_was_signed() {
    let other = VerifyingKey::derive(&SecretKey::new("other".to_owned()), &Version::V2);
    let client = plain();
    let presentation = read_at(&client, at(NOW)).expect("good form");
    let error = presentation.verify(&client.request(), &other);
    let error = error.expect_err("not refused");
    let signed = format!("GET\n\n\n{DATE}\n/bucket/key");
    assert_eq!(error.code(), MISMATCH);
    let extras = error.extras();
    assert_eq!(extras[0], ("AWSAccessKeyId", KEY_ID.to_owned()));
    assert_eq!(extras[1], ("StringToSign", signed.clone()));
    assert_eq!(extras[2], ("SignatureProvided", sign(&signed)));
    assert!(extras[3].1.starts_with("47 45 54 0a"));
    assert_eq!(extras.len(), 4, "there is no canonical request");
}

#[test]
fn the_header_is_one_key_a_colon_and_a_signature() {
    let message = "AWS authorization header is invalid.  Expected AwsAccessKeyId:signature";
    for value in ["AWS garbage", "AWS key:", "AWS key:a:b", "AWS "] {
        // An outer space is not part of a header's value.
        let sent = value.trim_end();
        let message = match sent {
            "AWS" => "Authorization header is invalid -- one and only one ' ' (space) required",
            _ => message,
        };
        refused(
            &dated().with("authorization", value),
            "InvalidArgument",
            message,
            &[("ArgumentName", "Authorization"), ("ArgumentValue", sent)],
        );
    }
    refused(
        &dated().with("authorization", "AWS  key:signature"),
        "InvalidArgument",
        "Authorization header is invalid -- one and only one ' ' (space) required",
        &[
            ("ArgumentName", "Authorization"),
            ("ArgumentValue", "AWS  key:signature"),
        ],
    );
}

#[test]
fn the_header_needs_a_date_within_fifteen_minutes() {
    refused(
        &plain().without("date"),
        "AccessDenied",
        "AWS authentication requires a valid Date or x-amz-date header",
        &[],
    );
    for minutes in [-15, 15] {
        let now = at(NOW) + Duration::minutes(minutes);
        assert!(read_at(&plain(), now).is_ok(), "{minutes}");
        let error = read_at(&plain(), now + Duration::seconds(minutes.signum()));
        let error = error.expect_err("too far");
        assert_eq!(error.code(), "RequestTimeTooSkewed");
        assert_eq!(error.extras()[0], ("RequestTime", DATE.to_owned()));
    }
}

#[test]
fn x_amz_date_takes_the_place_of_date() {
    for amz_date in [DATE, NOW, "Fri, 02 Jan 2026 03:04:05 +0000"] {
        let client = Client::new()
            .with("date", "Thu, 01 Jan 1970 00:00:00 GMT")
            .with("x-amz-date", amz_date);
        let text = format!("GET\n\n\n\nx-amz-date:{amz_date}\n/bucket/key");
        assert!(verify(&in_header(client, &text)).is_ok(), "{amz_date}");
    }
    let client = dated().with("x-amz-date", "yesterday");
    refused(
        &in_header(client, ""),
        "AccessDenied",
        "AWS authentication requires a valid Date or x-amz-date header",
        &[],
    );
}

#[test]
fn a_url_needs_its_three_parameters() {
    let message =
        "Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters";
    for name in ["Expires", "AWSAccessKeyId"] {
        let client = url();
        let kept = client.query.split('&');
        let kept: Vec<_> = kept.filter(|part| !part.starts_with(name)).collect();
        let query = kept.join("&");
        refused(&client.query(&query), "AccessDenied", message, &[]);
    }
}

#[test]
fn expires_is_seconds_since_1970_in_32_bits() {
    let with = |expires: &str| {
        let query = format!("AWSAccessKeyId={KEY_ID}&Expires={expires}&Signature=a");
        Client::new().query(&query)
    };
    for bad in [
        "",
        "1e9",
        "%201",
        "2147483648",
        "x",
        "-",
        "-9223372036854775809",
    ] {
        let sent = bad.replace("%20", " ");
        let message = format!("Invalid date (should be seconds since epoch): {sent}");
        refused(&with(bad), "AccessDenied", &message, &[]);
    }
    for good in ["2147483647", "%2B2147483647", "02147483647"] {
        assert!(read_at(&with(good), at(NOW)).is_ok(), "{good}");
    }
    for over in ["-1", "0", "-9223372036854775808"] {
        let error = read_at(&with(over), at(NOW)).expect_err("over");
        assert_eq!(error.to_string(), "Request has expired", "{over}");
    }
}

#[test]
fn a_url_is_over_after_its_second() {
    let end = at("20260103T030405Z");
    assert!(read_at(&url(), end).is_ok());
    let error = read_at(&url(), end + Duration::SECOND).expect_err("over");
    assert_eq!(
        (error.code(), error.to_string().as_str()),
        ("AccessDenied", "Request has expired")
    );
    assert_eq!(
        error.extras(),
        [
            ("Expires", "2026-01-03T03:04:05Z".to_owned()),
            ("ServerTime", "2026-01-03T03:04:06Z".to_owned()),
        ]
    );
}

#[test]
fn a_bucket_of_the_host_is_signed() {
    let client = in_header(dated(), &format!("GET\n\n\n{DATE}\n/of-host/bucket/key"));
    mismatched(&client);
    let endpoint = endpoint(SignatureV2::Accepted {
        host_bucket: Some("of-host"),
    });
    let Ok(Presented::Signed(presentation)) = read(&client.request(), &endpoint, at(NOW)) else {
        panic!("good form");
    };
    assert!(presentation.verify(&client.request(), &key()).is_ok());
}

#[test]
fn a_bucket_alone_may_be_signed_with_a_slash() {
    let with = |path: &str, signed: &str| {
        let mut client = dated();
        path.clone_into(&mut client.path);
        in_header(client, &format!("GET\n\n\n{DATE}\n{signed}"))
    };
    assert!(verify(&with("/bucket", "/bucket")).is_ok());
    assert!(verify(&with("/bucket", "/bucket/")).is_ok());
    assert!(verify(&with("/bucket/", "/bucket/")).is_ok());
    mismatched(&with("/bucket/", "/bucket"));
    mismatched(&with("/bucket/key", "/bucket/key/"));
    mismatched(&with("/", "//"));
}

#[test]
fn sub_resources_are_signed_and_other_parameters_are_not() {
    let check = |query: &str, signed: &str| {
        let client = dated().query(query);
        let client = in_header(client, &format!("GET\n\n\n{DATE}\n/bucket/key{signed}"));
        assert!(verify(&client).is_ok(), "{query}: {:?}", verify(&client));
    };
    check("prefix=a&max-keys=3&x-id=GetObject&ACL&Tagging", "");
    check("uploads=&acl=v", "?acl&uploads");
    check(
        "versionId=3&uploadId=a%2Fb%2B&partNumber=",
        "?partNumber=&uploadId=a/b+&versionId=3",
    );
    check("versionId=1&versionId=2&acl&acl=1", "?acl&versionId=1");
    check(
        "response-content-type=text%2Fplain%3B+a&legal-hold",
        "?legal-hold&response-content-type=text/plain; a",
    );
}

#[test]
fn amz_headers_are_signed_lower_case_sorted_and_joined() {
    let client = dated()
        .with("x-amz-meta-b", "  2  3 ")
        .with("x-amz-meta-a", "1")
        .with("x-amz-meta-b", "4");
    let lines = "x-amz-meta-a:1\nx-amz-meta-b:2  3,4\n";
    let client = in_header(client, &format!("GET\n\n\n{DATE}\n{lines}/bucket/key"));
    assert!(verify(&client).is_ok());
    mismatched(&client.clone().with("x-amz-acl", "public-read"));
    mismatched(&client.without("x-amz-meta-a"));
}

#[test]
fn amz_parameters_are_signed_as_headers() {
    let client = Client::new().query("x-amz-acl=private&X-Amz-Security-Token=a%2Fb");
    let lines = "x-amz-acl:private\nx-amz-security-token:a/b\n";
    let client = in_query(client, &format!("GET\n\n\n{EXPIRES}\n{lines}/bucket/key"));
    let verified = verify(&client).expect("a good signature");
    assert_eq!(verified.presentation().security_token(), Some("a/b"));
    // A client that sends both says the same twice.
    assert!(verify(&client.clone().with("x-amz-acl", "private")).is_ok());
    // Whoever holds the URL cannot add a header of the same name: it is signed, too.
    mismatched(&client.clone().with("x-amz-acl", "public-read"));
    mismatched(&client.with("x-amz-meta-a", "1"));
}

#[test]
fn a_parameter_cannot_pose_as_two_headers() {
    let lines = "x-amz-acl:private\nx-amz-meta-a:1\n";
    let text = format!("GET\n\n\n{EXPIRES}\n{lines}/bucket/key");
    let both = Client::new().query("x-amz-acl=private&x-amz-meta-a=1");
    assert!(verify(&in_query(both, &text)).is_ok());
    for query in [
        "x-amz-acl=private%0Ax-amz-meta-a:1",
        "x-amz-acl:private%0Ax-amz-meta-a=1",
    ] {
        mismatched(&in_query(Client::new().query(query), &text));
    }
}

#[test]
fn a_value_cannot_pose_as_two_sub_resources() {
    let signed = "?response-content-disposition=attachment&response-content-type=text/plain";
    let text = format!("GET\n\n\n{EXPIRES}\n/bucket/key{signed}");
    let with = |query: &str| in_query(Client::new().query(query), &text);
    let both = "response-content-disposition=attachment&response-content-type=text%2Fplain";
    assert!(verify(&with(both)).is_ok());
    mismatched(&with(
        "response-content-disposition=attachment%26response-content-type%3Dtext%2Fplain",
    ));
    let named = "response-content-disposition=attachment;filename%3Da%26b";
    let text = format!(
        "GET\n\n\n{EXPIRES}\n/bucket/key?response-content-disposition=attachment;filename=a&b"
    );
    assert!(verify(&in_query(Client::new().query(named), &text)).is_ok());
}

#[test]
fn the_first_parameter_counts_and_is_signed() {
    let text = |value: &str| format!("GET\n\n\n{EXPIRES}\nx-amz-acl:{value}\n/bucket/key");
    let twice = || Client::new().query("x-amz-acl=private&X-Amz-Acl=public-read");
    assert!(verify(&in_query(twice(), &text("private"))).is_ok());
    mismatched(&in_query(twice(), &text("private,public-read")));
}

#[test]
fn type_and_md5_are_signed_and_nothing_added_passes() {
    let client = dated()
        .with("content-md5", "4gJE4saaMU4BqNR0kLY+lw==")
        .with("content-type", "text/plain");
    let text = format!("GET\n4gJE4saaMU4BqNR0kLY+lw==\ntext/plain\n{DATE}\n/bucket/key");
    let client = in_header(client, &text);
    assert!(verify(&client).is_ok());
    mismatched(&client.clone().without("content-md5"));
    mismatched(&client.with("content-type", "text/html"));
    mismatched(&plain().with("content-type", "text/html"));
}

#[test]
fn a_declared_payload_is_kept_and_signed_chunks_are_refused() {
    let with = |value: &str| {
        let client = dated().with("x-amz-content-sha256", value);
        let line = format!("x-amz-content-sha256:{value}\n");
        verify(&in_header(
            client,
            &format!("GET\n\n\n{DATE}\n{line}/bucket/key"),
        ))
    };
    let payload = |value: &str| with(value).map(|verified| verified.payload());
    assert_eq!(payload("UNSIGNED-PAYLOAD"), Ok(Payload::Unsigned));
    assert_eq!(payload(&"0".repeat(64)), Ok(Payload::Signed([0; 32])));
    assert_eq!(
        payload("STREAMING-UNSIGNED-PAYLOAD-TRAILER"),
        Ok(Payload::StreamingUnsignedTrailer)
    );
    for bad in ["STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "x"] {
        assert_eq!(payload(bad).expect_err("bad").code(), "InvalidArgument");
    }
}

#[test]
fn two_mechanisms_are_one_too_many() {
    let message = "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified";
    let mut client = plain();
    client.query = url().query;
    let authorization = client.headers["authorization"].to_str().unwrap().to_owned();
    let elements = [
        ("ArgumentName", "Authorization"),
        ("ArgumentValue", authorization.as_str()),
    ];
    refused(&client, "InvalidArgument", message, &elements);
    let query = format!("{}&X-Amz-Algorithm=AWS4-HMAC-SHA256", url().query);
    refused(
        &url().query(&query),
        "InvalidArgument",
        message,
        &[("ArgumentName", "Authorization")],
    );
}

#[test]
fn a_key_without_a_signature_is_anonymous() {
    let client = Client::new().query(&format!("AWSAccessKeyId={KEY_ID}&Expires={EXPIRES}"));
    let presented = read(&client.request(), &endpoint(ACCEPTED), at(NOW));
    assert!(matches!(presented, Ok(Presented::Anonymous { .. })));
}

#[test]
fn a_form_is_signed_by_its_policy() {
    let policy = "eyJleHBpcmF0aW9uIjoiMjAyNi0wMS0wM1QwMDowMDowMFoifQ==";
    let signature = sign(policy);
    let form = FormSignature {
        policy: Some(policy),
        aws_access_key_id: Some(KEY_ID),
        signature_v2: Some(&signature),
        ..FormSignature::default()
    };
    let verify = |form: &FormSignature<'_>| match read_form(form, &endpoint(ACCEPTED))? {
        Presented::Signed(presentation) => presentation.verify(&Client::new().request(), &key()),
        Presented::Anonymous { .. } => panic!("the form is signed"),
    };
    let verified = verify(&form).expect("a good signature");
    assert_eq!(verified.presentation().method(), Method::Form);
    assert_eq!(verified.presentation().version(), &Version::V2);
    let forged = FormSignature {
        policy: Some("e30="),
        ..form
    };
    assert_eq!(verify(&forged).expect_err("forged").code(), MISMATCH);
    let incomplete = FormSignature {
        signature_v2: None,
        ..form
    };
    assert_eq!(
        verify(&incomplete).expect_err("incomplete").to_string(),
        "Bucket POST must contain a field named 'Signature'.  If it is specified, please check the order of the fields."
    );
}
