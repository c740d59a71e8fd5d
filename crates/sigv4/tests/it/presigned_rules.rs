//! The rules of presigned URLs, a test each. Source: facts: s3-behaviour.md 3.2.

use buckler_sigv4::{Method, Payload};

use crate::signer::{Client, KEY_ID, NOW, sign};

const ERROR: &str = "AuthorizationQueryParametersError";

/// The six parameters, in canonical order but for the signature.
fn parameters() -> Vec<(&'static str, String)> {
    vec![
        ("X-Amz-Algorithm", "AWS4-HMAC-SHA256".to_owned()),
        (
            "X-Amz-Credential",
            format!("{KEY_ID}%2F20260102%2Fus-east-1%2Fs3%2Faws4_request"),
        ),
        ("X-Amz-Date", NOW.to_owned()),
        ("X-Amz-Expires", "900".to_owned()),
        ("X-Amz-SignedHeaders", "host".to_owned()),
    ]
}

fn with(name: &str, value: &str) -> Client {
    let mut parameters = parameters();
    for (other, old) in &mut parameters {
        if *other == name {
            value.clone_into(old);
        }
    }
    presign(Client::new(), &parameters, "UNSIGNED-PAYLOAD")
}

/// Signs over `host` alone.
fn presign(client: Client, parameters: &[(&str, String)], payload: &str) -> Client {
    let pairs: Vec<_> = parameters.iter().map(|(k, v)| format!("{k}={v}")).collect();
    let query = pairs.join("&");
    let signature = sign(&format!(
        "GET\n/bucket/key\n{query}\nhost:localhost:9000\n\nhost\n{payload}"
    ));
    client.query(&format!("{query}&X-Amz-Signature={signature}"))
}

fn presigned() -> Client {
    presign(Client::new(), &parameters(), "UNSIGNED-PAYLOAD")
}

#[track_caller]
fn check(client: &Client, code: &str, message: &str, extras: &[(&str, &str)]) {
    let error = client.refusal();
    let found = error.extras();
    let found: Vec<_> = found.iter().map(|(k, v)| (*k, v.as_str())).collect();
    assert_eq!(
        (error.code(), error.to_string().as_str(), found.as_slice()),
        (code, message, extras)
    );
}

#[test]
fn presigned_url_verifies() {
    let verified = presigned().verify().unwrap();
    let presentation = verified.presentation();
    assert_eq!(presentation.method(), Method::Query);
    assert_eq!(presentation.expires_seconds(), Some(900));
    assert_eq!(verified.payload(), Payload::Unsigned);
}

#[test]
fn six_parameters_are_required() {
    let query = presigned().query;
    let message = "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.";
    for missing in query.split('&') {
        let rest: Vec<_> = query.split('&').filter(|piece| *piece != missing).collect();
        check(&Client::new().query(&rest.join("&")), ERROR, message, &[]);
    }
}

#[test]
fn form_errors_have_their_texts() {
    for (name, value, message) in [
        (
            "X-Amz-Algorithm",
            "AWS4-HMAC-SHA512",
            "X-Amz-Algorithm only supports \"AWS4-HMAC-SHA256 and AWS4-ECDSA-P256-SHA256\"",
        ),
        (
            "X-Amz-Date",
            "Fri",
            "X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"",
        ),
        (
            "X-Amz-Credential",
            "a%2Fb",
            "Error parsing the X-Amz-Credential parameter; the Credential is mal-formed; expecting \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\".",
        ),
        (
            "X-Amz-Credential",
            "a/x/us-east-1/s3/aws4_request",
            "Error parsing the X-Amz-Credential parameter; incorrect date format \"x\". This date in the credential must be in the format \"yyyyMMdd\".",
        ),
        (
            "X-Amz-Credential",
            "a/20260102/us-east-1/execute-api/aws4_request",
            "Error parsing the X-Amz-Credential parameter; incorrect service \"execute-api\". This endpoint belongs to \"s3\".",
        ),
        (
            "X-Amz-Credential",
            "a/20260102/us-east-1/s3/aws5",
            "Error parsing the X-Amz-Credential parameter; incorrect terminal \"aws5\". This endpoint uses \"aws4_request\".",
        ),
        (
            "X-Amz-Credential",
            "a/20060102/us-east-1/s3/aws4_request",
            "Invalid credential date \"20060102\". This date is not the same as X-Amz-Date: \"20260102\".",
        ),
        ("X-Amz-Expires", "soon", "X-Amz-Expires should be a number"),
        ("X-Amz-Expires", "", "X-Amz-Expires should be a number"),
        ("X-Amz-Expires", "-1", "X-Amz-Expires must be non-negative"),
        (
            "X-Amz-Expires",
            "604801",
            "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds",
        ),
        (
            "X-Amz-Expires",
            "99999999999999999999",
            "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds",
        ),
    ] {
        check(&with(name, value), ERROR, message, &[]);
    }
}

