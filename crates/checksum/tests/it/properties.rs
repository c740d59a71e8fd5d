//! What holds for all bytes.

use buckler_checksum::{Algorithm, Checksum, Hasher, combine};
use proptest::prelude::*;

const LINEAR: [Algorithm; 3] = [Algorithm::Crc32, Algorithm::Crc32c, Algorithm::Crc64Nvme];

proptest! {
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
    fn combined_parts_agree_with_the_whole(a in prop::collection::vec(any::<u8>(), 0..600), b in prop::collection::vec(any::<u8>(), 0..600)) {
        let whole = [a.as_slice(), &b].concat();
        for algorithm in LINEAR {
            let combined = combine(
                &Hasher::digest(algorithm, &a),
                &Hasher::digest(algorithm, &b),
                b.len().try_into().unwrap(),
            );
            prop_assert_eq!(combined, Ok(Hasher::digest(algorithm, &whole)));
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
