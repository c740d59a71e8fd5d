//! Any policies and any request: the engine neither panics nor differs from the oracle.
//!
//! The input is lines: the caller's number, the action or `action arn`, the key, the bucket policy, the identity policy,
//! the boundary, the session policy, then `key=value` of the context; a key that comes twice has two values.

#![no_main]

use buckler_policy::{Action, Document, parse_identity_policy};
use libfuzzer_sys::fuzz_target;

use both::{Question, Request, callers};

#[allow(dead_code)]
#[path = "../../tests/it/both.rs"]
mod both;
#[allow(dead_code)]
#[path = "../../../policy/tests/it/world.rs"]
mod world;

/// The oracle takes its time with long texts.
const INPUT_BYTES_MAX: usize = 4096;

fuzz_target!(|text: &str| {
    if text.len() > INPUT_BYTES_MAX {
        return;
    }
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
    assert_eq!(request.engine(), request.oracle(), "{request:#?}");
});
