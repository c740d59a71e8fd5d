//! Values that others published, for every algorithm. Each line of `vectors/check-values.txt` is one.

use std::collections::BTreeSet;

use buckler_checksum::{Algorithm, Hasher};

const VECTORS: &str = include_str!("../vectors/check-values.txt");

#[test]
fn published_values_are_computed() {
    let mut seen = BTreeSet::new();
    for line in VECTORS.lines().filter(|line| !line.starts_with('#')) {
        let fields: Vec<_> = line.split('|').map(str::trim).collect();
        let [name, input, expected, source] = fields.as_slice() else {
            panic!("four fields: {line}");
        };
        let algorithm = Algorithm::from_name(name).unwrap();
        let found = Hasher::digest(algorithm, input.as_bytes());
        let found: Vec<_> = found.digest().iter().map(|b| format!("{b:02x}")).collect();
        assert_eq!(&found.concat(), expected, "{name} of {input:?} ({source})");
        seen.insert(algorithm);
    }
    assert_eq!(seen, BTreeSet::from(Algorithm::ALL), "each algorithm");
}
