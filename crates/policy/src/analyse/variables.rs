//! Policy variables. Source: facts: authorization.md 3.8.

use super::{
    IssueCode, PolicyKind,
    analysis::Subject,
    conditions::is_known_key,
    report::{Report, quoted},
    view::{Entry, StatementView, WrittenPrincipal},
};
use crate::{ConditionKey, Test, ValueType, source::Span};

pub(super) fn check(report: &mut Report, subject: &Subject<'_>, statement: &StatementView<'_>) {
    let actions = statement.action.iter().flat_map(|element| &element.entries);
    for entry in actions {
        refuse_anywhere(report, *entry, "actions");
    }
    if let Some(principal) = &statement.principal
        && let WrittenPrincipal::Map(lists) = &principal.written
    {
        let entries = lists.iter().flat_map(|(_, list)| &list.entries);
        entries.for_each(|entry| refuse_anywhere(report, *entry, "principals"));
    }
    if subject.kind != PolicyKind::Trust {
        let resources = statement
            .resource
            .iter()
            .flat_map(|element| &element.entries);
        for entry in resources {
            check_text(report, subject, *entry);
        }
    }
    for condition in &statement.conditions {
        let Some(operator) = condition.operator else {
            continue;
        };
        for value in &condition.values {
            let entry = Entry {
                text: value.text,
                span: value.span,
            };
            if takes_variables(operator.test) {
                check_text(report, subject, entry);
            } else if subject.has_variables
                && let Some(variable) = next_variable(entry.text, 0)
            {
                let message = format!(
                    "{} takes no variables, so {} is plain text",
                    quoted(condition.operator_text.text),
                    quoted(variable.text)
                );
                report.add(IssueCode::InvalidVariableForOperator, value.span, message);
            }
        }
    }
}

fn takes_variables(test: Test) -> bool {
    let name = test.name();
    name.starts_with("String") || name.starts_with("Arn")
}

/// Actions and principals have no variables.
fn refuse_anywhere(report: &mut Report, entry: Entry<'_>, place: &str) {
    if let Some(variable) = next_variable(entry.text, 0) {
        let message = format!(
            "{place} have no variables, so {} is plain text",
            quoted(variable.text)
        );
        report.add(IssueCode::VariableUnsupportedInElement, entry.span, message);
    }
}

/// `${…}` in a text.
#[derive(Clone, Copy)]
struct Written<'t> {
    /// With dollar sign and braces.
    text: &'t str,
    body: &'t str,
    start: usize,
    is_closed: bool,
}

fn next_variable(text: &str, from: usize) -> Option<Written<'_>> {
    let start = from + text.get(from..)?.find("${")?;
    let rest = text.get(start..)?;
    let inside = rest.get(2..)?;
    Some(match inside.find('}') {
        Some(end) => Written {
            text: rest.get(..end + 3)?,
            body: inside.get(..end)?,
            start,
            is_closed: true,
        },
        None => Written {
            text: rest,
            body: inside,
            start,
            is_closed: false,
        },
    })
}

fn check_text(report: &mut Report, subject: &Subject<'_>, entry: Entry<'_>) {
    let mut from = 0;
    while let Some(variable) = next_variable(entry.text, from) {
        from = variable.start + variable.text.len();
        let span = within(subject, entry, variable);
        if let Some((code, message)) = fault(subject, variable) {
            report.add(code, span, message);
        }
        if !subject.has_variables {
            // One finding says it for the whole text.
            return;
        }
    }
}

/// The place of a variable in the document; that of the whole string if it has escapes.
fn within(subject: &Subject<'_>, entry: Entry<'_>, variable: Written<'_>) -> Span {
    let start = entry.span.start + 1 + variable.start;
    let span = Span {
        start,
        end: start + variable.text.len(),
    };
    if subject.text.get(span.start..span.end) == Some(variable.text) && entry.span.contains(span) {
        span
    } else {
        entry.span
    }
}

fn fault(subject: &Subject<'_>, variable: Written<'_>) -> Option<(IssueCode, String)> {
    let shown = quoted(variable.text);
    if !subject.has_variables {
        let message = format!("{shown} is plain text before version 2012-10-17: set `Version`");
        return variable
            .is_closed
            .then_some((IssueCode::VariableUnsupportedInVersion, message));
    }
    if !variable.is_closed {
        let message = format!("{shown} is plain text: close it with `}}`");
        return Some((IssueCode::MissingBraceInVariable, message));
    }
    let (name, default) = match variable.body.split_once(',') {
        Some((name, default)) => (name, Some(default.trim())),
        None => (variable.body, None),
    };
    if matches!(variable.body, "*" | "?" | "$") {
        return None;
    }
    if name.trim().is_empty() {
        return Some((IssueCode::EmptyVariable, format!("{shown} names no key")));
    }
    if name.contains(char::is_whitespace) {
        let message = format!("{shown} has a space in the key's name");
        return Some((IssueCode::UnsupportedSpaceInVariable, message));
    }
    let is_quoted = |text: &str| text.len() >= 2 && text.starts_with('\'') && text.ends_with('\'');
    if default.is_some_and(|default| !is_quoted(default)) {
        let message = format!("{shown} has a default value without single quotes around it");
        return Some((IssueCode::MissingQuoteInVariable, message));
    }
    let key = ConditionKey::parse(name);
    if !is_known_key(&key) {
        let message = format!(
            "no request has the key {}, so {shown} has no value",
            quoted(name)
        );
        return Some((IssueCode::UnknownVariable, message));
    }
    (key.value_type() == ValueType::TextList).then(|| {
        let message = format!("{} has many values, so {shown} has none", quoted(name));
        (IssueCode::MultivaluedVariable, message)
    })
}
