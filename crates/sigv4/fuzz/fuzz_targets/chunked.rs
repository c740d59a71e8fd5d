//! Any body in any two pieces: the decoder gives what it gives for the whole, and no more than was announced.

#![no_main]

use buckler_sigv4::{ChunkMode, ChunkedDecoder};
use bytes::Bytes;
use libfuzzer_sys::fuzz_target;

const LENGTH: usize = 10_000;

fn decode(pieces: &[&[u8]]) -> (Vec<u8>, bool) {
    let announced = vec!["a".to_owned()];
    let mut decoder = ChunkedDecoder::new(ChunkMode::UnsignedTrailer, LENGTH as u64, announced);
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
    assert!(whole.0.len() <= LENGTH);
    assert_eq!(whole, decode(&[start, end]));
});
