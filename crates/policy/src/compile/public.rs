//! Whether a policy is public in the sense of Block Public Access. Source: facts: authorization.md 5.7.

use crate::{
    Condition, ConditionKey, Document, Effect, PrincipalElement, Principals, SetOperator,
    Statement, Test, arn, condition::parse_range,
};
use ipnet::IpNet;

/// Broadest ranges that count as fixed.
const IPV4_PREFIX_BITS_MIN: u8 = 8;
const IPV6_PREFIX_BITS_MIN: u8 = 32;

/// One public statement makes the whole policy public. Actions and resources play no part.
pub(super) fn is_public(document: &Document) -> bool {
    document.statements().iter().any(is_public_statement)
}

/// Whether one statement lets in everyone, as Block Public Access sees it.
pub(crate) fn is_public_statement(statement: &Statement) -> bool {
    let conditions = statement.conditions.as_deref().unwrap_or_default();
    statement.effect == Effect::Allow
        && statement.principal.as_ref().is_some_and(is_open)
        && !conditions.iter().any(confines)
}

fn is_open(element: &PrincipalElement) -> bool {
    match element {
        PrincipalElement::NotPrincipal(_) => true,
        PrincipalElement::Principal(principals) => match principals {
            Principals::Everyone => true,
            Principals::Listed(_) => {
                let federated =
                    |one: &crate::Principal| matches!(one, crate::Principal::Federated(_));
                principals.includes_everyone() || principals.iter().any(federated)
            }
        },
    }
}

/// Whether a condition pins its key to fixed values; a missing key must not pass either.
fn confines(condition: &Condition) -> bool {
    let operator = condition.operator;
    let holds_when_absent = operator.if_exists || operator.set == Some(SetOperator::ForAllValues);
    if holds_when_absent || condition.values.is_empty() {
        return false;
    }
    let fixed: fn(&ConditionKey, &str) -> bool = match operator.test {
        Test::StringEquals
        | Test::StringEqualsIgnoreCase
        | Test::StringLike
        | Test::ArnEquals
        | Test::ArnLike => is_fixed_text,
        Test::IpAddress => is_fixed_range,
        Test::StringNotEquals
        | Test::StringNotEqualsIgnoreCase
        | Test::StringNotLike
        | Test::NumericEquals
        | Test::NumericNotEquals
        | Test::NumericLessThan
        | Test::NumericLessThanEquals
        | Test::NumericGreaterThan
        | Test::NumericGreaterThanEquals
        | Test::DateEquals
        | Test::DateNotEquals
        | Test::DateLessThan
        | Test::DateLessThanEquals
        | Test::DateGreaterThan
        | Test::DateGreaterThanEquals
        | Test::Bool
        | Test::BinaryEquals
        | Test::NotIpAddress
        | Test::ArnNotEquals
        | Test::ArnNotLike
        | Test::Null => return false,
    };
    condition
        .values
        .iter()
        .all(|value| fixed(&condition.key, value))
}

fn is_fixed_range(key: &ConditionKey, value: &str) -> bool {
    *key == ConditionKey::SourceIp
        && match parse_range(value) {
            Some(IpNet::V4(range)) => range.prefix_len() >= IPV4_PREFIX_BITS_MIN,
            Some(IpNet::V6(range)) => range.prefix_len() >= IPV6_PREFIX_BITS_MIN,
            None => false,
        }
}

fn is_fixed_text(key: &ConditionKey, value: &str) -> bool {
    match key {
        ConditionKey::SourceArn
        | ConditionKey::SourceVpc
        | ConditionKey::SourceVpce
        | ConditionKey::SourceAccount
        | ConditionKey::PrincipalOrgID
        | ConditionKey::PrincipalArn
        | ConditionKey::PrincipalAccount
        | ConditionKey::Userid
        | ConditionKey::S3XAmzServerSideEncryptionAwsKmsKeyId
        | ConditionKey::S3DataAccessPointAccount => is_plain(value),
        // A string operator on an address takes it as text.
        ConditionKey::SourceIp => is_plain(value) && is_fixed_range(key, value),
        // The access point's name may be open as long as its account is fixed.
        ConditionKey::S3DataAccessPointArn => {
            is_plain(value) || arn::split(value).is_some_and(|[.., account, _]| is_account(account))
        }
        ConditionKey::Other(name) => &**name == "aws:sourceowner" && is_plain(value),
        _ => false,
    }
}

fn is_account(text: &str) -> bool {
    crate::AccountId::parse(text).is_ok()
}

fn is_plain(value: &str) -> bool {
    !value.contains(['*', '?']) && !value.contains("${")
}
