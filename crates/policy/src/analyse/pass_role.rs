//! `iam:PassRole` for more roles than were named. Source: IAM User Guide, "Granting a user permissions to pass a role".

use super::{
    IssueCode, PolicyKind,
    report::Report,
    view::{Element, StatementView},
};
use crate::{
    Effect,
    context::{ContextMap, View},
    pattern::{Pattern, Variables, Wildcards, tokens},
};

const PASS_ROLE: &str = "iam:passrole";

/// How a statement comes to speak of `iam:PassRole`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    Name,
    Wildcard,
    NotAction,
}

pub(super) fn check(report: &mut Report, kind: PolicyKind, statement: &StatementView<'_>) {
    let (Some(actions), Some(resources)) = (&statement.action, &statement.resource) else {
        return;
    };
    // A boundary and a session policy give nothing by themselves.
    if kind != PolicyKind::Identity || !statement.is(Effect::Allow) || names_service(statement) {
        return;
    }
    let Some(by) = by(actions) else {
        return;
    };
    let has_star = resources
        .entries
        .iter()
        .any(|entry| entry.text.contains('*'));
    let code = match (by, resources.negated) {
        (By::Name, true) => IssueCode::PassRoleWithNotResource,
        (By::Wildcard, true) => IssueCode::PassRoleWithStarInActionAndNotResource,
        (By::NotAction, true) => IssueCode::PassRoleWithNotActionAndNotResource,
        (By::Name, false) if has_star => IssueCode::PassRoleWithStarInResource,
        (By::Wildcard, false) if has_star => IssueCode::PassRoleWithStarInActionAndResource,
        (By::NotAction, false) if has_star => IssueCode::PassRoleWithStarInResourceAndNotAction,
        _ => return,
    };
    let message = "this lets `iam:PassRole` pass any role that the resource covers: name the roles, or add the \
                   condition `iam:PassedToService`";
    report.add(code, resources.span, message);
}

fn names_service(statement: &StatementView<'_>) -> bool {
    let mut conditions = statement.conditions.iter();
    conditions.any(|one| {
        one.key_text
            .text
            .eq_ignore_ascii_case("iam:PassedToService")
    })
}

fn by(actions: &Element<'_>) -> Option<By> {
    let matching = actions.entries.iter().find(|entry| matches(entry.text));
    match (actions.negated, matching) {
        (true, None) if !actions.entries.is_empty() => Some(By::NotAction),
        (false, Some(_)) => {
            let mut entries = actions.entries.iter();
            let named = entries.any(|entry| entry.text.eq_ignore_ascii_case(PASS_ROLE));
            Some(if named { By::Name } else { By::Wildcard })
        }
        _ => None,
    }
}

fn matches(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let pattern = Pattern::new(&tokens(&lower, Variables::Plain, Wildcards::Meant));
    let no_context = ContextMap::new();
    pattern.matches(PASS_ROLE, &View::of(&no_context, None, true))
}
