//! Whether a policy is public, by the list of the documentation. Source: facts: authorization.md 5.7.

use buckler_policy::{
    AccountId, Condition, Document, Effect, Principal, PrincipalElement, SetOperator, Statement,
};
use std::net::IpAddr;

use crate::condition;

/// Keys that confine by any fixed value. `aws:SourceIp` and `s3:DataAccessPointArn` have rules of their own.
const CONFINING: [&str; 11] = [
    "aws:sourcearn",
    "aws:sourcevpc",
    "aws:sourcevpce",
    "aws:sourceowner",
    "aws:sourceaccount",
    "aws:principalorgid",
    "aws:principalarn",
    "aws:principalaccount",
    "aws:userid",
    "s3:x-amz-server-side-encryption-aws-kms-key-id",
    "s3:dataaccesspointaccount",
];
/// Operators that hold only if some value of the policy is met.
const PINNING: [&str; 6] = [
    "StringEquals",
    "StringEqualsIgnoreCase",
    "StringLike",
    "ArnEquals",
    "ArnLike",
    "IpAddress",
];

/// Whether some Allow lets in more than fixed values.
pub fn is_public(document: &Document) -> bool {
    document.statements().iter().any(|statement| {
        let mut conditions = statement.conditions.iter().flatten();
        statement.effect == Effect::Allow && is_open(statement) && !conditions.any(confines)
    })
}

fn is_open(statement: &Statement) -> bool {
    match &statement.principal {
        None => false,
        Some(PrincipalElement::NotPrincipal(_)) => true,
        Some(PrincipalElement::Principal(list)) => {
            list.includes_everyone()
                || list
                    .iter()
                    .any(|one| matches!(one, Principal::Federated(_)))
        }
    }
}

fn confines(condition: &Condition) -> bool {
    let operator = condition.operator;
    let passes_without_the_key =
        operator.if_exists || operator.set == Some(SetOperator::ForAllValues);
    if passes_without_the_key
        || !PINNING.contains(&operator.test.name())
        || condition.values.is_empty()
    {
        return false;
    }
    let key = condition.key_text.to_lowercase();
    let is_range = operator.test.name() == "IpAddress";
    condition.values.iter().all(|value| {
        let is_plain = !value.contains(['*', '?']) && !value.contains("${");
        match key.as_str() {
            "aws:sourceip" => is_narrow(value),
            "s3:dataaccesspointarn" => !is_range && (is_plain || has_account(value)),
            key => !is_range && CONFINING.contains(&key) && is_plain,
        }
    })
}

/// No broader than /8, or /32 for IPv6.
fn is_narrow(range: &str) -> bool {
    match condition::range(range) {
        Some((IpAddr::V4(_), bits)) => bits >= 8,
        Some((IpAddr::V6(_), bits)) => bits >= 32,
        None => false,
    }
}

fn has_account(arn: &str) -> bool {
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    matches!(parts[..], [_, _, _, _, account, _] if AccountId::parse(account).is_ok())
}
