//! What IAM says to a broken policy. Source: facts: authorization.md 7.3.

use buckler_policy::parse_identity_policy;

#[track_caller]
fn check(statement: &str, expected: &str) {
    let text = format!(r#"{{"Version":"2012-10-17","Statement":{statement}}}"#);
    let answer = parse_identity_policy(text.as_bytes());
    assert_eq!(
        answer.map_or_else(|error| error.to_string(), |_| "accepted".to_owned()),
        expected
    );
}

#[test]
fn unknown_actions_services_and_keys_are_accepted() {
    check(
        r#"{"Effect":"Allow","Action":["s3:NoSuchAction","iam:*","*"],"Resource":"*","Condition":{"StringEquals":{"s3:nosuchkey":"x"}}}"#,
        "accepted",
    );
}

#[test]
fn each_fault_has_its_message() {
    check("[]", "Syntax errors in policy.");
    check(
        r#"{"Effect":"Permit","Action":"s3:*","Resource":"*"}"#,
        "Syntax errors in policy.",
    );
    check(
        r#"{"Effect":"Allow","Resource":"*"}"#,
        "Policy statement must contain actions.",
    );
    check(
        r#"{"Effect":"Allow","Action":"s3:*"}"#,
        "Policy statement must contain resources.",
    );
    check(
        r#"{"Effect":"Allow","Action":"GetObject","Resource":"*"}"#,
        "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.",
    );
    check(
        r#"{"Effect":"Allow","Action":"s3:s3:GetObject","Resource":"*"}"#,
        "Actions/Condition can contain only one colon.",
    );
    check(
        r#"{"Effect":"Allow","Action":"s 3:Get","Resource":"*"}"#,
        "Vendor s 3 is not valid",
    );
    check(
        r#"{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"*"}"#,
        "Policy document should not specify a principal.",
    );
    check(
        r#"{"Effect":"Allow","Action":"s3:*","Resource":"bucket"}"#,
        r#"Resource bucket must be in ARN format or "*"."#,
    );
    check(
        r#"[{"Sid":"a","Effect":"Allow","Action":"s3:*","Resource":"*"},{"Sid":"a","Effect":"Deny","Action":"s3:*","Resource":"*"}]"#,
        "Statement IDs (SID) in a single policy must be unique.",
    );
    check(
        r#"{"Sid":"a b","Effect":"Allow","Action":"s3:*","Resource":"*"}"#,
        "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*",
    );
}

#[test]
fn a_version_nobody_knows_is_refused() {
    let error = parse_identity_policy(br#"{"Version":"2017-01-01","Statement":[]}"#).unwrap_err();
    assert_eq!(
        error.to_string(),
        "Policy document must be version 2012-10-17 or greater."
    );
}
