//! No input makes the parsers panic, and what they accept survives its own normal form.

use crate::findings::check_errors;
use buckler_policy::{
    AnalysisOptions, BUCKET_POLICY_BYTES_MAX, CompiledPolicy, ConditionKey, ContextMap, Document,
    PolicyError, PolicyKind, analyse, parse_bucket_policy, parse_identity_policy,
    parse_trust_policy,
};
use proptest::prelude::*;
use serde_json::{Map, Value};

/// JSON of any shape, made of words that policies are made of.
fn any_json() -> impl Strategy<Value = Value> {
    let word = prop::sample::select(vec![
        "Version",
        "2012-10-17",
        "Id",
        "Statement",
        "Sid",
        "Effect",
        "Allow",
        "Deny",
        "Principal",
        "NotPrincipal",
        "AWS",
        "Service",
        "*",
        "Action",
        "NotAction",
        "s3:*",
        "s3:GetObject",
        "sts:AssumeRole",
        "Resource",
        "NotResource",
        "arn:aws:s3:::b",
        "arn:aws:s3:::b/*",
        "arn:*:s3:::${aws:username}",
        "Condition",
        "StringLike",
        "ForAnyValue:IpAddress",
        "aws:SourceIp",
        "10.0.0.0/8",
        "",
        "111111111111",
        "${",
        "${aws:PrincipalTag/x, 'y'}",
        "\u{1f512}",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        word.clone().prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 64, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((word.clone(), inner), 0..6).prop_map(|members| {
                let members = members
                    .into_iter()
                    .map(|(name, value)| (name.to_owned(), value));
                Value::Object(members.collect::<Map<_, _>>())
            }),
        ]
    })
}

