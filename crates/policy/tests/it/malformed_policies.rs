//! The bodies of `tests/vectors/malformed-policies.json`.

use buckler_policy::{Document, PolicyError, Principal, parse_bucket_policy};
use serde_json::Value;

/// What the file's preconditions say exists: account 222222222222, and nobody named `no-such-*`.
fn resolve(principal: &Principal) -> Option<Principal> {
    let text = principal.text();
    let is_missing = text.contains("no-such-") || text.contains("000000000000");
    (!is_missing).then(|| principal.clone())
}

fn put(body: &str) -> Result<Document, PolicyError> {
    parse_bucket_policy(body.as_bytes(), "examplebucket")?.bind(&resolve)
}

#[test]
fn put_bucket_policy_answers_as_aws_does() {
    let file: Value =
        serde_json::from_str(include_str!("../vectors/malformed-policies.json")).unwrap();
    let cases = file["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 118);
    let faults: Vec<_> = cases.iter().filter_map(fault).collect();
    assert!(
        faults.is_empty(),
        "{} cases:\n{}",
        faults.len(),
        faults.join("\n")
    );
}

/// What the case wants and does not get.
fn fault(case: &Value) -> Option<String> {
    let expected = &case["expected"];
    let (wanted, found) = match put(case["body"].as_str().unwrap()) {
        Ok(document) => {
            let stored = document.to_normalized_json();
            assert_eq!(Document::from_stored(&stored).as_ref(), Ok(&document));
            let wanted = expected["get_bucket_policy_body"].as_str();
            let refused = expected["message"]
                .as_str()
                .map(|text| format!("refused: {text}"));
            (
                refused
                    .or(wanted.map(str::to_owned))
                    .unwrap_or_else(|| stored.clone()),
                stored,
            )
        }
        Err(error) => {
            assert!(expected["code"] == "MalformedPolicy" || expected["http_status"] == 204);
            let wanted = expected["message"].as_str().unwrap_or("accepted");
            (wanted.to_owned(), error.to_string())
        }
    };
    (wanted != found).then(|| format!("{}:\n  wanted {wanted}\n  found  {found}", case["name"]))
}
