//! A set of texts that is asked once per decision.

use std::hash::Hasher;

/// Texts with a value each, found by their hash.
///
/// PERF: names of principals differ in their last letters only; a binary search compares all of them again at each
/// step (90 ns among 400), the hash reads the one that is asked for once (12 ns).
#[derive(Clone, Debug)]
pub(crate) struct TextMap<V> {
    /// Open addressing, at most half full; the length is a power of two, or zero.
    slots: Box<[Slot<V>]>,
}

type Slot<V> = Option<(Box<str>, V)>;

impl<V> TextMap<V> {
    pub(crate) fn new(entries: impl IntoIterator<Item = (Box<str>, V)>) -> Self {
        let entries: Vec<_> = entries.into_iter().collect();
        if entries.is_empty() {
            return Self {
                slots: Box::new([]),
            };
        }
        let size = (entries.len() * 2).next_power_of_two();
        let mut slots: Box<[_]> = std::iter::repeat_with(|| None).take(size).collect();
        for (text, value) in entries {
            let mut at = hash(&text) & (size - 1);
            while let Some(Some((known, _))) = slots.get(at)
                && *known != text
            {
                at = (at + 1) & (size - 1);
            }
            if let Some(slot) = slots.get_mut(at) {
                *slot = Some((text, value));
            }
        }
        Self { slots }
    }

    pub(crate) fn get(&self, text: &str) -> Option<&V> {
        if self.slots.is_empty() {
            return None;
        }
        let mask = self.slots.len() - 1;
        let mut at = hash(text) & mask;
        loop {
            match self.slots.get(at)? {
                Some((known, value)) if **known == *text => return Some(value),
                Some(_) => at = (at + 1) & mask,
                None => return None,
            }
        }
    }
}

/// A set of texts.
pub(crate) type TextSet = TextMap<()>;

impl TextSet {
    pub(crate) fn of(texts: impl IntoIterator<Item = Box<str>>) -> Self {
        Self::new(texts.into_iter().map(|text| (text, ())))
    }

    pub(crate) fn contains(&self, text: &str) -> bool {
        self.get(text).is_some()
    }
}

/// A hash without a key: who writes a policy whose texts collide slows down that policy alone, by at most the
/// number of its texts.
fn hash(text: &str) -> usize {
    let mut hasher = Mix(text.len() as u64);
    hasher.write(text.as_bytes());
    usize::try_from(hasher.finish() & 0xffff_ffff).unwrap_or_default()
}

/// Eight bytes at a time: multiply and fold.
struct Mix(u64);

impl Hasher for Mix {
    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 32)
    }

    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.write_u64(u64::from_le_bytes(*word));
        }
        let mut last = [0; 8];
        for (to, from) in last.iter_mut().zip(rest) {
            *to = *from;
        }
        self.write_u64(u64::from_le_bytes(last));
    }

    fn write_u64(&mut self, word: u64) {
        const ODD: u128 = 0x9e37_79b9_7f4a_7c15;
        let product = u128::from(self.0 ^ word ^ 0x2545_f491_4f6c_dd1d) * ODD;
        let folded = product ^ (product >> 64);
        self.0 = u64::try_from(folded & u128::from(u64::MAX)).unwrap_or_default();
    }
}

#[cfg(test)]
mod tests {
    use super::{TextMap, TextSet};
    use std::collections::BTreeMap;

    #[test]
    fn every_text_is_found_and_no_other() {
        for count in [0, 1, 2, 3, 100, 1000] {
            let texts: BTreeMap<Box<str>, usize> = (0..count)
                .map(|index| {
                    (
                        format!("arn:aws:iam::111111111111:user/{index}").into(),
                        index,
                    )
                })
                .collect();
            let map = TextMap::new(texts.clone());
            for (text, index) in &texts {
                assert_eq!(map.get(text), Some(index));
            }
            assert_eq!(map.get("arn:aws:iam::111111111111:user/x"), None);
            assert_eq!(map.get(""), None);
        }
    }

    #[test]
    fn a_text_twice_is_one() {
        let set = TextSet::of(["a".into(), "a".into(), "".into()]);
        assert!(set.contains("a") && set.contains("") && !set.contains("b"));
    }
}
