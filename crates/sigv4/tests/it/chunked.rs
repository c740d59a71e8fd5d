//! Bodies in `aws-chunked` framing, a test for each rule. Source: facts: s3-behaviour.md 3.3.

use buckler_sigv4::{ChunkError, ChunkMode, ChunkSigner, ChunkedDecoder, Trailers};
use bytes::Bytes;
use sha2::{Digest as _, Sha256};

use crate::signer::{Client, EMPTY, NOW, SCOPE, key, sign};

/// A chunk signer and the signature it starts from.
pub(crate) fn seed(token: &str) -> (ChunkSigner, String) {
    let names = "host;x-amz-date";
    let canonical =
        format!("GET\n/bucket/key\n\nhost:localhost:9000\nx-amz-date:{NOW}\n\n{names}\n{token}");
    let client = Client::new()
        .with("x-amz-date", NOW)
        .with("x-amz-content-sha256", token)
        .signed(names, &canonical);
    let signer = client.verify().unwrap().chunk_signer().unwrap();
    (signer, sign(&canonical))
}

pub(crate) const SIGNED: &str = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";
pub(crate) const SIGNED_TRAILER: &str = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER";

/// Writes signed bodies.
pub(crate) struct Body {
    pub(crate) bytes: Vec<u8>,
    previous: Option<String>,
}

impl Body {
    pub(crate) fn signed(seed: String) -> Self {
        Self {
            bytes: Vec::new(),
            previous: Some(seed),
        }
    }

    pub(crate) fn unsigned() -> Self {
        Self {
            bytes: Vec::new(),
            previous: None,
        }
    }

    /// A chunk with its CRLF; of no data: the last one's line alone.
    pub(crate) fn chunk(mut self, data: &[u8]) -> Self {
        let mut line = format!("{:x}", data.len());
        if let Some(previous) = &self.previous {
            let hash = hex::encode(Sha256::digest(data));
            let signature = key().sign(
                format!("AWS4-HMAC-SHA256-PAYLOAD\n{NOW}\n{SCOPE}\n{previous}\n{EMPTY}\n{hash}")
                    .as_bytes(),
            );
            line = format!("{line};chunk-signature={signature}");
            self.previous = Some(signature);
        }
        self.bytes.extend_from_slice(line.as_bytes());
        self.bytes.extend_from_slice(b"\r\n");
        if !data.is_empty() {
            self.bytes.extend_from_slice(data);
            self.bytes.extend_from_slice(b"\r\n");
        }
        self
    }

    pub(crate) fn text(mut self, text: &str) -> Self {
        self.bytes.extend_from_slice(text.as_bytes());
        self
    }

    /// The trailer's signature over lines spelled as they are signed.
    pub(crate) fn trailer_signature(self, lines: &str) -> Self {
        let previous = self.previous.clone().unwrap();
        let hash = hex::encode(Sha256::digest(lines));
        let signature = key().sign(
            format!("AWS4-HMAC-SHA256-TRAILER\n{NOW}\n{SCOPE}\n{previous}\n{hash}").as_bytes(),
        );
        self.text(&format!("x-amz-trailer-signature:{signature}\r\n"))
    }
}

/// Decodes a body that arrives in the given pieces.
pub(crate) fn decode<'a>(
    mut decoder: ChunkedDecoder,
    pieces: impl IntoIterator<Item = &'a [u8]>,
) -> (Vec<u8>, Result<Trailers, ChunkError>) {
    let mut payload = Vec::new();
    for piece in pieces {
        let mut input = Bytes::copy_from_slice(piece);
        loop {
            match decoder.decode(&mut input) {
                Ok(Some(piece)) => payload.extend_from_slice(&piece),
                Ok(None) => break,
                Err(error) => {
                    assert_eq!(
                        decoder.decode(&mut input),
                        Err(error.clone()),
                        "stays failed"
                    );
                    return (payload, Err(error));
                }
            }
        }
        assert!(input.is_empty(), "None means that all was used");
    }
    (payload, decoder.finish())
}

fn signed(
    build: impl FnOnce(Body) -> Body,
    length: u64,
) -> (Vec<u8>, Result<Trailers, ChunkError>) {
    let (signer, seed) = seed(SIGNED);
    let body = build(Body::signed(seed));
    let decoder = ChunkedDecoder::new(ChunkMode::Signed(signer), length, Vec::new());
    decode(decoder, [body.bytes.as_slice()])
}

fn signed_trailer(
    build: impl FnOnce(Body) -> Body,
    announced: &str,
) -> Result<Trailers, ChunkError> {
    let (signer, seed) = seed(SIGNED_TRAILER);
    let body = build(Body::signed(seed).chunk(b"abc").chunk(b""));
    let announced = vec![announced.to_owned()];
    let decoder = ChunkedDecoder::new(ChunkMode::SignedTrailer(signer), 3, announced);
    decode(decoder, [body.bytes.as_slice()]).1
}

