//! The bodies of `tests/vectors/trust-policies.json`: what IAM accepts as a trust policy, and what it says to the rest.

use buckler_policy::{CompiledPolicy, Document, PolicyError, Principal, parse_trust_policy};
use serde_json::Value;

/// Nobody is named `no-such-*`.
fn resolve(principal: &Principal) -> Option<Principal> {
    (!principal.text().contains("no-such-")).then(|| principal.clone())
}

fn create(body: &str) -> Result<Document, PolicyError> {
    parse_trust_policy(body.as_bytes())?.bind(&resolve)
}

#[test]
fn create_role_answers_as_aws_does() {
    let file: Value = serde_json::from_str(include_str!(
        "../../../../tests/vectors/trust-policies.json"
    ))
    .unwrap();
    for case in file["cases"].as_array().unwrap() {
        let body = match &case["policy"] {
            Value::String(text) => text.clone(),
            policy => policy.to_string(),
        };
        let found = match create(&body) {
            Ok(document) => {
                assert!(document.is_trust_policy(), "{case}");
                let stored = document.to_normalized_json();
                let again = Document::from_stored_trust_policy(&stored);
                assert_eq!(again.as_ref(), Ok(&document), "{case}");
                assert!(CompiledPolicy::compile(&document).statements().len() > 0);
                "accepted".to_owned()
            }
            Err(error) => error.to_string(),
        };
        assert_eq!(found, case["answer"].as_str().unwrap(), "{case}");
    }
}

#[test]
fn a_stored_trust_policy_may_name_unique_ids() {
    let text = r#"{"Statement":{"Effect":"Allow","Principal":{"AWS":"AIDAALICE000000000000"},"Action":"sts:AssumeRole"}}"#;
    assert!(Document::from_stored_trust_policy(text).is_ok());
    assert_eq!(
        create(text).unwrap_err().to_string(),
        r#"Invalid principal in policy: "AWS":"AIDAALICE000000000000""#
    );
}
