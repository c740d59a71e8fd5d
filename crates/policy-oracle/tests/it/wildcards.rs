//! The wildcard matcher against regular expressions.

use crate::{
    both::{Question, Request, callers},
    cases::cases,
};
use buckler_policy::{Action, parse_identity_policy};
use proptest::prelude::*;
use regex::Regex;
use serde_json::json;

/// Whether the engine finds that `pattern` matches `text`, by way of a condition.
fn engine(pattern: &str, text: &str) -> bool {
    let policy = json!({"Statement": {
        "Effect": "Allow", "Action": "*", "Resource": "*",
        "Condition": {"StringLike": {"aws:UserAgent": pattern}},
    }});
    let mut request = Request::new(callers()[1].1);
    request.identity = vec![parse_identity_policy(policy.to_string().as_bytes()).unwrap()];
    request
        .context
        .insert("aws:useragent".to_owned(), vec![text.to_owned()]);
    let answer = request.engine();
    assert_eq!(answer, request.oracle());
    answer == "identity-based policy, 0.0"
}

fn regex(pattern: &str) -> Regex {
    let escaped = regex::escape(pattern)
        .replace("\\*", ".*")
        .replace("\\?", ".");
    Regex::new(&format!("(?s)^{escaped}$")).unwrap()
}

proptest! {
    #![proptest_config(cases(4096))]

    #[test]
    fn wildcards_match_as_regular_expressions_do(pattern in "[ab*?é/]{0,8}", text in "[abé/]{0,10}") {
        prop_assert_eq!(engine(&pattern, &text), regex(&pattern).is_match(&text));
    }

    #[test]
    fn a_pattern_matches_what_it_was_made_from(text in "\\PC{0,12}", at in 0_usize..12) {
        let pattern: String = text.chars().enumerate().map(|(index, letter)| if index == at { '?' } else { letter }).collect();
        prop_assert!(engine(&pattern, &text));
        let open = format!("{pattern}*");
        prop_assert!(engine(&open, &text));
        let (both_open, longer) = (format!("*{open}"), format!("x{text}y"));
        prop_assert!(engine(&both_open, &longer));
    }
}

/// A matcher that goes back over runs would not come to an end here.
#[test]
fn many_runs_do_not_explode() {
    let pattern = "*a".repeat(200) + "b";
    let policy = json!({"Statement": {
        "Effect": "Allow", "Action": "*", "Resource": format!("arn:aws:s3:::{pattern}"),
    }});
    let mut request = Request::new(callers()[1].1);
    request.identity = vec![parse_identity_policy(policy.to_string().as_bytes()).unwrap()];
    request.question = Question::Object(Action::GetObject, "a".repeat(1000));
    assert_eq!(request.engine(), "implicit_deny:no identity-based policy");
}
