//! Every operator, and values to compare with.

use buckler_policy::{Operator, SetOperator, Test};

/// All 157 operators.
pub(crate) fn operators() -> Vec<Operator> {
    let sets = [
        None,
        Some(SetOperator::ForAllValues),
        Some(SetOperator::ForAnyValue),
    ];
    let with = |set, if_exists, test| Operator {
        set,
        test,
        if_exists,
    };
    sets.into_iter()
        .flat_map(|set| [false, true].map(|if_exists| (set, if_exists)))
        .flat_map(|(set, if_exists)| {
            Test::ALL
                .iter()
                .map(move |test| with(set, if_exists, *test))
        })
        .filter(|operator| Operator::parse(&operator.to_string()).is_some())
        .collect()
}

/// Values that operators read, and values that none does.
pub(crate) fn values(test: Test) -> Vec<&'static str> {
    let name = test.name();
    let own: &[&str] = if name.starts_with("String") {
        &[
            "a",
            "A",
            "ab",
            "a*",
            "?",
            "${aws:username}",
            "${aws:username}*",
            "${*}",
            "${aws:nothing, 'A'}",
            "É",
            "é",
            "ß",
            "ẞ",
            "Σ",
            "ς",
            "σ",
            "İ",
            "i̇",
            "日?",
            "${aws:username, 'A'}",
            "${aws:UserName}",
            "${",
        ]
    } else if name.starts_with("Numeric") {
        &[
            "0",
            "1",
            "1.0",
            "-1",
            "1.5",
            "10",
            "007",
            ".5",
            "1.",
            "1e1",
            "--1",
            "-",
            "+1",
            "+-1",
            "18446744073709551615",
            "18446744073709551616",
            "0.000000000000000001",
            "1.000000000000000001",
            ".",
            " 1",
        ]
    } else if name.starts_with("Date") {
        &[
            "2020-04-01",
            "2020-04-01T00:00:00Z",
            "2020-04-01T02:00:00+02:00",
            "1585699200",
            "1585699201",
            "2020",
            "2020-04",
            "2020-04-01T00:00Z",
            "2020-04-01T00:00:00",
            "2020-03-31T22:30:00-01:30",
            "2020-04-01T00:00:00.25Z",
            "2020-13-01",
            "2020-04-01T",
            "2020-04-01t00:00z",
            "2020-04-01T00:00:00.25",
            "2016-12-31T23:59:60Z",
            "2016-12-31T23:59:60",
            "2020-04-01 00:00:00Z",
            "-1",
            "2021-01-01",
        ]
    } else if name.contains("Ip") {
        &[
            "10.0.0.1",
            "10.0.0.0/8",
            "10.1.2.3/8",
            "11.0.0.1",
            "0.0.0.0/0",
            "::/0",
            "::1",
            "2001:db8::/32",
            "2001:db8::5",
            "10.0.0.1/33",
            "255.255.255.255",
            "0.0.0.0/1",
            "2001:db8::/129",
            "10.0.0.1/",
            "::ffff:10.0.0.1",
            "::ffff:10.0.0.0/104",
            "::ffff:0:0/96",
            "::/95",
            "010.0.0.1",
            "05.0.0.0/32",
            "10.0.0.0/08",
            "10.0.0.0/+8",
        ]
    } else if name.starts_with("Arn") {
        &[
            "arn:aws:iam::111111111111:user/alice",
            "arn:aws:iam::*:user/*",
            "arn:aws:*",
            "arn:aws:iam::${aws:PrincipalAccount}:user/${aws:username}",
            "arn:aws:s3:::b/x:y",
            "arn:aws:s3:::b/*",
            "arn:aws:s3:::b",
            "arn:*",
            "arn:aws:iam:::${aws:nothing}",
            "a:b:c:d:e:f",
            "?:?:?:?:?:?",
            "*",
        ]
    } else if name == "BinaryEquals" {
        &[
            "AA==", "AQ==", "QUJD", "QUI=", "QUI", "QUJ=", "====", "Q-JD",
        ]
    } else {
        &["true", "false", "True", "FALSE", "yes"]
    };
    own.iter().copied().chain(["", "x"]).collect()
}