fn unsigned(body: &str, length: u64, announced: &str) -> (Vec<u8>, Result<Trailers, ChunkError>) {
    let announced = announced.split(',').map(str::to_owned).collect();
    let decoder = ChunkedDecoder::new(ChunkMode::UnsignedTrailer, length, announced);
    decode(decoder, [body.as_bytes()])
}

#[test]
fn signed_chunks_decode() {
    let first = vec![b'x'; 8192];
    let (payload, end) = signed(
        |body| body.chunk(&first).chunk(b"y").chunk(b"").text("\r\n"),
        8193,
    );
    assert_eq!(end, Ok(Vec::new()));
    assert_eq!((payload.len(), payload.last()), (8193, Some(&b'y')));
}

#[test]
fn empty_bodies_decode() {
    let (payload, end) = signed(|body| body.chunk(b"").text("\r\n"), 0);
    assert_eq!((payload.as_slice(), end), (b"".as_slice(), Ok(Vec::new())));
    assert_eq!(unsigned("0\r\n\r\n", 0, "").1, Ok(Vec::new()));
}

#[test]
fn wrong_chunk_signature_hands_out_no_end_of_chunk() {
    let data = vec![b'x'; 8192];
    let (signer, seed) = seed(SIGNED);
    let mut body = Body::signed(seed)
        .chunk(&data)
        .chunk(b"")
        .text("\r\n")
        .bytes;
    body[100] ^= 1;
    let decoder = ChunkedDecoder::new(ChunkMode::Signed(signer), 8192, Vec::new());
    let (payload, end) = decode(decoder, body.chunks(1000));
    assert_eq!(end, Err(ChunkError::SignatureDoesNotMatch));
    assert!(payload.len() < 8192);
}

#[test]
fn last_chunk_is_signed_too() {
    let zeros = "0".repeat(64);
    let last = format!("0;chunk-signature={zeros}\r\n\r\n");
    let (_, end) = signed(|body| body.chunk(b"abc").text(&last), 3);
    assert_eq!(end, Err(ChunkError::SignatureDoesNotMatch));
}

#[test]
fn chunks_cannot_be_dropped_or_reordered() {
    let (a, b) = (vec![b'a'; 8192], vec![b'b'; 8192]);
    let (signer, seed) = seed(SIGNED);
    let whole = Body::signed(seed)
        .chunk(&a)
        .chunk(&b)
        .chunk(b"")
        .text("\r\n")
        .bytes;
    let chunk = whole.iter().position(|byte| *byte == b'\n').unwrap() + 1 + 8192 + 2;
    let dropped = &whole[chunk..];
    let decoder = ChunkedDecoder::new(ChunkMode::Signed(signer), 8192, Vec::new());
    let (payload, end) = decode(decoder, [dropped]);
    assert_eq!(end, Err(ChunkError::SignatureDoesNotMatch));
    assert!(payload.is_empty());
}

#[test]
fn small_chunk_before_another_is_refused() {
    let small = vec![b'x'; 8191];
    let (_, end) = signed(
        |body| body.chunk(&small).chunk(b"y").chunk(b"").text("\r\n"),
        8192,
    );
    let error = end.unwrap_err();
    assert_eq!(error.code(), "InvalidChunkSizeError");
    assert_eq!(
        error.to_string(),
        "Only the last chunk is allowed to have a size less than 8192 bytes"
    );
    let extras = error.extras();
    assert_eq!(
        extras,
        [
            ("Chunk", "2".to_owned()),
            ("BadChunkSize", "8191".to_owned())
        ]
    );
    let (_, end) = unsigned("1\r\na\r\n1\r\nb\r\n0\r\n\r\n", 2, "");
    assert!(matches!(
        end,
        Err(ChunkError::ChunkTooSmall {
            chunk: 2,
            size_bytes: 1
        })
    ));
}

#[test]
fn framing_errors_are_incomplete_bodies() {
    for body in [
        "",
        "3",
        "3\r\nab",
        "3\r\nabc",
        "3\r\nabc\r\n",
        "3\r\nabc\r\n0",
        "3\r\nabc\r\n0\r\n",
        "3\r\nabcd\r\n0\r\n\r\n",
        "3\nabc\n0\n\n",
        "x\r\nabc\r\n0\r\n\r\n",
        "+3\r\nabc\r\n0\r\n\r\n",
        "3;chunk-signature=00\r\nabc\r\n0\r\n\r\n",
        "3\r\nabc\r\n0\r\n\r\nmore",
        "ffffffffffffffffff\r\n",
    ] {
        let (_, end) = unsigned(body, 3, "");
        assert_eq!(end, Err(ChunkError::Framing), "{body:?}");
    }
    let (_, end) = signed(|body| body.text("3;chunk-signature=abc\r\nabc\r\n"), 3);
    assert_eq!(end, Err(ChunkError::Framing));
    let (_, end) = signed(|body| body.chunk(b"abc").chunk(b""), 3);
    assert_eq!(end, Err(ChunkError::Framing), "no final CRLF");
}

