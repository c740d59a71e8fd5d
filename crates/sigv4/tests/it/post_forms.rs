//! Forms: AWS's documented example, and what is refused before a key is looked up.

use buckler_sigv4::{
    AuthError, FormSignature, Presentation, Presented, Request, SecretKey, VerifyingKey, read_form,
};
use http::HeaderMap;

use crate::signer::ENDPOINT;

/// Source: Amazon S3 API Reference, "Example: Browser-Based Upload using HTTP POST (Using AWS Signature Version 4)".
const POLICY: &str = "eyAiZXhwaXJhdGlvbiI6ICIyMDE1LTEyLTMwVDEyOjAwOjAwLjAwMFoiLA0KICAiY29uZGl0aW9ucyI6IFsNCiAgICB7ImJ1Y2tldCI6ICJzaWd2NGV4YW1wbGVidWNrZXQifSwNCiAgICBbInN0YXJ0cy13aXRoIiwgIiRrZXkiLCAidXNlci91c2VyMS8iXSwNCiAgICB7ImFjbCI6ICJwdWJsaWMtcmVhZCJ9LA0KICAgIHsic3VjY2Vzc19hY3Rpb25fcmVkaXJlY3QiOiAiaHR0cDovL3NpZ3Y0ZXhhbXBsZWJ1Y2tldC5zMy5hbWF6b25hd3MuY29tL3N1Y2Nlc3NmdWxfdXBsb2FkLmh0bWwifSwNCiAgICBbInN0YXJ0cy13aXRoIiwgIiRDb250ZW50LVR5cGUiLCAiaW1hZ2UvIl0sDQogICAgeyJ4LWFtei1tZXRhLXV1aWQiOiAiMTQzNjUxMjM2NTEyNzQifSwNCiAgICB7IngtYW16LXNlcnZlci1zaWRlLWVuY3J5cHRpb24iOiAiQUVTMjU2In0sDQogICAgWyJzdGFydHMtd2l0aCIsICIkeC1hbXotbWV0YS10YWciLCAiIl0sDQoNCiAgICB7IngtYW16LWNyZWRlbnRpYWwiOiAiQUtJQUlPU0ZPRE5ON0VYQU1QTEUvMjAxNTEyMjkvdXMtZWFzdC0xL3MzL2F3czRfcmVxdWVzdCJ9LA0KICAgIHsieC1hbXotYWxnb3JpdGhtIjogIkFXUzQtSE1BQy1TSEEyNTYifSwNCiAgICB7IngtYW16LWRhdGUiOiAiMjAxNTEyMjlUMDAwMDAwWiIgfQ0KICBdDQp9";
const SIGNATURE: &str = "8afdbf4008c03f22c2cd3cdb72e4afbb1f6a588f3255ac628749a66d7f09699e";

fn documented() -> FormSignature<'static> {
    FormSignature {
        policy: Some(POLICY),
        algorithm: Some("AWS4-HMAC-SHA256"),
        credential: Some("AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request"),
        date: Some("20151229T000000Z"),
        signature: Some(SIGNATURE),
        ..FormSignature::default()
    }
}

fn presentation(form: &FormSignature<'_>) -> Presentation {
    match read_form(form, &ENDPOINT).unwrap() {
        Presented::Signed(presentation) => presentation,
        Presented::Anonymous { .. } => panic!("the form is signed"),
    }
}

fn verify(form: &FormSignature<'_>) -> Result<(), AuthError> {
    let presentation = presentation(form);
    let secret = SecretKey::new("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY".to_owned());
    let key = VerifyingKey::derive(&secret, presentation.version());
    let request = Request {
        method: "POST",
        raw_path: "/",
        raw_query: "",
        headers: &HeaderMap::new(),
    };
    presentation.verify(&request, &key).map(drop)
}

#[test]
fn the_documented_form_is_good() {
    verify(&documented()).expect("AWS's own signature");
    assert_eq!(presentation(&documented()).method().auth_type(), "POST");
}

#[test]
fn another_policy_or_signature_is_not() {
    let other_policy = POLICY.replace("eyAi", "eyAj");
    let forms = [
        FormSignature {
            policy: Some(&other_policy),
            ..documented()
        },
        FormSignature {
            signature: Some(""),
            ..documented()
        },
    ];
    for form in forms {
        let error = verify(&form).expect_err("forged");
        assert_eq!(error.code(), "SignatureDoesNotMatch");
        assert!(
            error
                .extras()
                .iter()
                .all(|(name, _)| !name.starts_with("Canonical"))
        );
    }
}

#[test]
fn a_form_without_a_policy_or_without_a_sender_is_anonymous() {
    let without_policy = FormSignature {
        policy: None,
        ..documented()
    };
    let without_sender = FormSignature {
        policy: Some(POLICY),
        ..FormSignature::default()
    };
    for form in [without_policy, without_sender] {
        assert!(matches!(
            read_form(&form, &ENDPOINT),
            Ok(Presented::Anonymous { .. })
        ));
    }
}

#[test]
fn faults_have_aws_messages() {
    let refused = |form: FormSignature<'_>| {
        let error = read_form(&form, &ENDPOINT).expect_err("bad form");
        let argument = error.extras().first().map(|(_, name)| name.clone());
        (
            error.code(),
            error.to_string(),
            argument.unwrap_or_default(),
        )
    };
    let expect = |form, message: &str, argument: &str| {
        assert_eq!(
            refused(form),
            ("InvalidArgument", message.to_owned(), argument.to_owned())
        );
    };
    expect(
        FormSignature {
            algorithm: Some("AWS4-ECDSA-P256-SHA256"),
            ..documented()
        },
        "Only AWS4-HMAC-SHA256 is supported",
        "x-amz-algorithm",
    );
    expect(
        FormSignature {
            date: Some("2015-12-29"),
            ..documented()
        },
        "X-Amz-Date must be formated via ISO8601 Long format",
        "x-amz-date",
    );
    expect(
        FormSignature {
            credential: Some("A/20151229/a/s3/aws4_request"),
            ..documented()
        },
        "the region \"a\" is wrong; expecting \"us-east-1\"",
        "x-amz-credential",
    );
    expect(
        FormSignature {
            credential: Some("A/20151228/us-east-1/s3/aws4_request"),
            ..documented()
        },
        "Invalid credential date. Date is not the same as X-Amz-Date.",
        "x-amz-credential",
    );
    expect(
        FormSignature {
            signature: None,
            ..documented()
        },
        "Bucket POST must contain a field named 'X-Amz-Signature'.  If it is specified, please check the order of the fields.",
        "X-Amz-Signature",
    );
    let version_2 = FormSignature {
        policy: Some(POLICY),
        aws_access_key_id: Some("AKIAIOSFODNN7EXAMPLE"),
        ..FormSignature::default()
    };
    assert_eq!(refused(version_2).0, "InvalidRequest");
}
