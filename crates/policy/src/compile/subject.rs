//! What a question is about.

use crate::pattern::strip_prefix;
use std::cell::OnceCell;

/// The resource that is asked about.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Subject<'a> {
    /// A bucket or an object.
    S3(&'a S3Subject<'a>),
    /// Any ARN, or `*`.
    Arn(&'a str),
}

/// What follows `arn:aws:s3:::`: a bucket, `bucket/key`, or `*` for no resource in particular.
///
/// It is compared where it stands; the two parts are put together only for a pattern that is open in the bucket's name.
#[derive(Debug)]
pub(crate) struct S3Subject<'a> {
    bucket: &'a str,
    key: Option<&'a str>,
    joined: OnceCell<Joined>,
}

/// The longest bucket name, a slash, and the longest key.
const RELATIVE_ID_BYTES_MAX: usize = 255 + 1 + 1024;

#[derive(Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "it stands on the stack, and a box would take memory"
)]
enum Joined {
    Short([u8; RELATIVE_ID_BYTES_MAX], usize),
    /// Longer than any that S3 allows.
    Long(String),
}

impl<'a> S3Subject<'a> {
    pub(crate) const fn new(bucket: &'a str, key: Option<&'a str>) -> Self {
        Self {
            bucket,
            key,
            joined: OnceCell::new(),
        }
    }

    /// The beginning of the text.
    #[inline]
    pub(super) fn cursor(&self) -> Cursor<'a> {
        let [slash, key] = match self.key {
            Some(key) => [&b"/"[..], key.as_bytes()],
            None => [&b""[..]; 2],
        };
        Cursor {
            current: self.bucket.as_bytes(),
            next: slash,
            last: key,
        }
    }

    /// What follows `prefix`, if the text begins with it.
    pub(super) fn strip_prefix(&self, prefix: &str) -> Option<&str> {
        let begins_so = self.cursor().strip(prefix.as_bytes());
        begins_so.then(|| self.behind(prefix.len())).flatten()
    }

    /// What follows the first `bytes` bytes; `None` if they end within a letter.
    pub(super) fn behind(&self, bytes: usize) -> Option<&str> {
        let Some(key) = self.key else {
            return self.bucket.get(bytes..);
        };
        match bytes.checked_sub(self.bucket.len() + 1) {
            Some(bytes) => key.get(bytes..),
            None => self.joined().get(bytes..),
        }
    }

    fn joined(&self) -> &str {
        match self.joined.get_or_init(|| join(self.bucket, self.key)) {
            Joined::Short(bytes, used) => {
                let used = bytes.get(..*used).unwrap_or_default();
                std::str::from_utf8(used).unwrap_or_default()
            }
            Joined::Long(text) => text,
        }
    }
}

fn join(bucket: &str, key: Option<&str>) -> Joined {
    let key = key.unwrap_or_default();
    let mut buffer = [0; RELATIVE_ID_BYTES_MAX];
    let used = bucket.len() + 1 + key.len();
    if let Some(room) = buffer.get_mut(..used)
        && let Some((name, rest)) = room.split_at_mut_checked(bucket.len())
        && let Some((slash, tail)) = rest.split_first_mut()
    {
        name.copy_from_slice(bucket.as_bytes());
        *slash = b'/';
        tail.copy_from_slice(key.as_bytes());
        return Joined::Short(buffer, used);
    }
    Joined::Long(format!("{bucket}/{key}"))
}

/// A place in the text of a subject.
pub(super) struct Cursor<'a> {
    current: &'a [u8],
    next: &'a [u8],
    last: &'a [u8],
}

#[expect(
    clippy::inline_always,
    reason = "PERF: a place that is lent to a call is stored and loaded again, at 5 ns of 80"
)]
impl Cursor<'_> {
    /// The next byte; `None` at the end.
    #[inline(always)]
    pub(super) fn peek(&mut self) -> Option<u8> {
        while self.current.is_empty() {
            if !self.advance() {
                return None;
            }
        }
        self.current.first().copied()
    }

    /// Goes on behind `label`, if it is what follows; otherwise the place is lost.
    #[inline(always)]
    pub(super) fn strip(&mut self, mut label: &[u8]) -> bool {
        loop {
            if let Some(rest) = strip_prefix(self.current, label) {
                self.current = rest;
                return true;
            }
            match strip_prefix(label, self.current) {
                Some(rest) if self.advance() => label = rest,
                _ => return false,
            }
        }
    }

    #[inline(always)]
    fn advance(&mut self) -> bool {
        if self.next.is_empty() && self.last.is_empty() {
            return false;
        }
        self.current = std::mem::take(&mut self.next);
        if self.current.is_empty() {
            self.current = std::mem::take(&mut self.last);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::S3Subject;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn parts_are_stripped_as_the_whole_is(
            bucket in "[ab]{1,4}",
            key in prop::option::of("[ab/é]{0,4}"),
            prefix in "[ab/é]{0,7}",
        ) {
            let whole = match &key {
                Some(key) => format!("{bucket}/{key}"),
                None => bucket.clone(),
            };
            let subject = S3Subject::new(&bucket, key.as_deref());
            prop_assert_eq!(subject.strip_prefix(&prefix), whole.strip_prefix(&*prefix));
            let mut cursor = subject.cursor();
            for byte in whole.bytes() {
                prop_assert_eq!(cursor.peek(), Some(byte));
                prop_assert!(cursor.strip(&[byte]));
            }
            prop_assert_eq!(cursor.peek(), None);
        }
    }

    #[test]
    fn a_key_longer_than_any_is_still_whole() {
        let key = "k".repeat(5000);
        let subject = S3Subject::new("b", Some(&key));
        assert_eq!(subject.strip_prefix("").unwrap().len(), 5002);
    }
}
