//! `x-amz-request-id` and `x-amz-id-2`: the two ids that every answer carries.
//!
//! Form: facts: s3-behaviour.md 1.1.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Digits and upper-case letters without `I`, `L`, `O` and `U`.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const REQUEST_ID_CHARS: usize = 16;
/// Random bytes of a host id: 76 characters of base64.
const HOST_ID_BYTES: usize = 57;

/// The two ids of one answer; an error's body repeats them.
#[derive(Debug, Clone)]
pub(crate) struct AnswerIds {
    /// `x-amz-request-id`, 16 characters.
    pub(crate) request_id: String,
    /// `x-amz-id-2`, 76 characters.
    pub(crate) host_id: String,
}

impl AnswerIds {
    /// New random ids. They name a request in logs and prove nothing, so a random source that
    /// fails gives ids that are not unique rather than an error.
    pub(crate) fn random() -> Self {
        let mut bytes = [0; REQUEST_ID_CHARS + HOST_ID_BYTES];
        let _ = getrandom::fill(&mut bytes);
        let (request, host) = bytes.split_at(REQUEST_ID_CHARS);
        Self {
            request_id: request
                .iter()
                .filter_map(|byte| ALPHABET.get(usize::from(*byte) % ALPHABET.len()))
                .map(|byte| char::from(*byte))
                .collect(),
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
    use super::*;

    #[test]
    fn ids_have_aws_forms() {
        let ids = AnswerIds::random();
        assert_eq!(ids.request_id.len(), 16);
        assert!(ids.request_id.bytes().all(|byte| ALPHABET.contains(&byte)));
        assert_eq!(ids.host_id.len(), 76);
        assert_ne!(AnswerIds::random().request_id, ids.request_id);
        let uuid = ids.uuid();
        let lengths: Vec<_> = uuid.split('-').map(str::len).collect();
        assert_eq!(lengths, [8, 4, 4, 4, 12], "{uuid}");
    }
}
