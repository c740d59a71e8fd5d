//! A request as lines of text, for the fuzzer and for what it found.

use crate::both::{Question, Request, callers};
use buckler_policy::{Action, Document, parse_identity_policy};

/// Reads the caller's number, the action, the key (or nothing, for the bucket), the bucket policy, the identity policy,
/// the boundary, the session policy, then `key=value` of the context; a key that comes twice has two values. What
/// cannot be read is not there.
pub(crate) fn request(text: &str) -> Request {
    let mut lines = text.split('\n');
    let mut next = || lines.next().unwrap_or_default();
    let callers = callers();
    let caller = next().parse::<usize>().unwrap_or_default();
    let mut request = Request::new(callers[caller % callers.len()].1);
    let action = Action::from_name(next()).unwrap_or(Action::GetObject);
    request.question = match next() {
        "" => Question::Bucket(action),
        key => Question::Object(action, key.to_owned()),
    };
    request.bucket = Document::from_stored(next()).ok();
    let mut own = || parse_identity_policy(next().as_bytes()).ok();
    request.identity = own().into_iter().collect();
    request.boundary = own();
    request.session = own().map(|one| vec![one]);
    for line in lines {
        if let Some((key, value)) = line.split_once('=') {
            let values = request.context.entry(key.to_lowercase()).or_default();
            values.push(value.to_owned());
        }
    }
    request
}