/// A document whose statements have most of the members that a statement has, with values that are often good.
fn any_statement() -> impl Strategy<Value = Value> {
    fn one_of(texts: &'static [&'static str]) -> BoxedStrategy<Value> {
        let values: Vec<Value> = texts
            .iter()
            .map(|text| serde_json::from_str(text).unwrap())
            .collect();
        let one = prop::sample::select(values);
        prop_oneof![
            3 => one.clone(),
            1 => prop::collection::vec(one, 0..4).prop_map(Value::from),
        ]
        .boxed()
    }
    let member = |name: &'static [&'static str], value: BoxedStrategy<Value>| {
        prop::option::weighted(0.95, (prop::sample::select(name), value))
    };
    let effect = member(&["Effect"], one_of(&[r#""Allow""#, r#""Deny""#, r#""""#]));
    let principal = member(
        &["Principal", "NotPrincipal"],
        prop::sample::select(vec![
            r#""*""#, r#"{"AWS":"*"}"#, r#"{"AWS":["111122223333","arn:aws:iam::111122223333:root"]}"#,
            r#"{"AWS":"arn:aws:iam::111122223333:user/alice","Service":"logging.s3.amazonaws.com"}"#,
            r#"{"Federated":"arn:aws:iam::111122223333:oidc-provider/x"}"#, r#"{"AWS":"AIDAX"}"#, "{}", r#"{"AWS":[]}"#,
            r#"{"CanonicalUser":"x"}"#, r#"{"aws":"*"}"#, r#""""#,
        ])
        .prop_map(|text| serde_json::from_str(text).unwrap())
        .boxed(),
    );
    let action = member(
        &["Action", "NotAction"],
        one_of(&[
            r#""s3:GetObject""#,
            r#""s3:Get*""#,
            r#""s3:ListBucket""#,
            r#""*""#,
            r#""s3:*""#,
            r#""s3:Foo""#,
            r#""sts:AssumeRole""#,
            r#""sts:*""#,
            r#""iam:PassRole""#,
            r#""x""#,
            r#""a:b:c""#,
            r#""s3:getobject""#,
            r#""""#,
        ]),
    );
    let resource = member(
        &["Resource", "NotResource"],
        one_of(&[
            r#""*""#,
            r#""arn:aws:s3:::b""#,
            r#""arn:aws:s3:::b/*""#,
            r#""arn:aws:s3:::b/${aws:username}""#,
            r#""arn:aws:s3:b*""#,
            r#""arn:aws:s3:x:y:b/k""#,
            r#""arn:aws:iam::111122223333:role/*""#,
            r#""b""#,
            r#""arn:aws:s3:::${""#,
            r#""""#,
        ]),
    );
    let operator = prop::sample::select(vec![
        "StringEquals",
        "StringLike",
        "StringNotLike",
        "ForAllValues:StringEquals",
        "ForAnyValue:ArnLike",
        "IpAddress",
        "NotIpAddressIfExists",
        "NumericLessThan",
        "DateGreaterThan",
        "Bool",
        "Null",
        "BinaryEquals",
        "bool",
        "NullIfExists",
        "ForAllValues:Null",
    ]);
    let key = prop::sample::select(vec![
        "aws:SourceIp",
        "aws:username",
        "aws:UserName",
        "aws:PrincipalTag/t",
        "aws:PrincipalTag",
        "aws:TagKeys",
        "s3:ExistingObjectTag/t",
        "s3:prefix",
        "s3:foo",
        "aws:foo",
        "foo",
        "aws:CurrentTime",
        "iam:PassedToService",
        "",
    ]);
    let value = one_of(&[
        r#""a*""#,
        r#""10.0.0.0/8""#,
        "5",
        "true",
        r#""${aws:userid}""#,
        r#""2026-01-01""#,
        r#""arn:aws:iam::1:role/x""#,
        r#""""#,
        "null",
        "{}",
    ]);
    let keys = prop::collection::vec((key, value), 0..3);
    let conditions = prop::collection::vec((operator, keys), 0..3).prop_map(|operators| {
        let object = |members: Vec<(&str, Value)>| {
            let members = members.into_iter();
            Value::Object(
                members
                    .map(|(name, value)| (name.to_owned(), value))
                    .collect(),
            )
        };
        object(
            operators
                .into_iter()
                .map(|(name, keys)| (name, object(keys)))
                .collect(),
        )
    });
    let condition = prop::option::weighted(0.6, (Just("Condition"), conditions));
    let sid = member(&["Sid"], one_of(&[r#""a""#, r#""b c""#, r#""""#, "7"]));
    let statement = (sid, effect, principal, action, resource, condition).prop_map(
        |(sid, effect, principal, action, resource, condition)| {
            let members = [sid, effect, principal, action, resource, condition];
            let members = members.into_iter().flatten();
            Value::Object(
                members
                    .map(|(name, value)| (name.to_owned(), value))
                    .collect(),
            )
        },
    );
    // Identity policies have no principals.
    let without = statement
        .prop_flat_map(|statement| (Just(statement), any::<bool>()))
        .prop_map(|(mut statement, remove)| {
            if let Value::Object(members) = &mut statement
                && remove
            {
                members.remove("Principal");
                members.remove("NotPrincipal");
            }
            statement
        });
    let version = prop::sample::select(vec!["2012-10-17", "2008-10-17", "2008-10-18"]);
    (version, prop::collection::vec(without, 0..4)).prop_map(
        |(version, statements)| serde_json::json!({"Version": version, "Statement": statements}),
    )
}

fn survives(parsed: Result<Document, PolicyError>) {
    if let Ok(document) = parsed {
        let _ = CompiledPolicy::compile(&document).is_public();
        let text = document.to_normalized_json();
        serde_json::from_str::<Value>(&text).unwrap();
    }
}

/// Whatever the text is, the analysis ends, and says ERROR for what is refused and for nothing else.
fn is_analysed(text: &[u8]) {
    for kind in PolicyKind::ALL {
        let analysis = analyse(text, kind, &AnalysisOptions::default());
        check_errors(&analysis);
    }
}

proptest! {
    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        survives(parse_bucket_policy(&bytes, "b"));
        survives(parse_identity_policy(&bytes));
        survives(parse_trust_policy(&bytes));
        is_analysed(&bytes);
    }

    #[test]
    fn any_text_after_a_brace(text in "\\{\\PC{0,100}") {
        survives(parse_bucket_policy(text.as_bytes(), "b"));
        survives(parse_identity_policy(text.as_bytes()));
        survives(parse_trust_policy(text.as_bytes()));
        is_analysed(text.as_bytes());
    }

    #[test]
    fn any_json_of_policy_words(json in any_json()) {
        survives(parse_bucket_policy(json.to_string().as_bytes(), "b"));
        survives(parse_identity_policy(json.to_string().as_bytes()));
        survives(parse_trust_policy(json.to_string().as_bytes()));
        is_analysed(json.to_string().as_bytes());
    }

    #[test]
    fn any_statement_is_analysed(json in any_statement()) {
        is_analysed(json.to_string().as_bytes());
    }

    #[test]
    fn any_key_and_context(name in "\\PC{0,40}", value in "\\PC{0,40}") {
        let key = ConditionKey::parse(&name);
        prop_assert_eq!(&ConditionKey::parse(&key.name()), &key);
        let _ = ContextMap::new().with(&name, &value);
    }

    /// The size is measured before the normal form exists; both must agree to the byte.
    #[test]
    fn the_limit_is_that_of_the_normal_form(extra in 0_usize..400) {
        let policy = |sid: &str| format!(
            "{{ \"Statement\" : {{\"Sid\":\"{sid}\", \"Resource\":[\"arn:aws:s3:::b/*\"],\"Effect\":\"Allow\",\
             \"Principal\":{{\"AWS\":[\"111111111111\"]}},\"Action\":[\"s3:GetObject\"],\
             \"Condition\":{{\"Bool\":{{\"aws:SecureTransport\":true}},\"NumericLessThan\":{{\"s3:signatureAge\":[5]}}}}}}}}"
        );
        let empty = parse_bucket_policy(policy("").as_bytes(), "b").unwrap();
        let room = BUCKET_POLICY_BYTES_MAX - empty.to_normalized_json().len();
        let sid = "x".repeat(room - 200 + extra);
        match parse_bucket_policy(policy(&sid).as_bytes(), "b") {
            Ok(document) => prop_assert!(extra <= 200 && document.to_normalized_json().len() <= BUCKET_POLICY_BYTES_MAX),
            Err(error) => prop_assert!(extra > 200 && error == PolicyError::TooLarge),
        }
    }
}

#[test]
fn deep_nesting_is_invalid_json_at_any_depth() {
    for depth in [40, 10_000, 100_000] {
        let body = format!("{{\"a\":{}", "[".repeat(depth));
        assert_eq!(
            parse_bucket_policy(body.as_bytes(), "b"),
            Err(PolicyError::InvalidJson)
        );
    }
}

#[test]
fn a_body_beyond_all_bounds_is_too_large() {
    let body = format!("{{\"Statement\":[{}", " ".repeat(2_000_000));
    assert_eq!(
        parse_bucket_policy(body.as_bytes(), "b"),
        Err(PolicyError::TooLarge)
    );
}
