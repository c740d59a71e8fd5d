//! The keys' names, and whether the statement's actions have them. Source: facts: authorization.md 3.10, 4.3.

use super::global_keys::known;
use crate::analyse::{
    IssueCode, PolicyKind,
    analysis::Subject,
    report::{Report, listed, quoted},
    view::{ConditionView, Element, StatementView},
};
use crate::{
    ConditionKey,
    compile::ActionSet,
    parse::{ActionEntry, fits_entry, fits_the_rest},
};

pub(super) fn check(
    report: &mut Report,
    subject: &Subject<'_>,
    statement: &StatementView<'_>,
    condition: &ConditionView<'_>,
) {
    if check_name(report, subject.kind, condition)
        && let Some(actions) = &statement.action
    {
        check_actions(report, subject.kind, actions, condition);
    }
}

/// Whether the name is that of a key.
fn check_name(report: &mut Report, kind: PolicyKind, condition: &ConditionView<'_>) -> bool {
    let text = condition.key_text.text;
    let span = condition.key_text.span;
    if let Some((name, _)) = known(&condition.key) {
        let family = text.split_once('/').map_or(text, |(family, _)| family);
        // AWS itself writes this one in two ways.
        if family != name && condition.key != ConditionKey::S3Locationconstraint {
            let message = format!("AWS writes {} as {}", quoted(family), quoted(name));
            report.add(IssueCode::MiscasedName, span, message);
        }
        return true;
    }
    let lower = text.to_lowercase();
    let shown = quoted(text);
    let (code, message) = match lower.split_once(':') {
        None => (
            IssueCode::InvalidConditionKeyFormat,
            format!("{shown} has no service: write `service:key`"),
        ),
        Some(_) if is_family(&lower) => (
            IssueCode::MissingTagKeyInCondition,
            format!(
                "{shown} lacks the key of a tag: write {}",
                quoted(&format!("{text}/tag-key"))
            ),
        ),
        Some(("aws", "arn")) => (
            IssueCode::UnsupportedGlobalConditionKey,
            format!("there is no condition key {shown}; `aws:PrincipalArn` is the caller"),
        ),
        Some(("aws", _)) => (
            IssueCode::InvalidGlobalConditionKey,
            format!("there is no condition key {shown}, so no request has it"),
        ),
        Some(("s3", _)) => (
            IssueCode::InvalidServiceConditionKey,
            format!("S3 has no condition key {shown}"),
        ),
        Some(_) => return true,
    };
    let s3_refuses = !lower.contains(':') || lower.starts_with("s3:");
    if kind == PolicyKind::Bucket && s3_refuses {
        report.refuse(code, span, message);
    } else {
        report.add(code, span, message);
    }
    false
}

/// Whether the name would be a key's if a tag followed.
fn is_family(lower: &str) -> bool {
    let name = lower.trim_end_matches('/');
    !matches!(
        ConditionKey::parse(&format!("{name}/tag")),
        ConditionKey::Other(_)
    )
}

fn check_actions(
    report: &mut Report,
    kind: PolicyKind,
    actions: &Element<'_>,
    condition: &ConditionView<'_>,
) {
    if !condition.key.is_s3() {
        return;
    }
    let entries: Vec<_> = actions
        .entries
        .iter()
        .map(|entry| (entry.text, entry_of(kind, entry.text)))
        .filter(|(_, entry)| !entry.actions.is_empty())
        .collect();
    if actions.negated {
        let excluded: Vec<_> = entries.into_iter().map(|(_, entry)| entry).collect();
        if kind == PolicyKind::Bucket && !fits_the_rest(&condition.key, &excluded) {
            let message = format!(
                "no action that is left has the key {}",
                quoted(condition.key_text.text)
            );
            let code = IssueCode::UnsupportedActionForConditionKey;
            report.refuse(code, condition.key_text.span, message);
        }
        return;
    }
    let unfit: Vec<_> = entries
        .iter()
        .filter(|(_, entry)| !fits_entry(&condition.key, entry))
        .map(|(text, _)| *text)
        .collect();
    if !unfit.is_empty() {
        let message = format!(
            "requests for {} never have the key {}: move them to a statement without it",
            listed(unfit.iter().copied()),
            quoted(condition.key_text.text)
        );
        let code = IssueCode::UnsupportedActionForConditionKey;
        if kind == PolicyKind::Bucket {
            report.refuse(code, condition.key_text.span, message);
        } else {
            report.add(code, condition.key_text.span, message);
        }
    }
    check_never_set(report, &entries, condition);
}

fn entry_of(kind: PolicyKind, text: &str) -> ActionEntry {
    let actions = ActionSet::matching(text);
    ActionEntry {
        actions: if kind == PolicyKind::Bucket {
            actions.intersection(ActionSet::usable_in_bucket_policies())
        } else {
            actions
        },
        is_wildcard: text.contains(['*', '?']),
    }
}

/// Actions that S3 takes with a key that their requests never have.
fn check_never_set(
    report: &mut Report,
    entries: &[(&str, ActionEntry)],
    condition: &ConditionView<'_>,
) {
    if !matches!(condition.key, ConditionKey::ExistingObjectTag(_)) {
        return;
    }
    let blind = |entry: &ActionEntry| {
        let mut actions = entry.actions.iter();
        fits_entry(&condition.key, entry) && !actions.any(crate::Action::sees_existing_object_tags)
    };
    let blind: Vec<_> = entries
        .iter()
        .filter(|(_, entry)| blind(entry))
        .map(|(text, _)| *text)
        .collect();
    if !blind.is_empty() {
        let message = format!(
            "S3 takes {} with {}, but their requests never have the tags",
            quoted(condition.key_text.text),
            listed(blind.iter().copied())
        );
        report.add(
            IssueCode::ConditionKeyNeverSet,
            condition.key_text.span,
            message,
        );
    }
}
