//! What authentication costs: reading, deriving a key, verifying, decoding a chunked body.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "criterion's macros, and a bench's way to fail"
)]

use std::hint::black_box;

use buckler_sigv4::{Endpoint, Presented, Request, SecretKey, SignatureV2, VerifyingKey, read};
use criterion::{Criterion, criterion_group, criterion_main};
use http::{HeaderMap, HeaderValue};
use time::OffsetDateTime;
use time::macros::datetime;

/// A signed request, and all that verifies it.
struct Case {
    version: &'static str,
    method: &'static str,
    path: &'static str,
    headers: &'static [(&'static str, &'static str)],
    now: OffsetDateTime,
    secret: &'static str,
    signature_v2: SignatureV2<'static>,
}

/// Of Version 4 and 2 the documentation's examples; of 4A one by AWS's example secret.
const CASES: [Case; 3] = [
    Case {
        version: "4",
        method: "GET",
        path: "/test.txt",
        headers: &[
            ("host", "examplebucket.s3.amazonaws.com"),
            ("range", "bytes=0-9"),
            (
                "x-amz-content-sha256",
                "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            ),
            ("x-amz-date", "20130524T000000Z"),
            (
                "authorization",
                "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
            ),
        ],
        now: datetime!(2013-05-24 0:00 UTC),
        secret: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        signature_v2: SignatureV2::Refused,
    },
    Case {
        version: "4A",
        method: "PUT",
        path: "/bucket/key",
        headers: &[
            ("host", "localhost:9000"),
            (
                "x-amz-content-sha256",
                "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER",
            ),
            ("x-amz-date", "20260102T030405Z"),
            ("x-amz-region-set", "*"),
            (
                "authorization",
                "AWS4-ECDSA-P256-SHA256 Credential=AKIDEXAMPLE/20260102/s3/aws4_request, SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-region-set, Signature=3045022100be4eb3775eb0f28d9ebb07ca12c87203d8976a92213ae2ac53a17c75d87aa2c302203ff7ae52937798e9e44c84e6c249d1198a8e4b012821956e7f83a146f0d91aa6",
            ),
        ],
        now: datetime!(2026-01-02 3:04:05 UTC),
        secret: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
        signature_v2: SignatureV2::Refused,
    },
    Case {
        version: "2",
        method: "GET",
        path: "/photos/puppy.jpg",
        headers: &[
            ("host", "johnsmith.s3.amazonaws.com"),
            ("date", "Tue, 27 Mar 2007 19:36:42 +0000"),
            (
                "authorization",
                "AWS AKIAIOSFODNN7EXAMPLE:bWq2s1WEIj+Ydj0vQ697zp+IXMU=",
            ),
        ],
        now: datetime!(2007-03-27 19:36:42 UTC),
        secret: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        signature_v2: SignatureV2::Accepted {
            host_bucket: Some("johnsmith"),
        },
    },
];

fn bench(criterion: &mut Criterion) {
    for case in &CASES {
        verify(criterion, case);
    }
}

fn verify(criterion: &mut Criterion, case: &Case) {
    let mut headers = HeaderMap::new();
    for (name, value) in case.headers {
        headers.insert(*name, HeaderValue::from_static(value));
    }
    let request = Request {
        method: case.method,
        raw_path: case.path,
        raw_query: "",
        headers: &headers,
    };
    let endpoint = Endpoint {
        region: "us-east-1",
        service: "s3",
        signature_v2: case.signature_v2,
    };
    let present = || match read(&request, &endpoint, case.now) {
        Ok(Presented::Signed(presentation)) => presentation,
        other => panic!("{other:?}"),
    };
    let secret = SecretKey::new(case.secret.to_owned());
    let version = present().version().clone();
    let key = VerifyingKey::derive(&secret, &version);

    let mut group = criterion.benchmark_group(format!("version {}", case.version));
    group.bench_function("read", |bench| bench.iter(present));
    group.bench_function("read and verify, key at hand", |bench| {
        bench.iter(|| present().verify(&request, &key).unwrap());
    });
    group.bench_function("derive a key", |bench| {
        bench.iter(|| VerifyingKey::derive(black_box(&secret), &version));
    });
}

criterion_group!(benches, bench);
criterion_main!(benches);
