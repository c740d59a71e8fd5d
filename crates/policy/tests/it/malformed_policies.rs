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

/// How sure the text of a message is. The code is always.
fn message_is_recorded(case: &Value) -> bool {
    case["message_status"].is_null()
        && case["status"]
            .as_str()
            .is_some_and(|status| status.starts_with("AWS-recorded"))
}

/// Cases without a recording whose message differs from the file's, each with the reason.
const OTHER_WORDS: [&str; 0] = [];

#[test]
fn put_bucket_policy_answers_as_aws_does() {
    let file: Value = serde_json::from_str(include_str!(
        "../../../../tests/vectors/malformed-policies.json"
    ))
    .unwrap();
    let cases = file["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 118);
    let recorded = cases.iter().filter(|case| message_is_recorded(case));
    assert_eq!(recorded.count(), 53);
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
    let name = case["name"].as_str().unwrap();
    let (wanted, found) = match put(case["body"].as_str().unwrap()) {
        Ok(document) => {
            let stored = document.to_normalized_json();
            assert_eq!(Document::from_stored(&stored).as_ref(), Ok(&document));
            let wanted = expected["get_bucket_policy_body"].as_str();
            (wanted.unwrap_or(&stored).to_owned(), stored)
        }
        Err(_) if OTHER_WORDS.contains(&name) && !message_is_recorded(case) => return None,
        Err(error) => {
            let wanted = expected["message"].as_str().unwrap_or("accepted");
            (wanted.to_owned(), error.to_string())
        }
    };
    let accepted = put(case["body"].as_str().unwrap()).is_ok();
    let (status, code) = if accepted {
        (204, Value::Null)
    } else {
        (400, "MalformedPolicy".into())
    };
    let answered = expected["http_status"] == status && expected["code"] == code;
    (!answered || wanted != found)
        .then(|| format!("{name}:\n  wanted {expected}\n  found  {status} {code} {found}"))
}