#[test]
fn region_error_names_the_region() {
    check(
        &with("X-Amz-Credential", "a/20260102/a/s3/aws4_request"),
        ERROR,
        "Error parsing the X-Amz-Credential parameter; the region 'a' is wrong; expecting 'us-east-1'",
        &[("Region", "us-east-1")],
    );
}

#[test]
fn a_whole_week_is_accepted() {
    assert!(with("X-Amz-Expires", "604800").verify().is_ok());
}

#[test]
fn zero_seconds_are_valid_and_expired_at_once() {
    check(
        &with("X-Amz-Expires", "0"),
        "AccessDenied",
        "Request has expired",
        &[
            ("X-Amz-Expires", "0"),
            ("Expires", "2026-01-02T03:04:05Z"),
            ("ServerTime", "2026-01-02T03:04:05Z"),
        ],
    );
}

#[test]
fn window_ends_and_begins() {
    let mut client = presigned();
    "20260102T031904Z".clone_into(&mut client.now);
    assert!(client.verify().is_ok());
    "20260102T031905Z".clone_into(&mut client.now);
    assert_eq!(client.refusal().to_string(), "Request has expired");
    "20260102T024905Z".clone_into(&mut client.now);
    assert!(client.verify().is_ok());
    "20260102T024904Z".clone_into(&mut client.now);
    check(
        &client,
        "AccessDenied",
        "Request is not yet valid",
        &[
            ("X-Amz-Date", "1767323045000"),
            ("Expires", "2026-01-02T03:19:05Z"),
            ("ServerTime", "2026-01-02T02:49:04Z"),
        ],
    );
}

#[test]
fn window_is_judged_before_the_scope_date() {
    let mut client = with("X-Amz-Credential", "a/20060102/us-east-1/s3/aws4_request");
    "20270102T030405Z".clone_into(&mut client.now);
    assert_eq!(client.refusal().to_string(), "Request has expired");
}

#[test]
fn first_of_repeated_parameters_wins() {
    let mut expired = parameters();
    expired.insert(4, ("X-Amz-Expires", "0".to_owned()));
    // Sorted by value, as the canonical query has it, the shorter life comes first.
    let canonical: Vec<_> = [3, 4].map(|at| expired[at].1.clone()).into();
    assert_eq!(canonical, ["900", "0"]);
    let pairs: Vec<_> = expired.iter().map(|(k, v)| format!("{k}={v}")).collect();
    let sorted = pairs
        .join("&")
        .replace("Expires=900&X-Amz-Expires=0", "Expires=0&X-Amz-Expires=900");
    let signature = sign(&format!(
        "GET\n/bucket/key\n{sorted}\nhost:localhost:9000\n\nhost\nUNSIGNED-PAYLOAD"
    ));
    let client = Client::new().query(&format!("{}&X-Amz-Signature={signature}", pairs.join("&")));
    let verified = client.verify().unwrap();
    assert_eq!(verified.presentation().expires_seconds(), Some(900));
}

#[test]
fn unsigned_payload_header_is_tolerated_and_no_other_value() {
    let tolerated = presigned().with("x-amz-content-sha256", "UNSIGNED-PAYLOAD");
    assert!(tolerated.verify().is_ok());
    for other in [crate::signer::EMPTY, "garbage"] {
        let client = presigned().with("x-amz-content-sha256", other);
        assert_eq!(client.verify().unwrap_err().code(), "SignatureDoesNotMatch");
    }
}

#[test]
fn headers_added_to_a_url_must_have_been_signed() {
    check(
        &presigned()
            .with("x-amz-security-token", "t")
            .with("x-amz-acl", "public-read"),
        "AccessDenied",
        "There were headers present in the request which were not signed",
        &[("HeadersNotSigned", "x-amz-acl, x-amz-security-token")],
    );
}

#[test]
fn presigned_signature_version_2_is_refused() {
    let client = Client::new().query("AWSAccessKeyId=a&Signature=b&Expires=1");
    assert_eq!(client.refusal().code(), "InvalidRequest");
}

#[test]
fn token_comes_from_the_query() {
    let mut parameters = parameters();
    parameters.insert(4, ("X-Amz-Security-Token", "a%2Fb%2B%3D".to_owned()));
    let client = presign(Client::new(), &parameters, "UNSIGNED-PAYLOAD");
    let verified = client.verify().unwrap();
    assert_eq!(verified.presentation().security_token(), Some("a/b+="));
}
