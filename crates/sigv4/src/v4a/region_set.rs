//! The regions that a signature is good in.

/// Whether a region set names a region: regions and patterns, separated by commas, compared whole and without case. `*`
/// stands for any run of characters; nothing else is special, white space among it.
pub(crate) fn names(region_set: &str, region: &str) -> bool {
    region_set
        .split(',')
        .any(|entry| !entry.is_empty() && matches(entry.as_bytes(), region.as_bytes()))
}

/// Greedy with one way back, so that time is bounded by the product of the lengths.
fn matches(pattern: &[u8], text: &[u8]) -> bool {
    let (mut at, mut text_at) = (0, 0);
    // Behind the last star, and how far it reaches so far.
    let mut back: Option<(usize, usize)> = None;
    while let Some(byte) = text.get(text_at) {
        match pattern.get(at) {
            Some(b'*') => {
                at += 1;
                back = Some((at, text_at));
            }
            Some(wanted) if wanted.eq_ignore_ascii_case(byte) => {
                at += 1;
                text_at += 1;
            }
            _ => {
                let Some((behind, reach)) = back else {
                    return false;
                };
                at = behind;
                text_at = reach + 1;
                back = Some((behind, text_at));
            }
        }
    }
    pattern
        .get(at..)
        .is_some_and(|rest| rest.iter().all(|byte| *byte == b'*'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{matches, names};

    /// The definition, without regard to time.
    fn defined(pattern: &[u8], text: &[u8]) -> bool {
        match (pattern, text) {
            ([], []) => true,
            ([b'*', rest @ ..], text) => (0..=text.len()).any(|at| defined(rest, &text[at..])),
            ([wanted, rest @ ..], [byte, tail @ ..]) => {
                wanted.eq_ignore_ascii_case(byte) && defined(rest, tail)
            }
            _ => false,
        }
    }

    proptest! {
        #[test]
        fn matching_is_as_defined(pattern in "[aAb*]{0,8}", text in "[ab]{0,8}") {
            let (pattern, text) = (pattern.as_bytes(), text.as_bytes());
            prop_assert_eq!(matches(pattern, text), defined(pattern, text));
        }

        #[test]
        fn any_set_is_judged(set in "\\PC{0,60}", region in "[a-z0-9-]{0,20}") {
            let stars = set.split(',').any(|entry| entry.eq_ignore_ascii_case(&region) && !entry.is_empty());
            prop_assert!(!stars || names(&set, &region));
        }
    }

    #[test]
    fn a_set_of_stars_takes_no_time() {
        assert!(!names(&"*a".repeat(4000), &"a".repeat(63)));
    }

    #[test]
    fn sets_that_name_a_region() {
        for set in [
            "us-east-1",
            "*",
            "us-*",
            "*-1",
            "u*1",
            "**",
            "US-*",
            "us-east-1*",
            ",us-east-1",
            "us-west-2,us-east-1",
            "*e*t*",
        ] {
            assert!(names(set, "us-east-1"), "{set}");
        }
    }

    #[test]
    fn sets_that_do_not() {
        for set in [
            "",
            ",",
            "us-east-?",
            "us-east-10",
            "us-east-",
            "aws-global",
            "us-west-2, us-east-1",
            "us-east-1;us-west-2",
            "us-east-1 us-west-2",
            "*e*tt*",
            "*-2",
        ] {
            assert!(!names(set, "us-east-1"), "{set}");
        }
    }
}
