//! How listings walk: places between keys, which compare as bytes, and how many rows to read at once.

/// The common prefix that a key lies below.
pub(crate) fn group<'k>(prefix: &str, delimiter: &str, key: &'k str) -> Option<&'k str> {
    if delimiter.is_empty() {
        return None;
    }
    let rest = key.strip_prefix(prefix)?;
    let at = rest.find(delimiter)?;
    key.get(..prefix.len() + at + delimiter.len())
}

/// The least key after this one.
pub(crate) fn after(key: &str) -> Vec<u8> {
    let mut next = Vec::with_capacity(key.len() + 1);
    next.extend_from_slice(key.as_bytes());
    next.push(0);
    next
}

/// The least byte string after all that begin with `prefix`.
pub(crate) fn successor(prefix: &[u8]) -> Vec<u8> {
    let mut next = prefix.to_vec();
    match next.last_mut() {
        // UTF-8 has no byte above 0xF4, so this cannot overflow.
        Some(last) => *last = last.saturating_add(1),
        None => next.push(0xFF),
    }
    next
}

/// Rows to read at once. Many where most of them count; few where most lie below a common prefix that is on the page
/// already, or are older versions: those are skipped by a seek, which costs as much as reading a few rows.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ChunkSize(u32);

impl ChunkSize {
    const FEW: u32 = 8;
    const MANY: u32 = 1001;

    /// For a page of this many entries, of which one more tells whether another page follows.
    pub(crate) fn of_page(entries_max: u32, delimiter: &str) -> Self {
        if delimiter.is_empty() {
            Self(entries_max.saturating_add(1).min(Self::MANY))
        } else {
            Self(Self::FEW)
        }
    }

    pub(crate) const fn rows(self) -> u32 {
        self.0
    }

    /// After a read of which so many rows counted.
    pub(crate) fn adapt(&mut self, met: usize, read: usize) {
        if met * 2 >= read {
            self.0 = (self.0 * 2).min(Self::MANY);
        } else if met * 4 < read {
            self.0 = Self::FEW;
        }
    }
}
