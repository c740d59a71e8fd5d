//! What concerns trust policies alone. Source: facts: authorization.md 7.6.

use super::{
    IssueCode,
    report::{Report, quoted},
    view::{Entry, StatementView, WrittenPrincipal},
};
use crate::Effect;

/// Who can assume a role in which way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Provider {
    /// Users, roles, accounts, services.
    None,
    Saml,
    Oidc,
}

pub(super) fn check(report: &mut Report, statements: &[StatementView<'_>]) {
    for statement in statements.iter().filter(|one| one.is(Effect::Allow)) {
        let principals = providers(statement);
        check_actions(report, statement, &principals);
        for (entry, provider) in &principals {
            if *provider == Provider::Oidc && !asks_provider(statement, entry.text) {
                let message = format!(
                    "everyone with an account at {} can assume the role: add a condition on its keys",
                    quoted(entry.text)
                );
                let code = IssueCode::MissingConditionKeyForOidcPrincipal;
                report.add(code, entry.span, message);
            }
        }
    }
}

fn providers<'n>(statement: &StatementView<'n>) -> Vec<(Entry<'n>, Provider)> {
    let Some(principal) = &statement.principal else {
        return Vec::new();
    };
    match &principal.written {
        WrittenPrincipal::Wrong => Vec::new(),
        WrittenPrincipal::Text(entry) => vec![(*entry, Provider::None)],
        WrittenPrincipal::Map(lists) => lists
            .iter()
            .flat_map(|(kind, list)| list.entries.iter().map(|entry| (kind.text, *entry)))
            .map(|(kind, entry)| (entry, provider(kind, entry.text)))
            .collect(),
    }
}

fn provider(kind: &str, text: &str) -> Provider {
    match kind {
        "Federated" if text.contains(":saml-provider/") => Provider::Saml,
        "Federated" => Provider::Oidc,
        _ => Provider::None,
    }
}

/// Actions that suit none of the statement's principals.
fn check_actions(
    report: &mut Report,
    statement: &StatementView<'_>,
    principals: &[(Entry<'_>, Provider)],
) {
    let entries = statement.action.iter().flat_map(|element| &element.entries);
    for entry in entries {
        let wanted = match entry.text.to_ascii_lowercase().as_str() {
            "sts:assumerole" => Provider::None,
            "sts:assumerolewithsaml" => Provider::Saml,
            "sts:assumerolewithwebidentity" => Provider::Oidc,
            _ => continue,
        };
        let suits = principals.iter().any(|(_, provider)| *provider == wanted);
        if !suits && !principals.is_empty() {
            let principal = match wanted {
                Provider::None => "users, roles, accounts and services",
                Provider::Saml => "SAML providers",
                Provider::Oidc => "OIDC providers",
            };
            let message = format!(
                "{} is for {principal}, and the statement names none",
                quoted(entry.text)
            );
            report.add(IssueCode::MismatchedActionForPrincipal, entry.span, message);
        }
    }
}

/// Whether a condition asks for a key of the provider: `accounts.google.com:aud`.
fn asks_provider(statement: &StatementView<'_>, provider: &str) -> bool {
    let host = match provider.split_once(":oidc-provider/") {
        Some((_, host)) => host,
        None => provider,
    };
    let mut conditions = statement.conditions.iter();
    conditions.any(|condition| {
        let service = condition
            .key_text
            .text
            .rsplit_once(':')
            .map(|(service, _)| service);
        service.is_some_and(|service| service.eq_ignore_ascii_case(host))
    })
}
