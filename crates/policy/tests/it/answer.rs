//! What a vector's request is answered: the decision, and the status and code that a reason has on the wire.

use serde_json::Value;
use std::fmt;

/// The decision-bearing half of an answer, as `expected` has it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    decision: &'static str,
    http_status: u64,
    code: Option<String>,
    reason: String,
}

impl Answer {
    /// What the vector wants.
    pub(crate) fn expected(vector: &Value) -> Self {
        let expected = &vector["expected"];
        Self {
            decision: match expected["decision"].as_str().unwrap() {
                "allow" => "allow",
                "deny" => "deny",
                other => panic!("no decision {other}"),
            },
            http_status: expected["http_status"].as_u64().unwrap(),
            code: expected["code"].as_str().map(str::to_owned),
            reason: expected["reason"].as_str().unwrap().to_owned(),
        }
    }

    /// The answer that follows from a reason, for the operation of the vector.
    ///
    /// Source: facts: authorization.md 1.1, 1.4, 2.1, 5.8, 6.
    pub(crate) fn of(vector: &Value, reason: &str) -> Self {
        let operation = vector["request"]["operation"].as_str().unwrap();
        let (http_status, code) = match reason {
            "method_not_allowed" => (405, Some("MethodNotAllowed")),
            "no_such_bucket" => (404, Some("NoSuchBucket")),
            "not_found" => (404, Some("NoSuchKey")),
            refused if is_refusal(refused) => (403, Some("AccessDenied")),
            _ => (success(operation), None),
        };
        // An answer to HEAD has no body: clients show the status for the code.
        let code = match code {
            Some(_) if operation.starts_with("Head") => Some(http_status.to_string()),
            code => code.map(str::to_owned),
        };
        Self {
            decision: if code.is_some() { "deny" } else { "allow" },
            http_status,
            code,
            reason: reason.to_owned(),
        }
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let code = self.code.as_deref().unwrap_or("-");
        write!(
            f,
            "{} {} {code} {}",
            self.decision, self.http_status, self.reason
        )
    }
}

/// Whether a reason in the words of the file is one of a 403.
pub(crate) fn is_refusal(reason: &str) -> bool {
    reason.contains(':') || reason == "missing_key_hidden"
}

fn success(operation: &str) -> u64 {
    match operation {
        "PutBucketPolicy" | "DeleteBucketPolicy" | "DeleteObject" | "DeleteObjectTagging" => 204,
        _ => 200,
    }
}
