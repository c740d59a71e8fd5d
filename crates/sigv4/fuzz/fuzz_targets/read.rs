//! Any head at all: reading and verifying neither panic nor accept.

#![no_main]

use buckler_sigv4::{Endpoint, Presented, Request, SecretKey, SigningKey, read};
use http::{HeaderMap, HeaderName, HeaderValue};
use libfuzzer_sys::fuzz_target;
use time::macros::datetime;

fuzz_target!(|text: &str| {
    let mut lines = text.split('\n');
    let mut next = || lines.next().unwrap_or_default();
    let (raw_path, raw_query) = (next(), next());
    let mut headers = HeaderMap::new();
    for line in lines.take(100) {
        let (name, value) = line.split_once(':').unwrap_or(("authorization", line));
        let name = HeaderName::from_bytes(name.as_bytes());
        if let (Ok(name), Ok(value)) = (name, HeaderValue::from_bytes(value.as_bytes())) {
            headers.append(name, value);
        }
    }
    let request = Request { method: "GET", raw_path, raw_query, headers: &headers };
    let endpoint = Endpoint { region: "us-east-1", service: "s3" };
    let now = datetime!(2026-01-02 3:04:05 UTC);
    if let Ok(Presented::Signed(presentation)) = read(&request, &endpoint, now) {
        let secret = SecretKey::new("unknown to the fuzzer".to_owned());
        let key = SigningKey::derive(&secret, presentation.scope());
        assert!(presentation.verify(&request, &key).is_err());
    }
});
