//! How documents of IAM are measured. Source: facts: authorization.md 7.5.

use buckler_policy::{
    POLICY_DOCUMENT_CHARACTERS_MAX, PolicyError, is_policy_text, parse_identity_policy,
    policy_characters,
};

fn policy(sid_characters: usize, letter: &str) -> String {
    let value = letter.repeat(sid_characters);
    format!(
        r#"{{"Statement":{{"Effect":"Allow","Action":"*","Resource":"*","Condition":{{"StringEquals":{{"aws:username":"{value}"}}}}}}}}"#
    )
}

#[test]
fn a_document_is_read_up_to_its_bound_in_characters() {
    let room = POLICY_DOCUMENT_CHARACTERS_MAX - policy(0, "").len();
    for letter in ["x", "é"] {
        assert!(parse_identity_policy(policy(room, letter).as_bytes()).is_ok());
        assert_eq!(
            parse_identity_policy(policy(room + 1, letter).as_bytes()),
            Err(PolicyError::SyntaxErrors)
        );
    }
}

#[test]
fn white_space_does_not_count() {
    assert_eq!(policy_characters(" {\t\"a é\"\r\n}"), 6);
}

#[test]
fn iam_takes_latin_letters_only() {
    assert!(is_policy_text("{\"Id\":\"é\u{ff}\"}\r\n\t"));
    assert!(!is_policy_text("{\"Id\":\"\u{100}\"}"));
    assert!(!is_policy_text("\u{0}"));
}
