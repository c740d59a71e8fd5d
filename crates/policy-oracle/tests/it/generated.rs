//! Whole policies and requests, made up from a small vocabulary so that they often meet.

use crate::{
    both::{Acls, Request, callers},
    world::canonical_id,
};
use buckler_policy::{
    AclPermission, Action, Document, Grant, Grantee, ObjectOwnership, parse_identity_policy,
};
use proptest::{prelude::*, sample::select};
use serde_json::{Map, Value, json};

fn principals() -> impl Strategy<Value = Value> {
    let aws = select(vec![
        "*",
        "111111111111",
        "222222222222",
        "arn:aws:iam::111111111111:root",
        "arn:aws:iam::111111111111:user/alice",
        "AIDAALICE000000000000",
        "arn:aws:iam::111111111111:role/team/app",
        "AROAAPP00000000000000",
        "arn:aws:sts::111111111111:assumed-role/app/s1",
        "arn:aws:sts::111111111111:federated-user/temp",
        "arn:aws:iam::111111111111:user/feduser",
        "arn:aws:iam::222222222222:user/eve",
        "arn:aws:sts::222222222222:assumed-role/xrole/sess",
        "arn:aws:iam::222222222222:role/xrole",
    ]);
    prop_oneof![
        1 => Just(json!("*")),
        6 => prop::collection::vec(aws, 1..4).prop_map(|list| json!({"AWS": list})),
        1 => Just(json!({"Service": "logging.s3.amazonaws.com"})),
        1 => Just(json!({"Federated": "graph.facebook.com"})),
        1 => Just(json!({"CanonicalUser": "2e".repeat(32)})),
    ]
}

fn conditions() -> impl Strategy<Value = Value> {
    let one = select(vec![
        ("StringEquals", "aws:username", "alice"),
        ("StringLike", "aws:username", "${aws:PrincipalTag/team}*"),
        ("StringNotEquals", "aws:PrincipalTag/Team", "a"),
        ("StringEqualsIfExists", "aws:PrincipalTag/team", "A"),
        ("ForAnyValue:StringEquals", "s3:RequestObjectTagKeys", "k1"),
        ("ForAllValues:StringLike", "s3:RequestObjectTagKeys", "k?"),
        ("IpAddress", "aws:SourceIp", "10.0.0.0/8"),
        ("NotIpAddress", "aws:SourceIp", "10.1.0.0/16"),
        ("Bool", "aws:SecureTransport", "true"),
        ("BoolIfExists", "aws:MultiFactorAuthPresent", "false"),
        ("Null", "s3:ExistingObjectTag/a", "true"),
        ("StringEquals", "s3:ExistingObjectTag/a", "1"),
        ("NumericLessThan", "s3:max-keys", "10"),
        ("DateGreaterThan", "aws:CurrentTime", "2020-01-01"),
        ("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:user/*"),
        (
            "ArnNotEquals",
            "aws:PrincipalArn",
            "arn:aws:iam::${aws:PrincipalAccount}:user/${aws:username}",
        ),
    ]);
    prop::collection::vec(one, 0..3).prop_map(|list| {
        let mut operators = Map::new();
        for (operator, key, value) in list {
            operators
                .entry(operator)
                .or_insert_with(|| json!({}))
                .as_object_mut()
                .unwrap()
                .insert(key.to_owned(), json!(value));
        }
        Value::Object(operators)
    })
}

fn statement(has_principal: bool) -> impl Strategy<Value = Value> {
    let actions = select(vec![
        "*",
        "s3:*",
        "s3:Get*",
        "s3:GetObject",
        "S3:putobject",
        "s3:?etObject*",
        "s3:ListBucket",
        "s3:*BucketPolicy",
        "s3:*Tagging",
        "iam:*",
    ]);
    let resources = select(vec![
        "*",
        "arn:aws:s3:::*",
        "arn:aws:s3:::examplebucket",
        "arn:aws:s3:::examplebucket/*",
        "arn:aws:s3:::examplebucket/a/?",
        "arn:aws:s3:::*/${aws:username}/*",
        "arn:aws:s3:::examplebucket/${aws:PrincipalTag/team, 'a'}/*",
        "arn:*:s3:::example*/a*b",
        "arn:aws:iam::111111111111:*",
        "arn:aws:s3*",
    ]);
    (
        prop::collection::vec(actions, 1..3),
        prop::collection::vec(resources, 1..3),
        principals(),
        conditions(),
        (
            any::<bool>(),
            prop::bool::weighted(0.2),
            prop::bool::weighted(0.2),
            prop::bool::weighted(0.2),
        ),
    )
        .prop_map(move |(action, resource, principal, condition, flags)| {
            let (deny, not_action, not_resource, not_principal) = flags;
            let mut statement = Map::new();
            let mut put = |name: &str, value| statement.insert(name.to_owned(), value);
            put("Effect", json!(if deny { "Deny" } else { "Allow" }));
            put(
                if not_action { "NotAction" } else { "Action" },
                json!(action),
            );
            put(
                if not_resource {
                    "NotResource"
                } else {
                    "Resource"
                },
                json!(resource),
            );
            put("Condition", condition);
            if has_principal {
                let negated = not_principal && deny;
                put(
                    if negated { "NotPrincipal" } else { "Principal" },
                    principal,
                );
            }
            Value::Object(statement)
        })
}

