//! Trust policies: who may assume a role. Source: facts: authorization.md 7.3, 7.6.

use super::{
    PolicyError, conditions,
    elements::Either,
    identity_policy::has_repeated_sids,
    principals::{self, BadPrincipal, Form, WrittenPrincipals},
    quota::is_within_reading_bounds,
    written::{self, WrittenStatement},
};
use crate::{Document, PrincipalElement, PrincipalType, Principals, Statement, json};

/// Reads a role's trust policy: the `AssumeRolePolicyDocument` of `CreateRole`, the `PolicyDocument` of
/// `UpdateAssumeRolePolicy`.
///
/// It names principals and actions of the service `sts`, and no resource: the role is the resource. Whether its
/// principals exist is not known here: see [`Document::bind`].
///
/// # Errors
/// AWS's message for the first fault; the code is IAM's `MalformedPolicyDocument`.
///
/// ```
/// use buckler_policy::{PolicyError, parse_trust_policy};
///
/// let policy = parse_trust_policy(
///     br#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sts:AssumeRole",
///          "Principal":{"AWS":"arn:aws:iam::111122223333:user/alice"}}}"#,
/// )?;
/// assert!(policy.is_trust_policy());
///
/// let fault = parse_trust_policy(
///     br#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sts:AssumeRole"}}"#,
/// );
/// assert_eq!(fault.unwrap_err().to_string(), "Missing required field Principal");
/// # Ok::<(), PolicyError>(())
/// ```
pub fn parse_trust_policy(body: &[u8]) -> Result<Document, PolicyError> {
    parse(body, Form::Sent)
}

pub(super) fn parse(body: &[u8], form: Form) -> Result<Document, PolicyError> {
    if !is_within_reading_bounds(body) {
        return Err(PolicyError::SyntaxErrors);
    }
    let json = json::parse(body).map_err(|_| PolicyError::InvalidJson)?;
    let document =
        written::document(json, |found| statement(found, form)).map_err(|error| match error {
            PolicyError::InvalidSyntax => PolicyError::SyntaxErrors,
            other => other,
        })?;
    if has_repeated_sids(&document.statements) {
        return Err(PolicyError::RepeatedTrustSid);
    }
    Ok(document)
}

fn statement(found: WrittenStatement, form: Form) -> Result<Statement, PolicyError> {
    match found.resource {
        Some(Either::Positive(_)) => return Err(PolicyError::ProhibitedField("Resource")),
        Some(Either::Negative(_)) => return Err(PolicyError::ProhibitedField("NotResource")),
        None => {}
    }
    let effect = found.effect.ok_or(PolicyError::MissingField("Effect"))?;
    let principal = found
        .principal
        .ok_or(PolicyError::MissingField("Principal"))?;
    let action = found.action.ok_or(PolicyError::MissingField("Action"))?;
    written::refuse_empty(&effect, principal.value(), action.value())?;
    let effect = written::effect(effect)?;
    let principal = match principal {
        Either::Negative(_) => return Err(PolicyError::NotPrincipalInTrustPolicy),
        Either::Positive(list) => PrincipalElement::Principal(principals(list, form)?),
    };
    match &action {
        Either::Positive(list) if !list.is_empty() && list.iter().all(|text| is_of_sts(text)) => {}
        // NotAction would speak about every service but one.
        Either::Positive(_) | Either::Negative(_) => {
            return Err(PolicyError::NotAnAssumeRoleAction);
        }
    }
    Ok(Statement {
        sid: found.sid,
        effect,
        principal: Some(principal),
        action: written::action(action),
        resource: None,
        conditions: found.conditions.map(conditions::read).transpose()?,
    })
}

/// The principals; no canonical user can assume a role.
fn principals(list: WrittenPrincipals, form: Form) -> Result<Principals, PolicyError> {
    let principals = principals::read(list, form).map_err(refused)?;
    for principal in principals.iter() {
        if principal.principal_type() == PrincipalType::CanonicalUser {
            return Err(principal.refused_in_trust_policy());
        }
    }
    Ok(principals)
}

fn refused(bad: BadPrincipal) -> PolicyError {
    PolicyError::InvalidTrustPrincipal {
        kind: bad.kind,
        text: bad.text,
    }
}

/// `sts:` and a name, in any letter case.
fn is_of_sts(text: &str) -> bool {
    text.split_once(':').is_some_and(|(vendor, name)| {
        vendor.eq_ignore_ascii_case("sts") && !name.is_empty() && !name.contains(':')
    })
}
