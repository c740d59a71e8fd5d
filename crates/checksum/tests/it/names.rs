//! The names and widths on the wire. Source: facts: s3-behaviour.md 5.2 and 10.3.

use buckler_checksum::{Algorithm, Checksum, ChecksumType, ParseChecksumError};

#[test]
fn digests_have_the_documented_widths() {
    let widths = Algorithm::ALL.map(Algorithm::digest_bytes);
    assert_eq!(widths, [4, 4, 8, 20, 32, 64, 16, 8, 8, 16]);
}

#[test]
fn names_follow_from_each_other() {
    for algorithm in Algorithm::ALL {
        let name = algorithm.name();
        let lower = name.to_ascii_lowercase();
        assert_eq!(algorithm.header_name(), format!("x-amz-checksum-{lower}"));
        assert_eq!(algorithm.element_name(), format!("Checksum{name}"));
        assert_eq!(Algorithm::from_name(name), Some(algorithm));
        assert_eq!(Algorithm::from_name(&lower), Some(algorithm));
        let header = algorithm.header_name().to_uppercase();
        assert_eq!(Algorithm::from_header_name(&header), Some(algorithm));
    }
    assert_eq!(Algorithm::from_name("CRC16"), None);
    assert_eq!(Algorithm::from_header_name("x-amz-checksum-type"), None);
}

#[test]
fn types_are_supported_as_documented() {
    use ChecksumType::{Composite, FullObject};
    let both = [Algorithm::Crc32, Algorithm::Crc32c];
    for algorithm in Algorithm::ALL {
        let linear = both.contains(&algorithm) || algorithm == Algorithm::Crc64Nvme;
        assert_eq!(algorithm.supports(FullObject), linear, "{algorithm:?}");
        let composite = algorithm != Algorithm::Crc64Nvme;
        assert_eq!(algorithm.supports(Composite), composite, "{algorithm:?}");
        assert!(algorithm.supports(algorithm.default_type()));
    }
    for each in [FullObject, Composite] {
        assert_eq!(ChecksumType::from_name(each.name()), Some(each));
    }
    assert_eq!(ChecksumType::from_name("full_object"), None);
}

#[test]
fn values_are_padded_base64_of_the_right_width() {
    let parse = |text| Checksum::from_base64(Algorithm::Crc32, text);
    assert_eq!(parse("y/Q5Jg==").unwrap().to_base64(), "y/Q5Jg==");
    let width = ParseChecksumError::WrongLength {
        algorithm: Algorithm::Crc32,
    };
    for (text, error) in [
        ("y/Q5Jg", ParseChecksumError::NotBase64),
        ("y_Q5Jg==", ParseChecksumError::NotBase64),
        ("y/Q5Jh==", ParseChecksumError::NotBase64),
        (" y/Q5Jg==", ParseChecksumError::NotBase64),
        ("\u{fc}", ParseChecksumError::NotBase64),
        ("", width),
        ("AAAA", width),
        (&"A".repeat(1000), width),
    ] {
        assert_eq!(parse(text), Err(error), "{text:?}");
    }
}
