//! From the parts' checksums to the object's. Source: facts: s3-behaviour.md 10.3.

use buckler_checksum::{
    Algorithm, CombineError, CompositeChecksum, CompositeError, FullObjectCombiner, Hasher,
    ParseChecksumError,
};

#[test]
fn composite_is_the_digest_of_the_digests_and_the_count() {
    let parts = [b"a".as_slice(), b"bc"].map(|part| Hasher::digest(Algorithm::Sha256, part));
    let digests = [parts[0].digest(), parts[1].digest()].concat();
    let composite = CompositeChecksum::of(Algorithm::Sha256, &parts).unwrap();
    let whole = Hasher::digest(Algorithm::Sha256, &digests);
    assert_eq!(composite.checksum(), &whole);
    assert_eq!(composite.to_string(), format!("{}-2", whole.to_base64()));
}

#[test]
fn composite_takes_one_algorithm_and_some_parts() {
    let part = Hasher::digest(Algorithm::Sha1, b"a");
    assert_eq!(
        CompositeChecksum::of(Algorithm::Sha256, [&part]),
        Err(CompositeError::OtherAlgorithm {
            expected: Algorithm::Sha256,
            found: Algorithm::Sha1
        })
    );
    let none = CompositeChecksum::of(Algorithm::Sha256, []);
    assert_eq!(none, Err(CompositeError::PartCount));
    let many = vec![part; 10_001];
    let many = CompositeChecksum::of(Algorithm::Sha1, &many);
    assert_eq!(many, Err(CompositeError::PartCount));
}

#[test]
fn composite_text_may_carry_its_count() {
    let part = Hasher::digest(Algorithm::Crc32, b"123456789");
    let parse = |text| CompositeChecksum::parse(Algorithm::Crc32, text);
    assert_eq!(parse("y/Q5Jg==-3"), Ok((part, Some(3))));
    assert_eq!(parse("y/Q5Jg=="), Ok((part, None)));
    for text in [
        "y/Q5Jg==-",
        "y/Q5Jg==-0",
        "y/Q5Jg==-+1",
        "y/Q5Jg==-10001",
        "-1-1",
    ] {
        assert_eq!(parse(text), Err(ParseChecksumError::NotBase64), "{text}");
    }
}

#[test]
fn only_crcs_of_one_kind_combine() {
    let sha = Hasher::digest(Algorithm::Sha256, b"a");
    let crc = Hasher::digest(Algorithm::Crc32, b"a");
    assert_eq!(
        FullObjectCombiner::new(&sha).err(),
        Some(CombineError::NotLinear(Algorithm::Sha256))
    );
    let mut whole = FullObjectCombiner::new(&crc).unwrap();
    assert_eq!(whole.push(&sha, 1), Err(CombineError::DifferentAlgorithms));
    assert_eq!(whole.checksum(), crc);
}
