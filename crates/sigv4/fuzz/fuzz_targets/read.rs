//! Any head at all: reading and verifying, by every version, neither panic nor accept.

#![no_main]

use buckler_sigv4::{
    Endpoint, FormSignature, Presented, Request, SecretKey, SignatureV2, VerifyingKey, read,
    read_form,
};
use http::{HeaderMap, HeaderName, HeaderValue};
use libfuzzer_sys::fuzz_target;
use time::macros::datetime;

fuzz_target!(|text: &str| {
    let mut lines = text.split('\n');
    let mut next = || lines.next().unwrap_or_default();
    let (raw_path, raw_query) = (next(), next());
    let mut headers = HeaderMap::new();
    for line in lines.clone().take(100) {
        let (name, value) = line.split_once(':').unwrap_or(("authorization", line));
        let name = HeaderName::from_bytes(name.as_bytes());
        if let (Ok(name), Ok(value)) = (name, HeaderValue::from_bytes(value.as_bytes())) {
            headers.append(name, value);
        }
    }
    let request = Request {
        method: "GET",
        raw_path,
        raw_query,
        headers: &headers,
    };
    let endpoint = |signature_v2| Endpoint {
        region: "us-east-1",
        service: "s3",
        signature_v2,
    };
    let host_bucket = headers
        .get("x-bucket")
        .and_then(|value| value.to_str().ok());
    let old = endpoint(SignatureV2::Accepted { host_bucket });
    let now = datetime!(2026-01-02 3:04:05 UTC);

    let field = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let form = FormSignature {
        policy: field("policy"),
        algorithm: field("x-amz-algorithm"),
        credential: field("x-amz-credential"),
        date: field("x-amz-date"),
        signature: field("x-amz-signature"),
        security_token: field("x-amz-security-token"),
        aws_access_key_id: field("awsaccesskeyid"),
        signature_v2: field("signature"),
    };
    let presented = [
        read(&request, &endpoint(SignatureV2::Refused), now),
        read(&request, &old, now),
        read_form(&form, &old),
    ];
    for presented in presented {
        if let Ok(Presented::Signed(presentation)) = presented {
            let secret = SecretKey::new("unknown to the fuzzer".to_owned());
            let key = VerifyingKey::derive(&secret, presentation.version());
            let error = presentation
                .verify(&request, &key)
                .expect_err("a forged signature");
            drop(error.extras());
        }
    }
});
