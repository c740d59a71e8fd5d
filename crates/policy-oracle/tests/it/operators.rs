//! Each operator alone: every set prefix, with and without `IfExists`, on values of its own kind and of none.

use crate::both::{Request, callers};
use buckler_policy::{Operator, SetOperator, Test, parse_identity_policy};
use proptest::prelude::*;
use serde_json::json;

fn operators() -> Vec<Operator> {
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
fn values(test: Test) -> Vec<&'static str> {
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
        ]
    } else if name.starts_with("Numeric") {
        &[
            "0", "1", "1.0", "-1", "1.5", "10", "007", ".5", "1.", "1e1", "--1", "-",
        ]
    } else if name.starts_with("Date") {
        &[
            "2020-04-01",
            "2020-04-01T00:00:00Z",
            "2020-04-01T02:00:00+02:00",
            "1585699200",
            "1585699201",
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
        ]
    } else if name.starts_with("Arn") {
        &[
            "arn:aws:iam::111111111111:user/alice",
            "arn:aws:iam::*:user/*",
            "arn:aws:*",
            "arn:aws:iam::${aws:PrincipalAccount}:user/${aws:username}",
            "arn:aws:s3:::b/x:y",
            "arn:aws:s3:::b/*",
            "*",
        ]
    } else if name == "BinaryEquals" {
        &["AA==", "AQ==", "QUJD", "QUI=", "QUI"]
    } else {
        &["true", "false", "True", "FALSE", "yes"]
    };
    own.iter().copied().chain(["", "x"]).collect()
}

fn case() -> impl Strategy<Value = (Operator, Vec<&'static str>, Vec<&'static str>)> {
    prop::sample::select(operators()).prop_flat_map(|operator| {
        let pool = values(operator.test);
        let list = |max| prop::collection::vec(prop::sample::select(pool.clone()), 0..max);
        (Just(operator), list(4), list(4))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20_000))]

    #[test]
    fn each_operator_agrees_with_the_oracle((operator, policy, request) in case(), old in any::<bool>()) {
        let version = if old { "2008-10-17" } else { "2012-10-17" };
        let document = json!({"Version": version, "Statement": {
            "Effect": "Allow", "Action": "*", "Resource": "*",
            "Condition": {operator.to_string(): {"aws:TheKey": policy}},
        }});
        let mut world = Request::new(callers()[1].1);
        world.identity = vec![parse_identity_policy(document.to_string().as_bytes()).unwrap()];
        world.context.insert("aws:username".to_owned(), vec!["a".to_owned()]);
        world.context.insert("aws:principalaccount".to_owned(), vec!["111111111111".to_owned()]);
        let values = request.iter().map(|value| (*value).to_owned()).collect();
        world.context.insert("aws:thekey".to_owned(), values);
        prop_assert_eq!(world.engine(), world.oracle(), "{} {:?} {:?}", operator, policy, request);
    }
}

#[test]
fn there_are_157_operators() {
    // 26 tests with 3 prefixes, each with and without IfExists, and Null.
    assert_eq!(operators().len(), 26 * 6 + 1);
}
