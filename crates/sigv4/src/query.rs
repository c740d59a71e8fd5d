//! The parameters of a query string.

use crate::percent;

/// One parameter as sent: name and value, still encoded. A parameter without `=` has an empty value.
#[derive(Clone, Copy)]
pub(crate) struct Parameter<'a> {
    pub(crate) name: &'a str,
    pub(crate) value: &'a str,
}

/// All parameters in the order sent. Empty pieces between `&` are none.
pub(crate) fn parameters(raw_query: &str) -> impl Iterator<Item = Parameter<'_>> {
    raw_query
        .split('&')
        .filter(|piece| !piece.is_empty())
        .map(|piece| {
            let (name, value) = piece.split_once('=').unwrap_or((piece, ""));
            Parameter { name, value }
        })
}

/// The decoded value of the first parameter of that name: AWS ignores repetitions.
///
/// Source: facts: s3-behaviour.md 2.1.
pub(crate) fn first(raw_query: &str, name: &str) -> Option<String> {
    parameters(raw_query)
        .find(|parameter| parameter.is_named(name))
        .map(|parameter| {
            let value = decode(parameter.value).collect();
            String::from_utf8(value)
                .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
        })
}

impl Parameter<'_> {
    /// Compares the decoded name, in its letter case.
    pub(crate) fn is_named(&self, name: &str) -> bool {
        decode(self.name).eq(name.bytes())
    }
}

/// In a query, unlike in a path, `+` is a space.
pub(crate) fn decode(text: &str) -> impl Iterator<Item = u8> + '_ {
    // `+` must become a space before `%2B` becomes `+`, hence the split by it.
    text.as_bytes()
        .split(|byte| *byte == b'+')
        .enumerate()
        .flat_map(|(index, piece)| {
            (index > 0)
                .then_some(b' ')
                .into_iter()
                .chain(percent::decode(piece))
        })
}
