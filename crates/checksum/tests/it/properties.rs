//! What holds for all bytes.

use buckler_checksum::{Algorithm, Checksum, FullObjectCombiner, Hasher, Md5};
use crc_fast::CrcAlgorithm;
use proptest::prelude::*;

const LINEAR: [Algorithm; 3] = [Algorithm::Crc32, Algorithm::Crc32c, Algorithm::Crc64Nvme];

proptest! {
    /// Texts of several pieces each, more and fewer than there are lanes, against another implementation.
    #[test]
    fn md5s_made_together_are_those_of_each_text(
        texts in prop::collection::vec(prop::collection::vec(prop::collection::vec(any::<u8>(), 0..200), 0..6), 0..11),
    ) {
        use md5::Digest as _;
        let mut together = vec![Md5::new(); texts.len()];
        // In two goes, so that the second begins within a block.
        for odd in [false, true] {
            let pieces = |text: &'_ [Vec<u8>]| {
                let half = text.len() / 2;
                let range = if odd { half..text.len() } else { 0..half };
                text[range].to_vec()
            };
            let goes: Vec<Vec<Vec<u8>>> = texts.iter().map(|text| pieces(text)).collect();
            let pairs = together.iter_mut().zip(&goes);
            Md5::update_together(pairs.map(|(md5, pieces)| (md5, pieces.iter().map(Vec::as_slice))));
        }
        for (md5, text) in together.into_iter().zip(&texts) {
            let expected: [u8; 16] = md5::Md5::digest(text.concat()).into();
            prop_assert_eq!(md5.finish(), expected);
        }
    }

    #[test]
    fn split_updates_agree_with_the_whole(pieces in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..300), 0..6)) {
        let whole = pieces.concat();
        for algorithm in Algorithm::ALL {
            let mut hasher = Hasher::new(algorithm);
            for piece in &pieces {
                hasher.update(piece);
            }
            prop_assert_eq!(hasher.finish(), Hasher::digest(algorithm, &whole));
        }
    }

    #[test]
    fn combined_parts_agree_with_the_whole(
        parts in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..600), 1..6),
        repeated in 1_usize..4,
    ) {
        // Parts of one size follow each other, and others do.
        let parts = parts.iter().flat_map(|part| vec![part; repeated]).collect::<Vec<_>>();
        for algorithm in LINEAR {
            let digests = parts.iter().map(|part| Hasher::digest(algorithm, part));
            let mut digests = digests.collect::<Vec<_>>().into_iter().zip(&parts);
            let (first, _) = digests.next().unwrap();
            let mut whole = FullObjectCombiner::new(&first).unwrap();
            for (digest, part) in digests {
                whole.push(&digest, part.len().try_into().unwrap()).unwrap();
            }
            let bytes: Vec<u8> = parts.iter().flat_map(|part| part.iter().copied()).collect();
            prop_assert_eq!(whole.checksum(), Hasher::digest(algorithm, &bytes));
        }
    }

    #[test]
    fn parts_of_any_size_combine_as_in_another_implementation(a in any::<u64>(), b in any::<u64>(), b_bytes in any::<u64>()) {
        let crcs = [CrcAlgorithm::Crc32IsoHdlc, CrcAlgorithm::Crc32Iscsi, CrcAlgorithm::Crc64Nvme];
        for (algorithm, crc) in LINEAR.into_iter().zip(crcs) {
            let skip = 8 - algorithm.digest_bytes();
            let checksum = |number: u64| Checksum::from_digest(algorithm, &number.to_be_bytes()[skip..]).unwrap();
            let low = |number: u64| (number << (skip * 8)) >> (skip * 8);
            // There the length is signed.
            let b_bytes = b_bytes >> 2;
            let expected = crc_fast::checksum_combine(crc, low(a), low(b), b_bytes);
            let mut whole = FullObjectCombiner::new(&checksum(a)).unwrap();
            whole.push(&checksum(b), b_bytes).unwrap();
            prop_assert_eq!(whole.checksum(), checksum(expected));
        }
    }

    #[test]
    fn base64_goes_round(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        for algorithm in Algorithm::ALL {
            let checksum = Hasher::digest(algorithm, &bytes);
            let text = checksum.to_base64();
            prop_assert_eq!(Checksum::from_base64(algorithm, &text), Ok(checksum));
            prop_assert_eq!(Checksum::from_digest(algorithm, checksum.digest()), Ok(checksum));
        }
    }

    #[test]
    fn arbitrary_text_never_panics(text in "\\PC{0,120}") {
        for algorithm in Algorithm::ALL {
            let parsed = Checksum::from_base64(algorithm, &text);
            prop_assert!(parsed.is_err() || parsed.map(|checksum| checksum.to_base64()) == Ok(text.clone()));
        }
    }
}
