//! Comparing short texts.

/// Longest text that is compared here; of longer ones the library's comparison is faster.
const SHORT_BYTES_MAX: usize = 32;

/// What follows `prefix`, if `text` begins with it.
///
/// PERF: prefixes of resources have some ten bytes; the call of `memcmp` for each took a sixth of a decision.
#[inline]
pub(crate) fn strip_prefix<'t>(text: &'t [u8], prefix: &[u8]) -> Option<&'t [u8]> {
    let (head, rest) = text.split_at_checked(prefix.len())?;
    equal(head, prefix).then_some(rest)
}

/// Whether `text` ends with `suffix`.
#[inline]
pub(crate) fn ends_with(text: &[u8], suffix: &[u8]) -> bool {
    let head = text.len().checked_sub(suffix.len());
    let tail = head.and_then(|head| text.get(head..));
    tail.is_some_and(|tail| equal(tail, suffix))
}

#[inline]
fn equal(left: &[u8], right: &[u8]) -> bool {
    debug_assert_eq!(left.len(), right.len());
    if left.len() > SHORT_BYTES_MAX {
        return left == right;
    }
    // The last word may overlap the one before.
    if let (Some(left_end), Some(right_end)) = (left.last_chunk::<8>(), right.last_chunk::<8>()) {
        let (left, _) = left.as_chunks::<8>();
        let (right, _) = right.as_chunks::<8>();
        let differs =
            |(a, b): (&[u8; 8], &[u8; 8])| u64::from_ne_bytes(*a) ^ u64::from_ne_bytes(*b);
        let words = left.iter().zip(right).map(differs);
        return words.fold(differs((left_end, right_end)), |all, one| all | one) == 0;
    }
    if let (Some(left_end), Some(right_end), Some(left), Some(right)) = (
        left.last_chunk::<4>(),
        right.last_chunk::<4>(),
        left.first_chunk::<4>(),
        right.first_chunk::<4>(),
    ) {
        return left_end == right_end && left == right;
    }
    left.iter().zip(right).all(|(a, b)| a == b)
}

#[cfg(test)]
mod tests {
    use super::{ends_with, strip_prefix};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn it_strips_what_the_library_strips(text in "[ab]{0,70}", cut in 0_usize..80, flip in 0_usize..80) {
            let suffix = &text.as_bytes()[text.len().saturating_sub(cut)..];
            prop_assert!(ends_with(text.as_bytes(), suffix));
            prop_assert!(!ends_with(suffix, &[text.as_bytes(), b"a"].concat()));
            let mut prefix: Vec<u8> = text.bytes().chain(*b"abab").take(cut).collect();
            prop_assert_eq!(strip_prefix(text.as_bytes(), &prefix), text.as_bytes().strip_prefix(&*prefix));
            if let Some(byte) = prefix.get_mut(flip) {
                *byte ^= 1;
            }
            prop_assert_eq!(ends_with(text.as_bytes(), &prefix), text.as_bytes().ends_with(&prefix));
            prop_assert_eq!(strip_prefix(text.as_bytes(), &prefix), text.as_bytes().strip_prefix(&*prefix));
        }
    }
}
