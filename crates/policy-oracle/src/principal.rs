//! As what a list of principals names a caller. Source: facts: authorization.md 3.3, 3.4.

use buckler_policy::{AccountId, CallerKind, Principal, PrincipalElement, Principals};

/// The match kinds of authorization.md 3.3; a session's issuer is a kind of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Everyone,
    Account,
    User,
    Role,
    Session,
    Issuer,
    Service,
    Federated,
}

pub(crate) fn account(caller: &CallerKind<'_>) -> Option<AccountId> {
    match caller {
        CallerKind::Anonymous | CallerKind::Service { .. } | CallerKind::Federated { .. } => None,
        CallerKind::Root { account }
        | CallerKind::User { account, .. }
        | CallerKind::AssumedRole { account, .. }
        | CallerKind::FederatedUser { account, .. } => Some(account.id),
    }
}

/// All kinds by which an element names the caller; empty if the statement is not about it.
pub(crate) fn kinds(element: &PrincipalElement, caller: &CallerKind<'_>) -> Vec<Kind> {
    match element {
        PrincipalElement::Principal(list) => listed(list, caller),
        PrincipalElement::NotPrincipal(list) if is_exempt(list, caller) => Vec::new(),
        PrincipalElement::NotPrincipal(_) => vec![Kind::Everyone],
    }
}

fn listed(list: &Principals, caller: &CallerKind<'_>) -> Vec<Kind> {
    if *list == Principals::Everyone {
        return vec![Kind::Everyone];
    }
    list.iter().filter_map(|one| kind(one, caller)).collect()
}

fn kind(principal: &Principal, caller: &CallerKind<'_>) -> Option<Kind> {
    let text = principal.text();
    let is = |texts: &[&str]| texts.contains(&&*text);
    let found = match (principal, caller) {
        (Principal::Everyone, _) => Some(Kind::Everyone),
        (Principal::Account(id), _) => (account(caller) == Some(*id)).then_some(Kind::Account),
        (
            Principal::CanonicalUser(id),
            CallerKind::Root { account }
            | CallerKind::User { account, .. }
            | CallerKind::AssumedRole { account, .. }
            | CallerKind::FederatedUser { account, .. },
        ) => (account.canonical_id == *id).then_some(Kind::Account),
        (Principal::Service(name), CallerKind::Service { name: own }) => {
            (name == own).then_some(Kind::Service)
        }
        (Principal::Federated(name), CallerKind::Federated { provider }) => {
            (name == provider).then_some(Kind::Federated)
        }
        _ => None,
    };
    found.or_else(|| match caller {
        CallerKind::User { arn, unique_id, .. } => is(&[arn, unique_id]).then_some(Kind::User),
        CallerKind::AssumedRole { session_arn, .. } if is(&[session_arn]) => Some(Kind::Session),
        CallerKind::AssumedRole {
            role_arn,
            role_id,
            provider,
            ..
        } => {
            let by_provider = *principal == Principal::Federated(provider.unwrap_or("").to_owned());
            (by_provider || is(&[role_arn, role_id])).then_some(Kind::Role)
        }
        CallerKind::FederatedUser { arn, .. } if is(&[arn]) => Some(Kind::Session),
        CallerKind::FederatedUser {
            issuer_arn,
            issuer_id,
            ..
        } => is(&[issuer_arn, issuer_id]).then_some(Kind::Issuer),
        CallerKind::Anonymous
        | CallerKind::Root { .. }
        | CallerKind::Service { .. }
        | CallerKind::Federated { .. } => None,
    })
}

/// A user is exempt if it and its account are listed, a session if it, its role and its account are; an account on its
/// own exempts everyone in it.
fn is_exempt(list: &Principals, caller: &CallerKind<'_>) -> bool {
    let kinds = listed(list, caller);
    let has = |kind| kinds.contains(&kind);
    if has(Kind::Everyone) || has(Kind::Service) || has(Kind::Federated) {
        return true;
    }
    let Some(own) = account(caller) else {
        return false;
    };
    let names_inside = list.iter().any(|one| match one {
        Principal::User(arn)
        | Principal::Role(arn)
        | Principal::RoleSession(arn)
        | Principal::FederatedUser(arn) => arn.account() == own.as_str(),
        Principal::UniqueId(_) => true,
        _ => false,
    });
    let itself = match caller {
        CallerKind::Root { .. } => true,
        CallerKind::User { .. } => has(Kind::User),
        CallerKind::AssumedRole { .. } => has(Kind::Session) && has(Kind::Role),
        CallerKind::FederatedUser { .. } => has(Kind::Session),
        CallerKind::Anonymous | CallerKind::Service { .. } | CallerKind::Federated { .. } => false,
    };
    has(Kind::Account) && (itself || !names_inside)
}
