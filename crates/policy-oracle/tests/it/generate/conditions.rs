//! Conditions: those that people write, and any operator on any key.

use super::{
    contexts::KEYS,
    operators::{operators, values},
    texts::pattern,
};
use proptest::{prelude::*, sample::select};
use serde_json::{Map, Value, json};

/// One operator, one key, its values.
type Entry = (String, String, Vec<String>);

/// The value of `Condition`.
pub(crate) fn conditions() -> impl Strategy<Value = Value> {
    let entry = prop_oneof![3 => usual(), 2 => any_operator(), 1 => any_text()].boxed();
    // Half of all statements have none: every condition more makes it less likely that anything applies.
    let count = prop_oneof![4 => Just(0_usize), 3 => Just(1), 1 => 2_usize..4];
    let list = count.prop_flat_map(move |count| prop::collection::vec(entry.clone(), count));
    list.prop_map(|list| {
        let mut operators = Map::new();
        for (operator, key, values) in list {
            let keys = operators.entry(operator).or_insert_with(|| json!({}));
            let value = match values.as_slice() {
                [one] => json!(one),
                many => json!(many),
            };
            keys.as_object_mut().unwrap().insert(key, value);
        }
        Value::Object(operators)
    })
}

fn usual() -> impl Strategy<Value = Entry> {
    let one = select(vec![
        ("StringEquals", "aws:username", "alice"),
        ("StringLike", "aws:username", "${aws:PrincipalTag/team}*"),
        ("StringNotEquals", "aws:PrincipalTag/Team", "a"),
        ("StringEqualsIfExists", "aws:PrincipalTag/team", "A"),
        ("StringEqualsIgnoreCase", "aws:PrincipalTag/TEAM", "É"),
        ("ForAnyValue:StringEquals", "s3:RequestObjectTagKeys", "k1"),
        ("ForAllValues:StringLike", "s3:RequestObjectTagKeys", "k?"),
        ("ForAnyValue:StringNotLike", "s3:RequestObjectTagKeys", "k*"),
        ("StringEquals", "s3:RequestObjectTag/k1", "v"),
        ("IpAddress", "aws:SourceIp", "10.0.0.0/8"),
        ("NotIpAddress", "aws:SourceIp", "10.1.0.0/16"),
        ("NotIpAddress", "aws:SourceIp", "::/0"),
        ("Bool", "aws:SecureTransport", "true"),
        ("BoolIfExists", "aws:MultiFactorAuthPresent", "false"),
        ("Null", "s3:ExistingObjectTag/a", "true"),
        ("Null", "aws:TokenIssueTime", "false"),
        ("StringEquals", "s3:ExistingObjectTag/a", "1"),
        (
            "StringEquals",
            "s3:ExistingObjectTag/a",
            "${aws:PrincipalTag/team}",
        ),
        ("NumericLessThan", "s3:max-keys", "10"),
        ("DateGreaterThan", "aws:CurrentTime", "2020-01-01"),
        ("NumericGreaterThan", "aws:EpochTime", "1577836800"),
        ("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:user/*"),
        (
            "ArnNotEquals",
            "aws:PrincipalArn",
            "arn:aws:iam::${aws:PrincipalAccount}:user/${aws:username}",
        ),
        ("StringLike", "s3:prefix", "${aws:username}/*"),
        ("StringEquals", "s3:x-amz-acl", "public-read"),
    ]);
    one.prop_map(|(operator, key, value)| {
        (operator.to_owned(), key.to_owned(), vec![value.to_owned()])
    })
}

fn any_operator() -> impl Strategy<Value = Entry> {
    (select(operators()), select(KEYS.to_vec())).prop_flat_map(|(operator, key)| {
        let pool: Vec<String> = values(operator.test)
            .into_iter()
            .map(str::to_owned)
            .collect();
        let values = prop::collection::vec(select(pool), 0..4);
        (Just(operator.to_string()), Just(key.to_owned()), values)
    })
}

fn any_text() -> impl Strategy<Value = Entry> {
    let operators: Vec<String> = operators()
        .into_iter()
        .map(|operator| operator.to_string())
        .filter(|name| name.contains("String") || name.contains("Arn"))
        .collect();
    let values = prop::collection::vec(pattern(), 1..3);
    (select(operators), select(KEYS.to_vec()), values)
        .prop_map(|(operator, key, values)| (operator, key.to_owned(), values))
}
