//! The documentation's examples of chunked uploads: 65536 and 1024 times `a`.
//!
//! Source: Amazon S3 API Reference, "Transferring Payload in Multiple Chunks" and "Including Trailing Headers".

use buckler_sigv4::{
    ChunkMode, ChunkedDecoder, CredentialScope, Presented, Request, SecretKey, SigningKey,
    VerifiedRequest, read,
};
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::chunked::decode;
use crate::signer::{ENDPOINT, at};

fn verify(headers: &[(&str, &str)], signature: &str) -> VerifiedRequest {
    let mut map = HeaderMap::new();
    let mut add = |name: &str, value: &str| {
        map.insert(
            HeaderName::from_bytes(name.as_bytes()).unwrap(),
            HeaderValue::from_bytes(value.as_bytes()).unwrap(),
        );
    };
    add("host", "s3.amazonaws.com");
    add("x-amz-date", "20130524T000000Z");
    add("content-encoding", "aws-chunked");
    add("x-amz-decoded-content-length", "66560");
    add("x-amz-storage-class", "REDUCED_REDUNDANCY");
    for (name, value) in headers {
        add(name, value);
    }
    let mut names: Vec<_> = map.keys().map(HeaderName::as_str).collect();
    names.sort_unstable();
    let authorization = format!(
        "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders={},Signature={signature}",
        names.join(";")
    );
    map.insert(
        "authorization",
        HeaderValue::from_str(&authorization).unwrap(),
    );
    let request = Request {
        method: "PUT",
        raw_path: "/examplebucket/chunkObject.txt",
        raw_query: "",
        headers: &map,
    };
    let Ok(Presented::Signed(presentation)) = read(&request, &ENDPOINT, at("20130524T000000Z"))
    else {
        panic!("the request is signed");
    };
    let scope = CredentialScope::parse("20130524/us-east-1/s3/aws4_request").unwrap();
    let secret = SecretKey::new("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY".to_owned());
    let key = SigningKey::derive(&secret, &scope);
    presentation.verify(&request, &key.into()).unwrap()
}

fn body(signatures: [&str; 3]) -> String {
    let [first, second, last] = signatures;
    format!(
        "10000;chunk-signature={first}\r\n{}\r\n400;chunk-signature={second}\r\n{}\r\n0;chunk-signature={last}\r\n",
        "a".repeat(65536),
        "a".repeat(1024)
    )
}

#[test]
fn documented_chunked_upload_verifies() {
    let verified = verify(
        &[
            ("content-length", "66824"),
            ("x-amz-content-sha256", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"),
        ],
        "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9",
    );
    let body = body([
        "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648",
        "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497",
        "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9",
    ]) + "\r\n";
    assert_eq!(body.len(), 66824);
    let mode = ChunkMode::Signed(verified.chunk_signer().unwrap());
    let decoder = ChunkedDecoder::new(mode, 66560, Vec::new());
    let (payload, end) = decode(decoder, body.as_bytes().chunks(4096));
    assert_eq!((payload.len(), end), (66560, Ok(Vec::new())));
}

#[test]
fn documented_trailer_upload_verifies() {
    let verified = verify(
        &[
            (
                "x-amz-content-sha256",
                "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
            ),
            ("x-amz-trailer", "x-amz-checksum-crc32c"),
        ],
        "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e",
    );
    let body = body([
        "b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2",
        "1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7",
        "2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992",
    ]) + "x-amz-checksum-crc32c:sOO8/Q==\r\nx-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n\r\n";
    let mode = ChunkMode::SignedTrailer(verified.chunk_signer().unwrap());
    let announced = vec!["x-amz-checksum-crc32c".to_owned()];
    let decoder = ChunkedDecoder::new(mode, 66560, announced);
    let (payload, end) = decode(decoder, [body.as_bytes()]);
    assert_eq!(payload.len(), 66560);
    assert_eq!(
        end,
        Ok(vec![(
            "x-amz-checksum-crc32c".to_owned(),
            "sOO8/Q==".to_owned()
        )])
    );
}
