//! How many cases the property tests run: seconds in the suite, as many as wanted by `BUCKLER_CASES`.

use proptest::prelude::ProptestConfig;

/// `count` cases, or as many as the environment asks for.
pub(crate) fn cases(count: u32) -> ProptestConfig {
    #[expect(clippy::disallowed_methods, reason = "a test has no configuration")]
    let wanted = std::env::var("BUCKLER_CASES").ok();
    let wanted = wanted.map(|text| text.parse().expect("BUCKLER_CASES is a number"));
    ProptestConfig {
        max_shrink_iters: 100_000,
        ..ProptestConfig::with_cases(wanted.unwrap_or(count))
    }
}
