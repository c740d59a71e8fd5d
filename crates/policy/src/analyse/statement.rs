//! One statement: its members, and from there its parts.

use super::{
    IssueCode, PolicyKind, actions,
    analysis::Subject,
    conditions,
    document::refuse_member,
    pass_role, principals, reach,
    report::{Report, quoted},
    resources, variables,
    view::{self, Entry, StatementView},
};
use crate::{
    Effect,
    source::{Member, Node, Span},
};

const MEMBERS: [&str; 9] = [
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
];

/// Reads and checks a statement; `None` if it is not an object.
pub(super) fn check<'n>(
    report: &mut Report,
    subject: &Subject<'_>,
    index: usize,
    node: &'n Node,
) -> Option<StatementView<'n>> {
    let Some(members) = node.members() else {
        view::wrong_type(report, node, "an object");
        return None;
    };
    let statement = read(report, subject.kind, index, node.span, members);
    refuse_missing(report, subject.kind, node.span, members);
    principals::check(report, subject.kind, &statement);
    actions::check(report, subject.kind, &statement);
    resources::check(report, subject, &statement);
    reach::check(report, subject, &statement);
    conditions::check(report, subject, &statement);
    variables::check(report, subject, &statement);
    pass_role::check(report, subject.kind, &statement);
    Some(statement)
}

fn read<'n>(
    report: &mut Report,
    kind: PolicyKind,
    index: usize,
    span: Span,
    members: &'n [Member],
) -> StatementView<'n> {
    let mut statement = StatementView {
        index,
        span,
        sid: None,
        effect: None,
        principal: None,
        action: None,
        resource: None,
        condition_span: None,
        operators: Vec::new(),
        conditions: Vec::new(),
    };
    for member in members {
        let node = &member.node;
        match member.name.as_str() {
            "Sid" => statement.sid = string(report, member),
            "Effect" => statement.effect = effect(report, member),
            "Principal" | "NotPrincipal" => {
                statement.principal = Some(view::principal(report, member, kind));
            }
            "Action" => statement.action = view::element(report, member, false),
            "NotAction" => statement.action = view::element(report, member, true),
            "Resource" => statement.resource = view::element(report, member, false),
            "NotResource" => statement.resource = view::element(report, member, true),
            "Condition" => {
                statement.condition_span = node.members().map(|_| node.span);
                statement.operators = view::operators(report, node);
                statement.conditions = view::conditions(report, node);
            }
            name => refuse_member(report, member, name, &MEMBERS),
        }
    }
    statement
}

fn string<'n>(report: &mut Report, member: &'n Member) -> Option<Entry<'n>> {
    let Some(text) = member.node.text() else {
        view::wrong_type(report, &member.node, "a string");
        return None;
    };
    Some(Entry {
        text,
        span: member.node.span,
    })
}

fn effect(report: &mut Report, member: &Member) -> Option<Effect> {
    let entry = string(report, member)?;
    match entry.text {
        "Allow" => Some(Effect::Allow),
        "Deny" => Some(Effect::Deny),
        other => {
            let message = format!("the effect is `Allow` or `Deny`, not {}", quoted(other));
            report.refuse(IssueCode::InvalidEffect, entry.span, message);
            None
        }
    }
}

/// Members that have to be there, and pairs that exclude each other.
fn refuse_missing(report: &mut Report, kind: PolicyKind, span: Span, members: &[Member]) {
    let find = |name: &str| members.iter().find(|member| member.name == name);
    let mut pair =
        |name: &str, not_name: &str, missing: Option<IssueCode>| match (find(name), find(not_name))
        {
            (Some(_), Some(second)) => {
                let message = format!("`{name}` and `{not_name}` exclude each other");
                let code = IssueCode::UnsupportedElementCombination;
                report.refuse(code, second.name_span, message);
            }
            (None, None) => {
                if let Some(code) = missing {
                    report.refuse(code, span, format!("add `{name}`"));
                }
            }
            (Some(_), None) | (None, Some(_)) => {}
        };
    pair("Effect", "", Some(IssueCode::MissingEffect));
    pair("Action", "NotAction", Some(IssueCode::MissingAction));
    if kind.names_principals() {
        pair(
            "Principal",
            "NotPrincipal",
            Some(IssueCode::MissingPrincipal),
        );
    }
    if kind != PolicyKind::Trust {
        pair("Resource", "NotResource", Some(IssueCode::MissingResource));
    }
}
