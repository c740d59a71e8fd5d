//! What is kept in memory of rows, for as long as they have not changed.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{PoisonError, RwLock};

/// Most entries that are kept. Beyond it the map starts anew.
const ENTRIES_MAX: usize = 4096;

/// Values that were made from rows of one version.
///
/// INVARIANT: a value is only given to a request that has read, from the store, the version that the value was put under,
/// and it is put under a version that was read before its rows were. So what is given is never older than the version.
#[derive(Debug)]
pub(crate) struct Kept<K, V> {
    inner: RwLock<OfVersion<K, V>>,
}

#[derive(Debug)]
struct OfVersion<K, V> {
    version: i64,
    entries: HashMap<K, V>,
}

impl<K, V> Default for Kept<K, V> {
    fn default() -> Self {
        Self {
            inner: RwLock::new(OfVersion {
                version: 0,
                entries: HashMap::new(),
            }),
        }
    }
}

impl<K: Hash + Eq, V: Clone> Kept<K, V> {
    /// The value under this key, if it is of this version.
    pub(crate) fn get<Q>(&self, version: i64, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        // A poisoned lock held a whole map: entries are inserted in one step.
        let inner = self.inner.read().unwrap_or_else(PoisonError::into_inner);
        if inner.version != version {
            return None;
        }
        inner.entries.get(key).cloned()
    }

    /// Keeps a value whose rows were read after this version was.
    ///
    /// A version below the last one ends it, too: it is a slow request's, or a database was restored beneath the server,
    /// and what it held before must not come back when its counts reach the same numbers again.
    pub(crate) fn put(&self, version: i64, key: K, value: V) {
        let mut inner = self.inner.write().unwrap_or_else(PoisonError::into_inner);
        if version != inner.version || inner.entries.len() >= ENTRIES_MAX {
            inner.entries.clear();
            inner.version = version;
        }
        inner.entries.insert(key, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_given_to_its_own_version_only() {
        let kept = Kept::default();
        kept.put(3, "key".to_owned(), 'a');
        assert_eq!(kept.get(3, "key"), Some('a'));
        assert_eq!(kept.get(4, "key"), None);
        assert_eq!(kept.get(2, "key"), None);
    }

    #[test]
    fn another_version_ends_the_one_before() {
        let kept = Kept::default();
        kept.put(3, "old".to_owned(), 'a');
        kept.put(4, "new".to_owned(), 'b');
        assert_eq!(kept.get(3, "old"), None);
        assert_eq!(kept.get(4, "old"), None);
        assert_eq!(kept.get(4, "new"), Some('b'));
    }

    #[test]
    fn what_a_version_held_does_not_come_back_after_a_lower_one() {
        let kept = Kept::default();
        kept.put(4, "key".to_owned(), 'a');
        kept.put(3, "other".to_owned(), 'b');
        kept.put(4, "third".to_owned(), 'c');
        assert_eq!(kept.get(4, "key"), None);
    }

    #[test]
    fn entries_are_bounded() {
        let kept = Kept::default();
        for number in 0..=ENTRIES_MAX {
            kept.put(1, number, number);
        }
        assert_eq!(kept.get(1, &ENTRIES_MAX), Some(ENTRIES_MAX));
        assert_eq!(kept.get(1, &0), None);
    }
}