#[test]
fn chunk_lines_are_bounded() {
    let (_, end) = unsigned(&"0".repeat(1025), 3, "");
    assert_eq!(end, Err(ChunkError::Framing));
    let decoder = ChunkedDecoder::new(ChunkMode::UnsignedTrailer, 3, Vec::new());
    let (_, end) = decode(decoder, ["0".repeat(1026).as_bytes()]);
    assert_eq!(end, Err(ChunkError::Framing));
}

#[test]
fn decoded_length_must_be_exact() {
    for (length, provided) in [(2, 3), (4, 3), (0, 3), (u64::MAX, 3)] {
        let (_, end) = unsigned("3\r\nabc\r\n0\r\n\r\n", length, "");
        let error = end.unwrap_err();
        assert_eq!(
            error,
            ChunkError::DecodedLength {
                expected_bytes: length,
                provided_bytes: provided
            }
        );
        assert_eq!(error.code(), "IncompleteBody");
    }
}

#[test]
fn unsigned_trailer_gives_its_lines() {
    let body = "3\r\nabc\r\n0\r\nX-Amz-Checksum-Crc32: NSRBwg== \r\n\r\n";
    let (payload, end) = unsigned(body, 3, "x-amz-checksum-CRC32");
    assert_eq!(payload, b"abc");
    assert_eq!(
        end,
        Ok(vec![(
            "x-amz-checksum-crc32".to_owned(),
            "NSRBwg==".to_owned()
        )])
    );
}

#[test]
fn trailer_is_what_was_announced() {
    for (trailer, announced) in [
        ("", "x-amz-checksum-crc32"),
        ("a:1\r\n", ""),
        ("a:1\r\n", "b"),
        ("a:1\r\nb:2\r\n", "a"),
        ("a:1\r\na:1\r\n", "a"),
        ("a\r\n", "a"),
        ("x-amz-trailer-signature:00\r\n", ""),
    ] {
        let (_, end) = unsigned(&format!("3\r\nabc\r\n0\r\n{trailer}\r\n"), 3, announced);
        let error = end.unwrap_err();
        assert_eq!(error.code(), "MalformedTrailerError", "{trailer:?}");
    }
}

#[test]
fn trailer_is_bounded() {
    let line = format!("a:{}\r\n", "x".repeat(8192));
    let (_, end) = unsigned(&format!("3\r\nabc\r\n0\r\n{line}\r\n"), 3, "a");
    assert_eq!(end, Err(ChunkError::MalformedTrailer));
    let lines: Vec<_> = (0..2000).map(|at| format!("a{at}:x\r\n")).collect();
    let lines = lines.concat();
    let (_, end) = unsigned(&format!("3\r\nabc\r\n0\r\n{lines}\r\n"), 3, "a");
    assert_eq!(end, Err(ChunkError::MalformedTrailer));
}

#[test]
fn signed_trailer_verifies() {
    let lines = "x-amz-checksum-crc32:NSRBwg==\n";
    let plain = |body: Body| {
        body.text("x-amz-checksum-crc32:NSRBwg==\r\n")
            .trailer_signature(lines)
            .text("\r\n")
    };
    let documented = |body: Body| {
        body.text("x-amz-checksum-crc32:NSRBwg==\n\r\n")
            .trailer_signature(lines)
            .text("\r\n")
    };
    assert!(signed_trailer(plain, "x-amz-checksum-crc32").is_ok());
    assert!(signed_trailer(documented, "x-amz-checksum-crc32").is_ok());
}

#[test]
fn trailer_signature_must_be_there_and_right() {
    let missing = |body: Body| body.text("x-amz-checksum-crc32:NSRBwg==\r\n\r\n");
    let error = signed_trailer(missing, "x-amz-checksum-crc32").unwrap_err();
    assert_eq!(error, ChunkError::TrailerSignatureMissing);
    assert_eq!(error.code(), "IncompleteBody");
    let wrong = |body: Body| {
        body.text("x-amz-checksum-crc32:NSRBwg==\r\n")
            .trailer_signature("x-amz-checksum-crc32:AAAAAA==\n")
            .text("\r\n")
    };
    let error = signed_trailer(wrong, "x-amz-checksum-crc32").unwrap_err();
    assert_eq!(error, ChunkError::SignatureDoesNotMatch);
}

#[test]
fn pieces_are_slices_of_the_input() {
    let mut input = Bytes::from_static(b"3\r\nabc\r\n0\r\n\r\n");
    let mut decoder = ChunkedDecoder::new(ChunkMode::UnsignedTrailer, 3, Vec::new());
    let start = input.as_ptr();
    let piece = decoder.decode(&mut input).unwrap().unwrap();
    assert_eq!(piece.as_ptr(), start.wrapping_add(3));
}
