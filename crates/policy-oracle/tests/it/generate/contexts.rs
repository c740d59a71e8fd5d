//! What a request says of itself.

use super::texts::text;
use buckler_policy_oracle::Context;
use proptest::{prelude::*, sample::select};

/// Keys that conditions ask for, in the letter cases that people use.
pub(crate) const KEYS: [&str; 14] = [
    "aws:username",
    "aws:PrincipalTag/Team",
    "aws:principaltag/team",
    "aws:SourceIp",
    "aws:SecureTransport",
    "aws:CurrentTime",
    "aws:PrincipalArn",
    "AWS:PrincipalAccount",
    "aws:TheKey",
    "s3:ExistingObjectTag/a",
    "S3:max-keys",
    "s3:prefix",
    "s3:RequestObjectTagKeys",
    "s3:VersionId",
];

type Pair = Option<(&'static str, Vec<String>)>;

/// Some of the keys, with values that their operators read or with none that any does.
pub(crate) fn context() -> impl Strategy<Value = Context> {
    let (principal, request) = (principal(), request());
    (principal, request).prop_map(|(principal, request)| {
        let pairs = principal.into_iter().chain(request).flatten();
        pairs
            .map(|(key, values)| (key.to_owned(), values))
            .collect()
    })
}

fn principal() -> impl Strategy<Value = Vec<Pair>> {
    (
        one("aws:username", &["alice", "a", "É", ""]),
        one("aws:principaltag/team", &["a", "A", "*", "team", "é"]),
        one(
            "aws:principalarn",
            &[
                "arn:aws:iam::111111111111:user/alice",
                "arn:aws:s3:::b",
                "x",
            ],
        ),
        one("aws:principalaccount", &["111111111111"]),
        one("aws:multifactorauthpresent", &["true", "false"]),
        one("aws:tokenissuetime", &["2026-01-01T00:00:00Z"]),
    )
        .prop_map(|(a, b, c, d, e, f)| vec![a, b, c, d, e, f])
}

fn request() -> impl Strategy<Value = Vec<Pair>> {
    let several = prop::collection::vec(select(vec!["k1", "k2", "other", "", "É"]), 0..4)
        .prop_map(|values| Some(("s3:requestobjecttagkeys", owned(&values))));
    let any = prop::collection::vec(text(), 0..3).prop_map(|values| Some(("aws:thekey", values)));
    (
        one(
            "aws:sourceip",
            &[
                "10.0.0.1",
                "10.1.0.1",
                "11.0.0.1",
                "::1",
                "2001:db8::5",
                "x",
            ],
        ),
        one("aws:securetransport", &["true", "false", "TRUE", "yes"]),
        one("s3:existingobjecttag/a", &["1", "2", "a"]),
        one("s3:max-keys", &["5", "10", "1.0", "x"]),
        one(
            "aws:currenttime",
            &[
                "2019-01-01T00:00:00Z",
                "2020-04-01T00:00:00Z",
                "2026-01-01T00:00:00.5Z",
            ],
        ),
        one("aws:epochtime", &["1546300800", "1585699200"]),
        one("s3:prefix", &["", "alice/", "a/b"]),
        one("s3:requestobjecttag/k1", &["v", "V"]),
        one("s3:versionid", &["null", "a*"]),
        several,
        any,
    )
        .prop_map(|(a, b, c, d, e, f, g, h, i, j, k)| vec![a, b, c, d, e, f, g, h, i, j, k])
}

/// The key with one of the values, or not at all.
fn one(key: &'static str, values: &'static [&'static str]) -> impl Strategy<Value = Pair> {
    prop::option::weighted(0.7, select(values))
        .prop_map(move |value| value.map(|value| (key, owned(&[value]))))
}

fn owned(values: &[&str]) -> Vec<String> {
    values.iter().map(|value| (*value).to_owned()).collect()
}
