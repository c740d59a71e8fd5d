//! The canonical query string.

use crate::Method;
use crate::percent;
use crate::query::{self, parameters};

/// Writes the parameters encoded anew and sorted by encoded name, then value.
///
/// A presigned URL's own signature is left out.
pub(super) fn write(raw_query: &str, method: Method, to: &mut Vec<u8>) {
    let mut pairs: Vec<(Vec<u8>, Vec<u8>)> = parameters(raw_query)
        .filter(|parameter| method != Method::Query || !parameter.is_named("X-Amz-Signature"))
        .map(|parameter| (encode(parameter.name), encode(parameter.value)))
        .collect();
    pairs.sort_unstable();
    for (index, (name, value)) in pairs.iter().enumerate() {
        if index > 0 {
            to.push(b'&');
        }
        to.extend_from_slice(name);
        to.push(b'=');
        to.extend_from_slice(value);
    }
}

fn encode(text: &str) -> Vec<u8> {
    let mut encoded = Vec::with_capacity(text.len());
    for byte in query::decode(text) {
        percent::push_encoded(byte, &mut encoded);
    }
    encoded
}
