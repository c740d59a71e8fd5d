//! Bodies whose chunks are signed with ECDSA: signatures are padded, and chained without their padding.

use buckler_sigv4::{ChunkError, ChunkMode, ChunkSigner, ChunkedDecoder};
use sha2::{Digest as _, Sha256};

use crate::chunked::decode;
use crate::signer::{EMPTY, NOW};
use crate::signer_v4a::{SCOPE, sign, verify};
use crate::v4a_rules::signed;

const SIGNED: &str = "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD";
const SIGNED_TRAILER: &str = "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER";

fn seed(payload: &str) -> (ChunkSigner, String) {
    let (client, signature) = signed("*", payload);
    let verified = verify(&client).unwrap();
    (verified.chunk_signer().unwrap(), signature)
}

fn chunk_signature(previous: &str, data: &[u8]) -> String {
    let hash = hex::encode(Sha256::digest(data));
    sign(&format!(
        "AWS4-ECDSA-P256-SHA256-PAYLOAD\n{NOW}\n{SCOPE}\n{previous}\n{EMPTY}\n{hash}"
    ))
}

fn padded(signature: &str) -> String {
    format!("{signature:*<144}")
}

/// The chunks of some data and of none, and the last signature. `form` is how signatures are written.
fn body(seed: &str, data: &[u8], form: fn(&str) -> String) -> (Vec<u8>, String) {
    let mut bytes = Vec::new();
    let mut previous = seed.to_owned();
    for data in [data, b""] {
        previous = chunk_signature(&previous, data);
        let line = format!("{:x};chunk-signature={}\r\n", data.len(), form(&previous));
        bytes.extend_from_slice(line.as_bytes());
        if !data.is_empty() {
            bytes.extend_from_slice(data);
            bytes.extend_from_slice(b"\r\n");
        }
    }
    (bytes, previous)
}

fn whole(mut body: Vec<u8>, signer: ChunkSigner) -> Result<Vec<u8>, ChunkError> {
    body.extend_from_slice(b"\r\n");
    let decoder = ChunkedDecoder::new(ChunkMode::Signed(signer), 4, Vec::new());
    let (data, end) = decode(decoder, [body.as_slice()]);
    end.map(|_| data)
}

#[test]
fn padded_chunks_are_good() {
    let (signer, seed) = seed(SIGNED);
    let (bytes, _) = body(&seed, b"data", padded);
    assert_eq!(whole(bytes, signer).as_deref(), Ok(b"data".as_slice()));
}

#[test]
fn so_are_chunks_without_padding() {
    let (signer, seed) = seed(SIGNED);
    let (bytes, _) = body(&seed, b"data", str::to_owned);
    assert!(whole(bytes, signer).is_ok());
}

#[test]
fn a_chunk_of_another_chain_is_not() {
    let (signer, _) = seed(SIGNED);
    let (bytes, _) = body(&sign("another"), b"data", padded);
    assert_eq!(
        whole(bytes, signer).expect_err("another chain"),
        ChunkError::SignatureDoesNotMatch
    );
}

#[test]
fn what_is_no_padded_hex_is_no_signature() {
    for bad in [
        String::new(),
        "*".repeat(144),
        format!("*{}", "0".repeat(143)),
        "0".repeat(145),
        "0".repeat(145).replace("00", "0*"),
    ] {
        let (signer, _) = seed(SIGNED);
        let line = format!("4;chunk-signature={bad}\r\ndata\r\n");
        assert_eq!(
            whole(line.into_bytes(), signer).expect_err("no signature"),
            ChunkError::Framing,
            "{bad}"
        );
    }
}

#[test]
fn a_trailer_is_signed_with_the_last_chunk() {
    for form in [padded as fn(&str) -> String, str::to_owned] {
        for (lines, expected) in [
            ("x-amz-checksum-crc32:AAAAAA==\n", Ok(())),
            (
                "x-amz-checksum-crc32:BAAAAA==\n",
                Err(ChunkError::SignatureDoesNotMatch),
            ),
        ] {
            let (signer, seed) = seed(SIGNED_TRAILER);
            let (mut bytes, last) = body(&seed, b"data", form);
            let hash = hex::encode(Sha256::digest(lines));
            let signature = sign(&format!(
                "AWS4-ECDSA-P256-SHA256-TRAILER\n{NOW}\n{SCOPE}\n{last}\n{hash}"
            ));
            let trailer = format!(
                "x-amz-checksum-crc32:AAAAAA==\r\nx-amz-trailer-signature:{}\r\n\r\n",
                form(&signature)
            );
            bytes.extend_from_slice(trailer.as_bytes());
            let announced = vec!["x-amz-checksum-crc32".to_owned()];
            let decoder = ChunkedDecoder::new(ChunkMode::SignedTrailer(signer), 4, announced);
            let (_, end) = decode(decoder, [bytes.as_slice()]);
            assert_eq!(end.map(drop), expected);
        }
    }
}
