//! What decoding a chunked body costs: signed chunks, those of the documentation's example, and unsigned ones of two sizes.
//!
//! Source of the example: Amazon S3 API Reference, "Transferring Payload in Multiple Chunks".

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "criterion's macros, and a bench's way to fail"
)]

use buckler_sigv4::{
    ChunkMode, ChunkedDecoder, Endpoint, Presented, Request, SecretKey, SignatureV2,
    VerifiedRequest, VerifyingKey, read,
};
use bytes::Bytes;
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use http::{HeaderMap, HeaderValue};
use time::macros::datetime;

/// Bytes of the example.
const SIGNED_BYTES: u64 = 66_560;
/// Bytes of the unsigned bodies.
const UNSIGNED_BYTES: usize = 1 << 20;

/// The request whose signature the first chunk's builds on.
fn verified() -> VerifiedRequest {
    let mut headers = HeaderMap::new();
    for (name, value) in [
        ("host", "s3.amazonaws.com"),
        ("x-amz-date", "20130524T000000Z"),
        ("x-amz-storage-class", "REDUCED_REDUNDANCY"),
        ("x-amz-content-sha256", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"),
        ("content-encoding", "aws-chunked"),
        ("x-amz-decoded-content-length", "66560"),
        ("content-length", "66824"),
        (
            "authorization",
            "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class,Signature=4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9",
        ),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    let request = Request {
        method: "PUT",
        raw_path: "/examplebucket/chunkObject.txt",
        raw_query: "",
        headers: &headers,
    };
    let endpoint = Endpoint {
        region: "us-east-1",
        service: "s3",
        signature_v2: SignatureV2::Refused,
    };
    let presentation = match read(&request, &endpoint, datetime!(2013-05-24 0:00 UTC)) {
        Ok(Presented::Signed(presentation)) => presentation,
        other => panic!("{other:?}"),
    };
    let secret = SecretKey::new("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY".to_owned());
    let key = VerifyingKey::derive(&secret, presentation.version());
    presentation.verify(&request, &key).unwrap()
}

fn signed_body() -> Bytes {
    let [first, second, last] = [
        "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648",
        "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497",
        "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9",
    ];
    Bytes::from(format!(
        "10000;chunk-signature={first}\r\n{}\r\n400;chunk-signature={second}\r\n{}\r\n0;chunk-signature={last}\r\n\r\n",
        "a".repeat(65_536),
        "a".repeat(1024)
    ))
}

fn unsigned_body(chunk_bytes: usize) -> Bytes {
    let mut body = Vec::new();
    for _ in 0..UNSIGNED_BYTES / chunk_bytes {
        body.extend_from_slice(format!("{chunk_bytes:x}\r\n").as_bytes());
        body.resize(body.len() + chunk_bytes, b'a');
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"0\r\n\r\n");
    Bytes::from(body)
}

fn decode(mut decoder: ChunkedDecoder, mut input: Bytes) {
    while decoder.decode(&mut input).unwrap().is_some() {}
    decoder.finish().unwrap();
}

fn bench(criterion: &mut Criterion) {
    let verified = verified();
    let mut group = criterion.benchmark_group("decode");
    group.throughput(Throughput::Bytes(SIGNED_BYTES));
    let body = signed_body();
    group.bench_function("signed chunks of 64 KiB and 1 KiB", |bench| {
        bench.iter_batched(
            || {
                let mode = ChunkMode::Signed(verified.chunk_signer().unwrap());
                (
                    ChunkedDecoder::new(mode, SIGNED_BYTES, Vec::new()),
                    body.clone(),
                )
            },
            |(decoder, body)| decode(decoder, body),
            BatchSize::SmallInput,
        );
    });
    group.throughput(Throughput::Bytes(UNSIGNED_BYTES as u64));
    for chunk_bytes in [8 << 10, 64 << 10] {
        let body = unsigned_body(chunk_bytes);
        let name = format!("unsigned chunks of {} KiB", chunk_bytes >> 10);
        group.bench_function(name, |bench| {
            bench.iter(|| {
                let mode = ChunkMode::UnsignedTrailer;
                let decoder = ChunkedDecoder::new(mode, UNSIGNED_BYTES as u64, Vec::new());
                decode(decoder, body.clone());
            });
        });
    }
}

criterion_group!(benches, bench);
criterion_main!(benches);
