//! The rules of the `Authorization` header, a test each. Source: facts: s3-behaviour.md 3.1.

use buckler_sigv4::{Payload, Presented};

use crate::signer::{Client, NOW, SCOPE};

const MALFORMED: &str = "AuthorizationHeaderMalformed";
const NAMES: &str = "host;x-amz-date";

/// An `Authorization` in good form whose signature is wrong.
pub(crate) fn authorization(credential: &str, signed_headers: &str) -> String {
    let signature = "0".repeat(64);
    format!(
        "AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders={signed_headers}, Signature={signature}"
    )
}

pub(crate) fn with_credential(credential: &str) -> Client {
    Client::dated().with("authorization", &authorization(credential, NAMES))
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

#[track_caller]
fn check_header(authorization: &str, code: &str, message: &str, extras: &[(&str, &str)]) {
    let client = Client::dated().with("authorization", authorization);
    check(&client, code, message, extras);
}

#[test]
fn without_authorization_a_request_is_anonymous() {
    let presented = Client::new().read();
    assert!(matches!(
        presented,
        Ok(Presented::Anonymous { payload: None })
    ));
}

#[test]
fn empty_authorization_is_anonymous() {
    let presented = Client::dated().with("authorization", " ").read();
    assert!(matches!(
        presented,
        Ok(Presented::Anonymous {
            payload: Some(Payload::Signed(_))
        })
    ));
}

#[test]
fn two_authorization_headers_are_not_implemented() {
    let client = with_credential("a").with("authorization", "b");
    let message = "A header you provided implies functionality that is not implemented";
    check(
        &client,
        "NotImplemented",
        message,
        &[("Header", "Authorization")],
    );
}

#[test]
fn one_word_is_refused() {
    check_header(
        "garbage",
        "InvalidArgument",
        "Authorization header is invalid -- one and only one ' ' (space) required",
        &[
            ("ArgumentName", "Authorization"),
            ("ArgumentValue", "garbage"),
        ],
    );
}

#[test]
fn unknown_scheme_is_refused() {
    check_header(
        "AWS4-HMAC-SHA512 x",
        "InvalidArgument",
        "Unsupported Authorization Type",
        &[
            ("ArgumentName", "Authorization"),
            ("ArgumentValue", "AWS4-HMAC-SHA512 x"),
        ],
    );
}

#[test]
fn signature_version_2_is_refused() {
    check_header(
        "AWS id:signature",
        "InvalidRequest",
        "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.",
        &[],
    );
}

#[test]
fn three_components_are_required() {
    let message = "The authorization header is malformed; the authorization header requires three components: Credential, SignedHeaders, and Signature.";
    for components in [
        "",
        "Credential=a",
        "Credential=a,Signature=b",
        "Credential=a,SignedHeaders=host,Signature=b,",
        "Credential=a,SignedHeaders=host,Signature=b,More=c",
        "Credential=a,Credential=a,Signature=b",
    ] {
        let header = format!("AWS4-HMAC-SHA256 ,{components}");
        let header = header.replace(" ,C", " C");
        check_header(&header, MALFORMED, message, &[]);
    }
}

#[test]
fn component_without_equals_sign_is_named() {
    check_header(
        "AWS4-HMAC-SHA256 Credential=a, SignedHeaders-x, Signature=b",
        MALFORMED,
        "The authorization header is malformed; the authorization component \"SignedHeaders-x\" is malformed.",
        &[],
    );
}

#[test]
fn misnamed_component_says_which_is_missing() {
    for name in ["Credential", "SignedHeaders", "Signature"] {
        let header = authorization("a", "host").replace(&format!("{name}="), "Other=");
        let message = format!("The authorization header is malformed; missing {name}.");
        check_header(&header, MALFORMED, &message, &[]);
    }
}

#[test]
fn credential_has_five_parts() {
    let message = "The authorization header is malformed; the Credential is mal-formed; expecting \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\".";
    for credential in [
        "",
        "a",
        "a/20260102/us-east-1/s3",
        "a/b/20260102/r/s3/aws4_request",
    ] {
        check(&with_credential(credential), MALFORMED, message, &[]);
    }
}

#[test]
fn scope_date_has_eight_digits() {
    check(
        &with_credential("a/2026-01-02/us-east-1/s3/aws4_request"),
        MALFORMED,
        "The authorization header is malformed; incorrect date format \"2026-01-02\". This date in the credential must be in the format \"yyyyMMdd\".",
        &[],
    );
}

#[test]
fn scope_names_the_requests_day() {
    check(
        &with_credential("a/20260103/us-east-1/s3/aws4_request"),
        MALFORMED,
        "The authorization header is malformed; Invalid credential date. Date is not the same as X-Amz-Date.",
        &[],
    );
}

#[test]
fn scope_names_this_service() {
    check(
        &with_credential("a/20260102/us-east-1/iam/aws4_request"),
        MALFORMED,
        "The authorization header is malformed; incorrect service \"iam\". This endpoint belongs to \"s3\".",
        &[],
    );
}

#[test]
fn scope_ends_with_the_terminal() {
    check(
        &with_credential("a/20260102/us-east-1/s3/x"),
        MALFORMED,
        "The authorization header is malformed; incorrect terminal \"x\". This endpoint uses \"aws4_request\".",
        &[],
    );
}

#[test]
fn scope_names_this_region() {
    check(
        &with_credential("a/20260102/us-west-2/s3/aws4_request"),
        MALFORMED,
        "The authorization header is malformed; the region 'us-west-2' is wrong; expecting 'us-east-1'",
        &[("Region", "us-east-1")],
    );
}

#[test]
fn a_usable_date_is_required() {
    let message = "AWS authentication requires a valid Date or x-amz-date header";
    let signed = with_credential(&format!("a/{SCOPE}"));
    check(
        &signed.clone().without("x-amz-date"),
        "AccessDenied",
        message,
        &[],
    );
    let malformed = signed.without("x-amz-date").with("x-amz-date", "now");
    check(&malformed.with("date", NOW), "AccessDenied", message, &[]);
}

#[test]
fn skew_of_fifteen_minutes_passes_and_more_fails_both_ways() {
    let mut client = with_credential(&format!("a/{SCOPE}"));
    for passing in ["20260102T031905Z", "20260102T024905Z"] {
        passing.clone_into(&mut client.now);
        assert!(client.read().is_ok(), "{passing}");
    }
    for (failing, server_time) in [
        ("20260102T031906Z", "2026-01-02T03:19:06Z"),
        ("20260102T024904Z", "2026-01-02T02:49:04Z"),
    ] {
        failing.clone_into(&mut client.now);
        check(
            &client,
            "RequestTimeTooSkewed",
            "The difference between the request time and the current time is too large.",
            &[
                ("RequestTime", NOW),
                ("ServerTime", server_time),
                ("MaxAllowedSkewMilliseconds", "900000"),
            ],
        );
    }
}

#[test]
fn skew_is_judged_before_the_region() {
    let mut client = with_credential("a/20260102/us-west-2/s3/aws4_request");
    "20270102T030405Z".clone_into(&mut client.now);
    assert_eq!(client.refusal().code(), "RequestTimeTooSkewed");
}

#[test]
fn payload_hash_is_required() {
    check(
        &with_credential(&format!("a/{SCOPE}")).without("x-amz-content-sha256"),
        "InvalidRequest",
        "Missing required header for this request: x-amz-content-sha256",
        &[],
    );
}

#[test]
fn payload_hash_is_a_token_or_a_hash() {
    let message = "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER, STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD, STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER or a valid sha256 value.";
    for value in ["STREAMING-UNSIGNED-PAYLOAD", "abc", "unsigned-payload", ""] {
        let extras = [
            ("ArgumentName", "x-amz-content-sha256"),
            ("ArgumentValue", value),
        ];
        let signed = with_credential(&format!("a/{SCOPE}"))
            .without("x-amz-content-sha256")
            .with("x-amz-content-sha256", value);
        check(&signed, "InvalidArgument", message, &extras);
        let anonymous = Client::new().with("x-amz-content-sha256", value);
        check(&anonymous, "InvalidArgument", message, &extras);
    }
}

#[test]
fn anonymous_requests_cannot_sign_chunks() {
    check(
        &Client::new().with("x-amz-content-sha256", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"),
        "InvalidRequest",
        "Anonymous requests don't support this x-amz-content-sha256 value. Please use UNSIGNED-PAYLOAD or STREAMING-UNSIGNED-PAYLOAD-TRAILER.",
        &[],
    );
    let unsigned = Client::new().with("x-amz-content-sha256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER");
    assert!(unsigned.read().is_ok());
}

#[test]
fn host_and_amz_headers_must_be_signed() {
    let header = authorization(&format!("a/{SCOPE}"), "x-amz-date");
    let client = Client::dated()
        .with("x-amz-meta-b", "1")
        .with("x-amz-acl", "private")
        .with("content-type", "text/plain")
        .with("authorization", &header);
    check(
        &client,
        "AccessDenied",
        "There were headers present in the request which were not signed",
        &[("HeadersNotSigned", "host, x-amz-acl, x-amz-meta-b")],
    );
}

#[test]
fn header_and_query_together_are_refused_before_either_is_checked() {
    for query in ["X-Amz-Signature=x", "X-Amz-Algorithm=y", "Signature=x"] {
        check(
            &Client::new().with("authorization", "garbage").query(query),
            "InvalidArgument",
            "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified",
            &[
                ("ArgumentName", "Authorization"),
                ("ArgumentValue", "garbage"),
            ],
        );
    }
}

#[test]
fn malformed_date_alone_is_refused() {
    let error = Client::new().with("x-amz-date", "x").refusal();
    assert_eq!(error.code(), "AccessDenied");
}
