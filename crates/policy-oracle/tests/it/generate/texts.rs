//! Short texts in which wildcards, variables, colons and letters of several scripts meet.

use proptest::prelude::*;

/// A text as a request has it.
pub(crate) fn text() -> impl Strategy<Value = String> {
    "[abA:/*?$Ééß日😀]{0,5}"
}

/// A text as a policy has it.
pub(crate) fn pattern() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        6 => "[abA:/Ééß日😀]{1,2}",
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
