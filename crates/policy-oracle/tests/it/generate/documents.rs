//! Whole policies.

use super::{conditions::conditions, principals::principals, texts::pattern};
use buckler_policy::{Document, parse_identity_policy};
use proptest::{prelude::*, sample::select};
use serde_json::{Map, Value, json};

/// A trust policy as it is stored.
pub(crate) fn trust_policy() -> impl Strategy<Value = Document> {
    let actions = select(vec![
        "sts:AssumeRole",
        "sts:*",
        "sts:AssumeRoleWith*",
        "STS:tagsession",
    ]);
    let actions = prop::collection::vec(actions, 1..3);
    let statement = (actions, principals(), conditions(), prop::bool::weighted(0.25)).prop_map(
        |(action, mut principal, condition, deny)| {
            // No canonical user can assume a role.
            if let Some(map) = principal.as_object_mut() {
                map.remove("CanonicalUser");
                if map.is_empty() {
                    principal = json!("*");
                }
            }
            let effect = if deny { "Deny" } else { "Allow" };
            json!({"Effect": effect, "Principal": principal, "Action": action, "Condition": condition})
        },
    );
    let statements = prop::collection::vec(statement, 1..4);
    statements.prop_map(|statements| {
        let text = json!({"Version": "2012-10-17", "Statement": statements}).to_string();
        Document::from_stored_trust_policy(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
    })
}

/// A bucket policy as it is stored: the tests of PutBucketPolicy would refuse most of these.
pub(crate) fn bucket_policy() -> impl Strategy<Value = Document> {
    text(true).prop_map(|text| {
        Document::from_stored(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
    })
}

/// An identity policy, a boundary or a session policy.
pub(crate) fn identity_policy() -> impl Strategy<Value = Document> {
    text(false).prop_map(|text| {
        parse_identity_policy(text.as_bytes()).unwrap_or_else(|error| panic!("{error}: {text}"))
    })
}

fn text(has_principal: bool) -> impl Strategy<Value = String> {
    let statements = prop::collection::vec(statement(has_principal), 1..5);
    (statements, 0_u8..3).prop_map(|(statements, version)| {
        let mut document = json!({"Statement": statements});
        if let Some(name) = ["2008-10-17", "2012-10-17"].get(usize::from(version)) {
            document["Version"] = json!(name);
        }
        document.to_string()
    })
}

fn actions() -> impl Strategy<Value = Vec<&'static str>> {
    prop::collection::vec(
        select(vec![
            "*",
            "s3:*",
            "s3:Get*",
            "s3:GetObject",
            "S3:putobject",
            "s3:?etObject*",
            "s3:*Object??????????",
            "s3:ListBucket",
            "s3:*BucketPolicy",
            "s3:*Tagging",
            "s3:*Acl",
            "s3:NoSuchAction",
            "iam:*",
            "iam:?reate*",
            "sts:AssumeRole",
        ]),
        1..4,
    )
}

fn resources() -> impl Strategy<Value = Vec<String>> {
    let usual = select(vec![
        "*",
        "arn:aws:s3:::*",
        "arn:aws:s3:::examplebucket",
        "arn:aws:s3:::examplebucket/*",
        "arn:aws:s3:::examplebucket/a/?",
        "arn:aws:s3:::*/${aws:username}/*",
        "arn:aws:s3:::examplebucket/${aws:PrincipalTag/team, 'a'}/*",
        "arn:aws:s3:::examplebucket/${*}/?",
        "arn:*:s3:::example*/a*b",
        "arn:aws:s3:::example?ucket*",
        "arn:aws:s3:*:*:examplebucket/a*",
        "arn:aws:s3:::examplebucket/*/*:*",
        "arn:aws:iam::111111111111:*",
        "arn:aws:iam::${aws:PrincipalAccount}:user/*",
        "arn:aws:s3*",
    ])
    .prop_map(str::to_owned);
    let made = pattern().prop_map(|text| format!("arn:aws:s3:::examplebucket/{text}"));
    prop::collection::vec(prop_oneof![3 => usual, 1 => made], 1..4)
}

fn statement(has_principal: bool) -> impl Strategy<Value = Value> {
    let flags = (
        prop::bool::weighted(0.35),
        prop::bool::weighted(0.15),
        prop::bool::weighted(0.15),
        prop::bool::weighted(0.25),
    );
    (actions(), resources(), principals(), conditions(), flags).prop_map(
        move |(action, resource, principal, condition, flags)| {
            let (deny, not_action, not_resource, not_principal) = flags;
            let mut statement = Map::new();
            let mut put = |is_negated: bool, name: &str, value| {
                let name = if is_negated {
                    format!("Not{name}")
                } else {
                    name.to_owned()
                };
                statement.insert(name, value);
            };
            put(false, "Effect", json!(if deny { "Deny" } else { "Allow" }));
            put(not_action, "Action", json!(action));
            put(not_resource, "Resource", json!(resource));
            put(false, "Condition", condition);
            if has_principal {
                put(not_principal && deny, "Principal", principal);
            }
            Value::Object(statement)
        },
    )
}
