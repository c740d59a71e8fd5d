//! Any body behind a good request whose chunks are signed with ECDSA: none is whole, in any two pieces.

#![no_main]

use std::sync::OnceLock;

use buckler_sigv4::{
    ChunkMode, ChunkedDecoder, Endpoint, Presented, Request, SecretKey, SignatureV2,
    VerifiedRequest, VerifyingKey, read,
};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue};
use libfuzzer_sys::fuzz_target;
use time::macros::datetime;

const LENGTH: usize = 10_000;
const AUTHORIZATION: &str = "AWS4-ECDSA-P256-SHA256 Credential=AKIDEXAMPLE/20260102/s3/aws4_request, SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-region-set, Signature=3045022100be4eb3775eb0f28d9ebb07ca12c87203d8976a92213ae2ac53a17c75d87aa2c302203ff7ae52937798e9e44c84e6c249d1198a8e4b012821956e7f83a146f0d91aa6";

/// `PUT /bucket/key`, signed by AWS's example secret.
fn verified() -> VerifiedRequest {
    let mut headers = HeaderMap::new();
    for (name, value) in [
        ("host", "localhost:9000"),
        (
            "x-amz-content-sha256",
            "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER",
        ),
        ("x-amz-date", "20260102T030405Z"),
        ("x-amz-region-set", "*"),
        ("authorization", AUTHORIZATION),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    let request = Request {
        method: "PUT",
        raw_path: "/bucket/key",
        raw_query: "",
        headers: &headers,
    };
    let endpoint = Endpoint {
        region: "us-east-1",
        service: "s3",
        signature_v2: SignatureV2::Refused,
    };
    let Ok(Presented::Signed(presentation)) =
        read(&request, &endpoint, datetime!(2026-01-02 3:04:05 UTC))
    else {
        panic!("the request is signed");
    };
    let secret = SecretKey::new("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY".to_owned());
    let key = VerifyingKey::derive(&secret, presentation.version());
    presentation
        .verify(&request, &key)
        .expect("a good signature")
}

fn decode(pieces: &[&[u8]]) -> (Vec<u8>, bool) {
    static VERIFIED: OnceLock<VerifiedRequest> = OnceLock::new();
    let signer = VERIFIED
        .get_or_init(verified)
        .chunk_signer()
        .expect("signed chunks");
    let announced = vec!["a".to_owned()];
    let mut decoder =
        ChunkedDecoder::new(ChunkMode::SignedTrailer(signer), LENGTH as u64, announced);
    let mut payload = Vec::new();
    for piece in pieces {
        let mut input = Bytes::copy_from_slice(piece);
        while let Ok(Some(piece)) = decoder.decode(&mut input) {
            payload.extend_from_slice(&piece);
        }
    }
    (payload, decoder.finish().is_ok())
}

fuzz_target!(|input: (u16, Vec<u8>)| {
    let (cut, body) = input;
    let (start, end) = body.split_at(usize::from(cut).min(body.len()));
    let whole = decode(&[&body]);
    assert!(whole.0.len() <= LENGTH && !whole.1);
    assert_eq!(whole.1, decode(&[start, end]).1);
});
