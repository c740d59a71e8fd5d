//! `Condition`: operators, keys, values, and what they say together.

mod contradictions;
mod global_keys;
mod keys;
mod operators;
mod overlap;
mod sets;
mod types;
mod values;

pub(super) use global_keys::is_known_key;

use super::{
    IssueCode,
    analysis::Subject,
    report::{Report, quoted},
    view::StatementView,
};
use std::collections::HashMap;

pub(super) fn check(report: &mut Report, subject: &Subject<'_>, statement: &StatementView<'_>) {
    operators::check(report, statement);
    for condition in &statement.conditions {
        keys::check(report, subject, statement, condition);
        let Some(operator) = condition.operator else {
            continue;
        };
        types::check(report, condition, operator);
        sets::check(report, statement, condition, operator);
        values::check(report, subject, condition, operator);
        overlap::check(report, subject, condition, operator);
    }
    check_duplicates(report, statement);
    contradictions::check(report, subject, statement);
}

/// One key twice under one operator, in two spellings.
fn check_duplicates(report: &mut Report, statement: &StatementView<'_>) {
    let mut seen = HashMap::new();
    for condition in &statement.conditions {
        let place = (
            condition.operator_text.text,
            condition.key_text.text.to_lowercase(),
        );
        let Some(before) = seen.insert(place, condition.key_text.text) else {
            continue;
        };
        if before != condition.key_text.text {
            let message = format!(
                "{} is the same key as {}: write the values under one",
                quoted(condition.key_text.text),
                quoted(before)
            );
            let code = IssueCode::DuplicateKeysWithDifferentCase;
            report.add(code, condition.key_text.span, message);
        }
    }
}
