//! The rules of Version 4A, a test each. Source: the crate's module `v4a`.

use buckler_sigv4::{Method, Payload};

use crate::signer::{Client, EMPTY, NOW};
use crate::signer_v4a::{KEY_ID, SCOPE, authorization, sign_request, verify};

const NAMES: &str = "host;x-amz-date;x-amz-region-set";

/// `GET /bucket/key` for a set of regions, signed in the header over a payload hash.
pub(crate) fn signed(region_set: &str, payload: &str) -> (Client, String) {
    let canonical = format!(
        "GET\n/bucket/key\n\nhost:localhost:9000\nx-amz-date:{NOW}\nx-amz-region-set:{region_set}\n\n{NAMES}\n{payload}"
    );
    let signature = sign_request(&canonical);
    let value = authorization(&format!("{KEY_ID}/{SCOPE}"), NAMES, &signature);
    let client = Client::new()
        .with("x-amz-date", NOW)
        .with("x-amz-content-sha256", payload)
        .with("x-amz-region-set", region_set)
        .with("authorization", &value);
    (client, signature)
}

/// The same with a credential, and a signature that is not looked at.
fn claimed(credential: &str) -> Client {
    let (client, _) = signed("*", EMPTY);
    let value = authorization(credential, NAMES, "00");
    client
        .without("authorization")
        .with("authorization", &value)
}

/// A presigned URL for a set of regions.
fn url(region_set: Option<&str>) -> Client {
    let region_set = region_set.map(|set| format!("&X-Amz-Region-Set={set}"));
    let region_set = region_set.unwrap_or_default();
    let credential = format!("{KEY_ID}%2F{}", SCOPE.replace('/', "%2F"));
    let query = format!(
        "X-Amz-Algorithm=AWS4-ECDSA-P256-SHA256&X-Amz-Credential={credential}&X-Amz-Date={NOW}&X-Amz-Expires=900{region_set}&X-Amz-SignedHeaders=host"
    );
    let signature = sign_request(&format!(
        "GET\n/bucket/key\n{query}\nhost:localhost:9000\n\nhost\nUNSIGNED-PAYLOAD"
    ));
    Client::new().query(&format!("{query}&X-Amz-Signature={signature}"))
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

#[test]
fn a_good_signature_in_the_header() {
    let verified = verify(&signed("us-east-1", EMPTY).0).expect("a good signature");
    let presentation = verified.presentation();
    assert_eq!(presentation.version().name(), "AWS4-ECDSA-P256-SHA256");
    assert_eq!(presentation.access_key_id(), KEY_ID);
    assert_eq!(presentation.method(), Method::Header);
    assert!(verified.chunk_signer().is_none());
}

#[test]
fn a_good_signature_in_the_query() {
    let verified = verify(&url(Some("us-%2A"))).expect("a good signature");
    assert_eq!(verified.presentation().method(), Method::Query);
    assert_eq!(verified.payload(), Payload::Unsigned);
}

#[test]
fn upper_case_digits_are_a_signature() {
    let (mut client, signature) = signed("*", EMPTY);
    let value = client.headers["authorization"].to_str().unwrap();
    let value = value.replace(&signature, &signature.to_uppercase());
    client
        .headers
        .insert("authorization", value.parse().unwrap());
    assert!(verify(&client).is_ok());
}

#[test]
fn anything_else_is_a_mismatch() {
    let (client, signature) = signed("*", EMPTY);
    let mut other = client.clone();
    other.path = "/bucket/other".to_owned();
    assert_eq!(
        verify(&other).expect_err("forged").code(),
        "SignatureDoesNotMatch"
    );
    for bad in [
        "",
        "zz",
        "3",
        &"00".repeat(32),
        &signature[2..],
        &format!("{signature}00"),
        &format!("{signature}**"),
    ] {
        let value = authorization(&format!("{KEY_ID}/{SCOPE}"), NAMES, bad);
        let client = client.clone().without("authorization");
        let error = verify(&client.with("authorization", &value)).expect_err("forged");
        assert_eq!(error.code(), "SignatureDoesNotMatch", "{bad}");
    }
    let other = url(Some("*"));
    let query = other.query.replace("Expires=900", "Expires=901");
    let error = verify(&other.query(&query)).expect_err("forged");
    assert_eq!(error.code(), "SignatureDoesNotMatch");
}

#[test]
fn the_credential_names_no_region() {
    let message = |rest: &str| format!("The authorization header is malformed; {rest}");
    for (credential, rest) in [
        (
            "A/20260102/us-east-1/s3/aws4_request",
            "the Credential is mal-formed; expecting \"<YOUR-AKID>/YYYYMMDD/SERVICE/aws4_request\".",
        ),
        (
            "A/20260102/aws4_request",
            "the Credential is mal-formed; expecting \"<YOUR-AKID>/YYYYMMDD/SERVICE/aws4_request\".",
        ),
        (
            "A/2026/s3/aws4_request",
            "incorrect date format \"2026\". This date in the credential must be in the format \"yyyyMMdd\".",
        ),
        (
            "A/20260102/iam/aws4_request",
            "incorrect service \"iam\". This endpoint belongs to \"s3\".",
        ),
        (
            "A/20260102/s3/aws3_request",
            "incorrect terminal \"aws3_request\". This endpoint uses \"aws4_request\".",
        ),
        (
            "A/20260103/s3/aws4_request",
            "Invalid credential date. Date is not the same as X-Amz-Date.",
        ),
    ] {
        refused(
            &claimed(credential),
            "AuthorizationHeaderMalformed",
            &message(rest),
            &[],
        );
    }
}

#[test]
fn the_region_set_names_the_region_and_is_signed() {
    let (client, _) = signed("*", EMPTY);
    refused(
        &client.clone().without("x-amz-region-set"),
        "InvalidRequest",
        "Missing required header for this request: x-amz-region-set",
        &[],
    );
    let message = "The provided X-Amz-Region-Set doesn't match against the requested S3 region.";
    for set in ["eu-*,us-west-2", "us-west-2, us-east-1"] {
        let elements = [("RequestedRegion", "us-east-1"), ("RegionSet", set)];
        refused(
            &signed(set, EMPTY).0,
            "RegionSetMismatch",
            message,
            &elements,
        );
    }
    let unsigned = authorization(&format!("{KEY_ID}/{SCOPE}"), "host;x-amz-date", "00");
    refused(
        &client
            .without("authorization")
            .with("authorization", &unsigned),
        "AccessDenied",
        "There were headers present in the request which were not signed",
        &[("HeadersNotSigned", "x-amz-region-set")],
    );
    for set in [None, Some("")] {
        refused(
            &url(set),
            "AuthorizationQueryParametersError",
            "SigV4a query auth requires a non empty x-amz-region-set parameter.",
            &[],
        );
    }
    refused(
        &url(Some("eu-west-1")),
        "RegionSetMismatch",
        message,
        &[("RequestedRegion", "us-east-1"), ("RegionSet", "eu-west-1")],
    );
}

#[test]
fn chunks_are_signed_as_the_request_is() {
    let hmac = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";
    let error = verify(&signed("*", hmac).0).expect_err("another algorithm");
    assert_eq!(error.code(), "InvalidArgument");
    let ecdsa = "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD";
    let error = Client::dated()
        .without("x-amz-content-sha256")
        .with("x-amz-content-sha256", ecdsa)
        .signed("host;x-amz-date", "")
        .refusal();
    assert_eq!(error.code(), "InvalidArgument");
}
