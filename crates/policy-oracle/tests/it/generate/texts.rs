//! Short texts in which wildcards, variables, colons and letters of several scripts meet.

use proptest::prelude::*;
use std::ops::Range;

/// A text as a request has it.
pub(crate) fn text() -> impl Strategy<Value = String> {
    made_of("abA:/*?$Ééß日😀", 0..6)
}

/// A text of so many of the letters. A regular expression would be read anew for every text.
fn made_of(letters: &str, count: Range<usize>) -> impl Strategy<Value = String> + use<> {
    let letter = prop::sample::select(letters.chars().collect::<Vec<_>>());
    prop::collection::vec(letter, count).prop_map(String::from_iter)
}

/// A text as a policy has it.
pub(crate) fn pattern() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        6 => made_of("abA:/Ééß日😀", 1..3),
        3 => Just("*".to_owned()),
        2 => Just("?".to_owned()),
        1 => prop::sample::select(vec![
            "${aws:username}",
            "${AWS:PrincipalTag/Team}",
            "${aws:PrincipalTag/team, 'b'}",
            "${aws:nothing}",
            "${aws:nothing, 'a*'}",
            "${s3:RequestObjectTagKeys}",
            "${*}",
            "${?}",
            "${$}",
            "${",
            "$",
            "}",
        ]).prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 0..4).prop_map(|pieces| pieces.concat())
}
