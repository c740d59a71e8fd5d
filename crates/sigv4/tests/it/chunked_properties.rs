//! What holds for every chunked body.

use buckler_sigv4::{ChunkMode, ChunkedDecoder};
use bytes::Bytes;
use proptest::prelude::*;

use crate::chunked::{Body, SIGNED, SIGNED_TRAILER, decode, seed};

/// A good body of each mode, with its data.
fn body(mode: u8, data: &[u8], chunk_bytes: usize) -> Vec<u8> {
    let lines = "x-amz-checksum-crc32:NSRBwg==\n";
    let start = match mode {
        0 => Body::signed(seed(SIGNED).1),
        1 => Body::signed(seed(SIGNED_TRAILER).1),
        _ => Body::unsigned(),
    };
    let body = data.chunks(chunk_bytes).fold(start, Body::chunk).chunk(b"");
    let body = match mode {
        0 => body,
        1 => body
            .text("x-amz-checksum-crc32:NSRBwg==\r\n")
            .trailer_signature(lines),
        _ => body.text("x-amz-checksum-crc32:NSRBwg==\r\n"),
    };
    body.text("\r\n").bytes
}

fn decoder(mode: u8, length: usize) -> ChunkedDecoder {
    let announced = vec!["x-amz-checksum-crc32".to_owned()];
    let mode = match mode {
        0 => ChunkMode::Signed(seed(SIGNED).0),
        1 => ChunkMode::SignedTrailer(seed(SIGNED_TRAILER).0),
        _ => ChunkMode::UnsignedTrailer,
    };
    ChunkedDecoder::new(mode, length.try_into().unwrap(), announced)
}

/// Cuts the bytes at the given places, in any order and beyond the end.
fn split<'a>(bytes: &'a [u8], cuts: &[usize]) -> Vec<&'a [u8]> {
    let mut cuts: Vec<_> = cuts.iter().map(|cut| cut % (bytes.len() + 1)).collect();
    cuts.extend([0, bytes.len()]);
    cuts.sort_unstable();
    cuts.windows(2)
        .map(|pair| &bytes[pair[0]..pair[1]])
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_split_equals_the_whole(
        mode in 0_u8..3,
        data in prop::collection::vec(any::<u8>(), 0..20_000),
        chunk_bytes in 8192_usize..10_000,
        cuts in prop::collection::vec(any::<usize>(), 0..12),
    ) {
        let body = body(mode, &data, chunk_bytes);
        let (payload, end) = decode(decoder(mode, data.len()), split(&body, &cuts));
        prop_assert_eq!(payload, data);
        prop_assert!(end.is_ok(), "{:?}", end);
    }

    #[test]
    fn one_byte_at_a_time_equals_the_whole(mode in 0_u8..3, data in prop::collection::vec(any::<u8>(), 0..300)) {
        let body = body(mode, &data, 8192);
        let (payload, end) = decode(decoder(mode, data.len()), body.chunks(1));
        prop_assert_eq!(payload, data);
        prop_assert!(end.is_ok(), "{:?}", end);
    }

    #[test]
    fn any_cut_short_body_fails(mode in 0_u8..3, data in prop::collection::vec(any::<u8>(), 0..300), cut in any::<usize>()) {
        let body = body(mode, &data, 8192);
        let (_, end) = decode(decoder(mode, data.len()), [&body[..cut % body.len()]]);
        prop_assert!(end.is_err());
    }

    #[test]
    fn arbitrary_bytes_never_panic(
        mode in 0_u8..3,
        bytes in prop::collection::vec(prop_oneof![any::<u8>(), prop::sample::select(b"0123;\r\n:a".to_vec())], 0..2000),
        cuts in prop::collection::vec(any::<usize>(), 0..5),
    ) {
        let (payload, _) = decode(decoder(mode, 100), split(&bytes, &cuts));
        prop_assert!(payload.len() <= 100);
    }
}

/// A flip passes only where it changes nothing: the letter case of a size or a trailer's name, white space after a
/// trailer's value.
#[test]
fn any_flipped_bit_of_a_signed_body_fails_or_means_the_same() {
    for mode in [0, 1] {
        let body = body(mode, b"hello, world!", 8192);
        let (_, good) = decode(decoder(mode, 13), [body.as_slice()]);
        for at in 0..body.len() {
            for bit in 0..8 {
                let mut flipped = body.clone();
                flipped[at] ^= 1 << bit;
                let (payload, end) = decode(decoder(mode, 13), [flipped.as_slice()]);
                let same = end == good && payload == b"hello, world!";
                assert!(same || end.is_err(), "mode {mode} byte {at} bit {bit}");
            }
        }
    }
}

#[test]
fn memory_does_not_follow_the_input() {
    // A megabyte that never ends a line: refused after one bound's worth.
    let mut input = Bytes::from(vec![b'1'; 1 << 20]);
    let mut decoder = decoder(2, 100);
    assert!(decoder.decode(&mut input).is_err());
    assert!(input.len() >= (1 << 20) - 1026);
}