fn document(has_principal: bool) -> impl Strategy<Value = Document> {
    let statements = prop::collection::vec(statement(has_principal), 1..4);
    (statements, any::<bool>()).prop_map(move |(statements, old)| {
        let version = if old { "2008-10-17" } else { "2012-10-17" };
        let text = json!({"Version": version, "Statement": statements}).to_string();
        // A bucket policy comes as stored: the tests of PutBucketPolicy would refuse most of these.
        let parsed = if has_principal {
            Document::from_stored(&text)
        } else {
            parse_identity_policy(text.as_bytes())
        };
        parsed.unwrap_or_else(|error| panic!("{error}: {text}"))
    })
}

fn context() -> impl Strategy<Value = buckler_policy_oracle::Context> {
    let key = |name: &'static str, values: Vec<&'static str>| {
        prop::option::of(select(values))
            .prop_map(move |value| value.map(|value| (name, vec![value])))
    };
    let tags = prop::collection::vec(select(vec!["k1", "k2", "other"]), 0..3);
    (
        key("aws:username", vec!["alice", "a", ""]),
        key("aws:principaltag/team", vec!["a", "A", "*", "team"]),
        key("aws:sourceip", vec!["10.0.0.1", "10.1.0.1", "::1", "x"]),
        key("aws:securetransport", vec!["true", "false"]),
        key("s3:existingobjecttag/a", vec!["1", "2"]),
        key("s3:max-keys", vec!["5", "10", "x"]),
        key(
            "aws:currenttime",
            vec!["2019-01-01T00:00:00Z", "2026-01-01T00:00:00Z"],
        ),
        key(
            "aws:principalarn",
            vec!["arn:aws:iam::111111111111:user/alice", "x"],
        ),
        key("aws:principalaccount", vec!["111111111111"]),
        tags.prop_map(|tags| Some(("s3:requestobjecttagkeys", tags))),
    )
        .prop_map(|(a, b, c, d, e, f, g, h, i, j)| {
            let pairs = [a, b, c, d, e, f, g, h, i, j].into_iter().flatten();
            let own = |values: Vec<&str>| values.into_iter().map(str::to_owned).collect();
            pairs
                .map(|(key, values)| (key.to_owned(), own(values)))
                .collect()
        })
}

fn grants() -> impl Strategy<Value = Vec<Grant>> {
    let grantees = select(vec![
        Grantee::AllUsers,
        Grantee::AuthenticatedUsers,
        Grantee::LogDelivery,
        Grantee::CanonicalUser(canonical_id("111111111111")),
        Grantee::CanonicalUser(canonical_id("222222222222")),
    ]);
    let permissions = select(vec![
        AclPermission::Read,
        AclPermission::Write,
        AclPermission::ReadAcp,
        AclPermission::WriteAcp,
        AclPermission::FullControl,
    ]);
    let grant = (grantees, permissions).prop_map(|(grantee, permission)| Grant {
        grantee,
        permission,
    });
    prop::collection::vec(grant, 0..3)
}

fn acls() -> impl Strategy<Value = Acls> {
    let ownership = select(vec![
        ObjectOwnership::BucketOwnerEnforced,
        ObjectOwnership::BucketOwnerPreferred,
        ObjectOwnership::ObjectWriter,
    ]);
    let object = (select(vec!["111111111111", "222222222222"]), grants());
    (ownership, any::<bool>(), grants(), prop::option::of(object)).prop_map(
        |(object_ownership, ignore_public, bucket, object)| Acls {
            object_ownership,
            ignore_public,
            bucket,
            object,
        },
    )
}

fn request() -> impl Strategy<Value = Request> {
    let actions = select(vec![
        Action::GetObject,
        Action::PutObject,
        Action::GetObjectTagging,
        Action::ListBucket,
        Action::GetBucketPolicy,
        Action::GetObjectAttributes,
        Action::PutObjectAcl,
        Action::GetBucketAcl,
    ]);
    let keys = prop::option::of(select(vec!["a/b", "alice/x", "ab", "k", "a/é", "*/x"]));
    let callers: Vec<_> = callers().into_iter().map(|(_, caller)| caller).collect();
    (
        select(callers),
        prop::option::weighted(0.8, document(true)),
        prop::collection::vec(document(false), 0..3),
        prop::option::weighted(0.3, document(false)),
        prop::option::weighted(0.3, document(false)),
        context(),
        (actions, keys, prop::bool::weighted(0.2), acls()),
    )
        .prop_map(
            |(caller, bucket, identity, boundary, session, context, rest)| Request {
                caller,
                bucket,
                identity,
                boundary,
                session,
                context,
                action: rest.0,
                key: rest.1.map(str::to_owned),
                restrict_public_buckets: rest.2,
                acls: rest.3,
            },
        )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn whole_requests_agree_with_the_oracle(request in request()) {
        prop_assert_eq!(request.engine(), request.oracle(), "{:#?}", request);
    }

    #[test]
    fn stored_policies_survive_their_normal_form(document in document(true)) {
        let text = document.to_normalized_json();
        let again = Document::from_stored(&text).unwrap();
        prop_assert_eq!(&again.to_normalized_json(), &text);
    }
}

/// Agreement on requests that all end the same way would prove little.
#[test]
fn generated_requests_end_in_every_way() {
    use proptest::{strategy::ValueTree, test_runner::TestRunner};
    let mut runner = TestRunner::deterministic();
    let strategy = request();
    let answers: std::collections::BTreeSet<_> = (0..3000)
        .map(|_| strategy.new_tree(&mut runner).unwrap().current().engine())
        .collect();
    assert_eq!(answers.len(), 17, "{answers:#?}");
}
