//! `Principal` and `NotPrincipal`.

use super::{
    IssueCode, PolicyKind,
    report::{Report, quoted},
    view::{Element, Entry, PrincipalView, StatementView, WrittenPrincipal},
};
use crate::{Effect, Principal, PrincipalType, parse::sent_principal, source::Span};

pub(super) fn check(report: &mut Report, kind: PolicyKind, statement: &StatementView<'_>) {
    let Some(principal) = &statement.principal else {
        return;
    };
    if !kind.names_principals() {
        let message = format!(
            "remove {}: the policy is about whom it is attached to",
            quoted(principal.name.text)
        );
        report.refuse(
            IssueCode::UnsupportedPrincipal,
            principal.name.span,
            message,
        );
        return;
    }
    check_negation(report, kind, statement, principal);
    match &principal.written {
        WrittenPrincipal::Wrong => {}
        WrittenPrincipal::Text(entry) if entry.text == "*" => {}
        WrittenPrincipal::Text(entry) => {
            let message = format!(
                "write {{\"AWS\": …}} around {}; only \"*\" stands alone",
                quoted(entry.text)
            );
            report.refuse(IssueCode::InvalidPrincipalFormat, entry.span, message);
        }
        WrittenPrincipal::Map(lists) if lists.is_empty() => {
            let message = "name a principal in the empty object";
            report.refuse(IssueCode::EmptyObjectPrincipal, principal.span, message);
        }
        WrittenPrincipal::Map(lists) => check_map(report, kind, lists),
    }
}

fn check_negation(
    report: &mut Report,
    kind: PolicyKind,
    statement: &StatementView<'_>,
    principal: &PrincipalView<'_>,
) {
    if !principal.negated {
        return;
    }
    let span = principal.name.span;
    if kind == PolicyKind::Trust {
        let message = "a trust policy says who may, not who may not: write `Principal`";
        report.refuse(
            IssueCode::RoleTrustPolicySyntaxErrorNotprincipal,
            span,
            message,
        );
    } else if statement.is(Effect::Allow) {
        let message = "allow named principals instead: this would let in everyone else";
        report.refuse(IssueCode::AllowWithNotPrincipal, span, message);
    } else {
        let message = "deny \"*\" under `ArnNotEquals` on `aws:PrincipalArn` instead: a list that is not complete \
                       denies those whom it names";
        report.add(IssueCode::DenyWithNotPrincipal, span, message);
    }
}

fn check_map(report: &mut Report, kind: PolicyKind, lists: &[(Entry<'_>, Element<'_>)]) {
    let mut known = Vec::new();
    for (name, list) in lists {
        let Some(of_type) = PrincipalType::from_name(name.text) else {
            let message = format!(
                "there is no principal type {}; there are `AWS`, `CanonicalUser`, `Federated` and `Service`",
                quoted(name.text)
            );
            report.refuse(IssueCode::InvalidPrincipalKey, name.span, message);
            continue;
        };
        if kind == PolicyKind::Trust && of_type == PrincipalType::CanonicalUser {
            let message = "no canonical user can assume a role: name an account, a user or a role under `AWS`";
            report.refuse(IssueCode::InvalidPrincipalKey, name.span, message);
            continue;
        }
        if list.entries.is_empty() {
            let message = "name a principal in the empty list";
            report.refuse(IssueCode::EmptyArrayPrincipal, list.span, message);
        }
        for entry in &list.entries {
            match sent_principal(of_type, entry.text) {
                Some(principal) => {
                    check_service(report, &principal, entry.span);
                    known.push((principal, entry.span));
                }
                None => refuse_entry(report, of_type, *entry),
            }
        }
    }
    check_overlap(report, kind, &known);
}

fn refuse_entry(report: &mut Report, of_type: PrincipalType, entry: Entry<'_>) {
    let text = quoted(entry.text);
    let (code, message) = if entry.text.contains(['*', '?']) {
        let advice = "write the whole name, or \"*\" with a condition on `aws:PrincipalArn`";
        let message = format!("no wildcards in {text}: {advice}");
        (IssueCode::UnsupportedWildcardInPrincipal, message)
    } else if entry.text.starts_with("AIDA") {
        let message = format!("{text} is the unique id of a user: write the user's ARN");
        (IssueCode::InvalidUserReference, message)
    } else if entry.text.starts_with("AROA") {
        let message = format!("{text} is the unique id of a role: write the role's ARN");
        (IssueCode::InvalidRoleReference, message)
    } else {
        let expected = match of_type {
            PrincipalType::Aws => {
                "an account id, or the ARN of an account's root, a user, a role or a session"
            }
            PrincipalType::CanonicalUser => "64 hex digits in lower case",
            PrincipalType::Federated => "the name or ARN of an identity provider",
            PrincipalType::Service => "a name like `logging.s3.amazonaws.com`",
        };
        let message = format!(
            "{text} is no principal of type `{}`: write {expected}",
            of_type.name()
        );
        (IssueCode::InvalidPrincipalFormat, message)
    };
    report.refuse(code, entry.span, message);
}

/// S3 takes any name for a service.
fn check_service(report: &mut Report, principal: &Principal, span: Span) {
    let Principal::Service(name) = principal else {
        return;
    };
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-');
    let suffixes = [".amazonaws.com", ".amazon.com", ".aws.internal"];
    if !suffixes.iter().any(|suffix| name.ends_with(suffix)) || !name.bytes().all(is_plain) {
        let message = format!(
            "{} is no service: write a name like `logging.s3.amazonaws.com`",
            quoted(name)
        );
        report.add(IssueCode::InvalidServicePrincipalFormat, span, message);
    }
}

/// Principals that another one of the same statement covers.
fn check_overlap(report: &mut Report, kind: PolicyKind, known: &[(Principal, Span)]) {
    let everyone = known
        .iter()
        .position(|(one, _)| *one == Principal::Everyone);
    let mut seen = std::collections::HashMap::new();
    for (index, (principal, span)) in known.iter().enumerate() {
        if let Some(everyone) = everyone
            && *principal != Principal::Everyone
            && everyone != index
        {
            let message = format!("\"*\" covers {}, too", quoted(&principal.text()));
            report.add(IssueCode::RedundantPrincipal, *span, message);
        } else if seen.insert(principal, index).is_some() {
            let message = format!("{} stands here twice", quoted(&principal.text()));
            report.add(IssueCode::RedundantPrincipal, *span, message);
        }
        if kind == PolicyKind::Trust
            && let Some(role) = known.iter().find(|(role, _)| is_role_of(role, principal))
        {
            let message = format!("the role {} covers its session", quoted(&role.0.text()));
            report.add(
                IssueCode::RedundantPrincipalInRoleTrustPolicy,
                *span,
                message,
            );
        }
    }
}

/// Whether a principal is a session of a role.
pub(super) fn is_role_of(role: &Principal, session: &Principal) -> bool {
    let (Principal::Role(role), Principal::RoleSession(session)) = (role, session) else {
        return false;
    };
    let role_name = role.resource().rsplit('/').next();
    let session_role = session.resource().split('/').nth(1);
    role.account() == session.account() && role_name.is_some() && role_name == session_role
}
