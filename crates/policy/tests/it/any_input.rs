//! No input makes the parsers panic, and what they accept survives its own normal form.

use buckler_policy::{
    BUCKET_POLICY_BYTES_MAX, CompiledPolicy, ConditionKey, ContextMap, Document, PolicyError,
    parse_bucket_policy, parse_identity_policy, parse_trust_policy,
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

fn survives(parsed: Result<Document, PolicyError>) {
    if let Ok(document) = parsed {
        let _ = CompiledPolicy::compile(&document).is_public();
        let text = document.to_normalized_json();
        serde_json::from_str::<Value>(&text).unwrap();
    }
}

proptest! {
    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        survives(parse_bucket_policy(&bytes, "b"));
        survives(parse_identity_policy(&bytes));
        survives(parse_trust_policy(&bytes));
    }

    #[test]
    fn any_text_after_a_brace(text in "\\{\\PC{0,100}") {
        survives(parse_bucket_policy(text.as_bytes(), "b"));
        survives(parse_identity_policy(text.as_bytes()));
        survives(parse_trust_policy(text.as_bytes()));
    }

    #[test]
    fn any_json_of_policy_words(json in any_json()) {
        survives(parse_bucket_policy(json.to_string().as_bytes(), "b"));
        survives(parse_identity_policy(json.to_string().as_bytes()));
        survives(parse_trust_policy(json.to_string().as_bytes()));
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
