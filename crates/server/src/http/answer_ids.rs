//! `x-amz-request-id` and `x-amz-id-2`: the two ids that every answer carries.
//!
//! Form: facts: s3-behaviour.md 1.1.

use std::cell::RefCell;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Digits and upper-case letters without `I`, `L`, `O` and `U`.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const REQUEST_ID_CHARS: usize = 16;
/// Random bytes of a host id: 76 characters of base64.
const HOST_ID_BYTES: usize = 57;
/// Random bytes of both.
const ID_BYTES: usize = REQUEST_ID_CHARS + HOST_ID_BYTES;
/// Random bytes that a thread asks the system for at once.
const POOL_BYTES: usize = 32 * ID_BYTES;

/// The two ids of one answer; an error's body repeats them.
#[derive(Debug, Clone)]
pub(crate) struct AnswerIds {
    /// `x-amz-request-id`, 16 characters.
    pub(crate) request_id: String,
    /// `x-amz-id-2`, 76 characters.
    pub(crate) host_id: String,
}

thread_local! {
    static RANDOM: RefCell<Pool> = const { RefCell::new(Pool { bytes: [0; POOL_BYTES], left: 0 }) };
}

/// Random bytes for the ids of the next answers of a thread.
///
/// PERF: to ask the system each time was a system call per answer, near 1 us.
struct Pool {
    bytes: [u8; POOL_BYTES],
    left: usize,
}

impl Pool {
    /// Bytes that were not taken before.
    fn take(&mut self) -> ([u8; REQUEST_ID_CHARS], [u8; HOST_ID_BYTES]) {
        if self.left < ID_BYTES {
            let _ = getrandom::fill(&mut self.bytes);
            self.left = POOL_BYTES;
        }
        let ids = self.bytes.get(self.left - ID_BYTES..self.left);
        self.left -= ID_BYTES;
        let (request, host) = ids
            .and_then(|ids| ids.split_first_chunk())
            .map_or(([0; _], &[][..]), |(request, host)| (*request, host));
        (request, host.try_into().unwrap_or([0; _]))
    }
}

impl AnswerIds {
    /// New random ids. They name a request in logs and prove nothing, so a random source that
    /// fails gives ids that are not unique rather than an error.
    pub(crate) fn random() -> Self {
        let (request, host) = RANDOM.with_borrow_mut(Pool::take);
        let letter = |byte: u8| ALPHABET.get(usize::from(byte) % ALPHABET.len());
        let request = request.map(|byte| letter(byte).copied().unwrap_or(b'0'));
        Self {
            request_id: str::from_utf8(&request).unwrap_or_default().to_owned(),
            host_id: STANDARD.encode(host),
        }
    }

    /// The id of an answer of IAM or STS: a UUID, of the same randomness as the host id.
    pub(crate) fn uuid(&self) -> String {
        let bytes = STANDARD.decode(&self.host_id).unwrap_or_default();
        let mut digits = hex::encode(bytes.get(..16).unwrap_or_default());
        if digits.len() == 32 {
            // RFC 9562: version 4, variant 10.
            digits.replace_range(12..13, "4");
            digits.replace_range(16..17, "a");
            for at in [20, 16, 12, 8] {
                digits.insert(at, '-');
            }
        }
        digits
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn ids_have_aws_forms() {
        let ids = AnswerIds::random();
        assert_eq!(ids.request_id.len(), 16);
        assert!(ids.request_id.bytes().all(|byte| ALPHABET.contains(&byte)));
        assert_eq!(ids.host_id.len(), 76);
        let more: BTreeSet<_> = (0..100).map(|_| AnswerIds::random().host_id).collect();
        assert_eq!(more.len(), 100);
        assert!(!more.contains(&ids.host_id));
        let uuid = ids.uuid();
        let lengths: Vec<_> = uuid.split('-').map(str::len).collect();
        assert_eq!(lengths, [8, 4, 4, 4, 12], "{uuid}");
    }
}
