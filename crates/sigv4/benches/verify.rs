//! What authentication costs: reading, deriving a key, verifying, decoding a chunked body.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "criterion's macros, and a bench's way to fail"
)]

use std::hint::black_box;

use buckler_sigv4::{
    ChunkMode, ChunkedDecoder, Endpoint, Presented, Request, SecretKey, SignatureV2, VerifyingKey,
    read,
};
use bytes::Bytes;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use http::{HeaderMap, HeaderValue};
use time::macros::datetime;

const CHUNK_BYTES: usize = 64 << 10;

fn bench(criterion: &mut Criterion) {
    let mut headers = HeaderMap::new();
    for (name, value) in [
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
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    let request = Request {
        method: "GET",
        raw_path: "/test.txt",
        raw_query: "",
        headers: &headers,
    };
    let endpoint = Endpoint {
        region: "us-east-1",
        service: "s3",
        signature_v2: SignatureV2::Refused,
    };
    let present = || match read(&request, &endpoint, datetime!(2013-05-24 0:00 UTC)) {
        Ok(Presented::Signed(presentation)) => presentation,
        other => panic!("{other:?}"),
    };
    let secret = SecretKey::new("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY".to_owned());
    let version = present().version().clone();
    let key = VerifyingKey::derive(&secret, &version);

    criterion.bench_function("read", |bench| bench.iter(present));
    criterion.bench_function("read and verify, key at hand", |bench| {
        bench.iter(|| present().verify(&request, &key).unwrap());
    });
    criterion.bench_function("derive a key", |bench| {
        bench.iter(|| VerifyingKey::derive(black_box(&secret), &version));
    });

    let mut body = format!("{CHUNK_BYTES:x}\r\n").into_bytes();
    body.resize(body.len() + CHUNK_BYTES, b'a');
    body.extend_from_slice(b"\r\n0\r\n\r\n");
    let body = Bytes::from(body);
    let mut group = criterion.benchmark_group("decode");
    group.throughput(Throughput::Bytes(CHUNK_BYTES as u64));
    group.bench_function("unsigned chunk of 64 KiB", |bench| {
        bench.iter(|| {
            let mut decoder =
                ChunkedDecoder::new(ChunkMode::UnsignedTrailer, CHUNK_BYTES as u64, Vec::new());
            let mut input = body.clone();
            while decoder.decode(&mut input).unwrap().is_some() {}
            decoder.finish().unwrap()
        });
    });
}

criterion_group!(benches, bench);
criterion_main!(benches);
