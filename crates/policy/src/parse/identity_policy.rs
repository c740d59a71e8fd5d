//! Identity policies, session policies and permissions boundaries: what IAM and STS accept.
//!
//! Source: facts: authorization.md 7.3, 7.5.

use super::{
    PolicyError, conditions,
    elements::{Members, either, string, strings},
    quota::is_within_reading_bounds,
    written,
};
use crate::{
    Document, Statement, Version, arn,
    json::{self, Json},
};
use std::collections::HashSet;

/// Reads an identity policy, or a managed policy that serves as permissions boundary.
///
/// Unknown actions, services and condition keys are accepted, as IAM does. How long a policy of which kind may be is
/// the caller's to ask: [`policy_characters`](crate::policy_characters).
///
/// # Errors
/// AWS's message for the fault; the code is IAM's `MalformedPolicyDocument`.
///
/// ```
/// use buckler_policy::{PolicyError, parse_identity_policy};
///
/// let policy = parse_identity_policy(
///     br#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}"#,
/// )?;
/// assert_eq!(policy.statements().len(), 1);
///
/// let fault = parse_identity_policy(br#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Resource":"*"}}"#);
/// assert_eq!(fault.unwrap_err().to_string(), "Policy statement must contain actions.");
/// # Ok::<(), PolicyError>(())
/// ```
pub fn parse_identity_policy(body: &[u8]) -> Result<Document, PolicyError> {
    if !is_within_reading_bounds(body) {
        return Err(PolicyError::SyntaxErrors);
    }
    let json = json::parse(body).map_err(|_| PolicyError::SyntaxErrors)?;
    let mut members = Members::of(json).map_err(syntax)?;
    members
        .refuse_others(&["Version", "Id", "Statement"])
        .map_err(syntax)?;
    let version = version(members.take("Version"))?;
    let id = members.take("Id").map(string).transpose().map_err(syntax)?;
    let statements = match members.take("Statement") {
        Some(Json::Array(statements)) => statements,
        Some(one) => vec![one],
        None => return Err(PolicyError::SyntaxErrors),
    };
    if statements.is_empty() {
        return Err(PolicyError::SyntaxErrors);
    }
    let statements = statements
        .into_iter()
        .map(statement)
        .collect::<Result<Vec<_>, _>>()?;
    if has_repeated_sids(&statements) {
        return Err(PolicyError::RepeatedSid);
    }
    Ok(Document {
        version,
        id,
        statements,
    })
}

/// Reads a session policy: the `Policy` of `AssumeRole*` and `GetFederationToken`.
///
/// It is written like an identity policy. Its bound, [`SESSION_POLICY_CHARACTERS_MAX`](crate::SESSION_POLICY_CHARACTERS_MAX),
/// is a matter of the STS request and not of the language.
///
/// # Errors
/// AWS's message for the fault; the code is STS's `MalformedPolicyDocument`.
pub fn parse_session_policy(body: &[u8]) -> Result<Document, PolicyError> {
    parse_identity_policy(body)
}

/// Whatever is wrong with the structure, IAM says the same.
fn syntax(_: PolicyError) -> PolicyError {
    PolicyError::SyntaxErrors
}

fn version(json: Option<Json>) -> Result<Option<Version>, PolicyError> {
    json.map(written::version)
        .transpose()
        .map_err(|_| PolicyError::OldVersion)
}

fn statement(json: Json) -> Result<Statement, PolicyError> {
    let mut members = Members::of(json).map_err(syntax)?;
    if members.has("Principal") || members.has("NotPrincipal") {
        return Err(PolicyError::PrincipalNotAllowed);
    }
    members
        .refuse_others(&[
            "Sid",
            "Effect",
            "Action",
            "NotAction",
            "Resource",
            "NotResource",
            "Condition",
        ])
        .map_err(syntax)?;
    let sid = members
        .take("Sid")
        .map(string)
        .transpose()
        .map_err(syntax)?;
    if sid
        .as_deref()
        .is_some_and(|sid| !sid.bytes().all(|byte| byte.is_ascii_alphanumeric()))
    {
        return Err(PolicyError::SidNotAlphanumeric);
    }
    let effect = members.take("Effect").ok_or(PolicyError::SyntaxErrors)?;
    let effect = string(effect).and_then(written::effect).map_err(syntax)?;
    let action = either(&mut members, "Action", "NotAction")
        .map_err(syntax)?
        .ok_or(PolicyError::NoActions)?
        .try_map(|json| strings(json).map_err(syntax))?;
    let resource = either(&mut members, "Resource", "NotResource")
        .map_err(syntax)?
        .ok_or(PolicyError::NoResources)?
        .try_map(|json| strings(json).map_err(syntax))?;
    let conditions = members
        .take("Condition")
        .map(|json| conditions::written(json).and_then(conditions::read))
        .transpose()
        .map_err(syntax)?;
    if action.value().is_empty() {
        return Err(PolicyError::NoActions);
    }
    if resource.value().is_empty() {
        return Err(PolicyError::NoResources);
    }
    action
        .value()
        .iter()
        .try_for_each(|text| check_action(text))?;
    resource
        .value()
        .iter()
        .try_for_each(|text| check_resource(text))?;
    Ok(Statement {
        sid,
        effect,
        principal: None,
        action: written::action(action),
        resource: Some(written::resource(resource)),
        conditions,
    })
}

/// `*`, or a service, one colon and a name.
fn check_action(text: &str) -> Result<(), PolicyError> {
    if text == "*" {
        return Ok(());
    }
    let Some((vendor, name)) = text.split_once(':') else {
        return Err(PolicyError::ActionWithoutVendor);
    };
    if name.contains(':') {
        return Err(PolicyError::ActionWithTwoColons);
    }
    let good = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    if vendor.is_empty() || !vendor.bytes().all(good) {
        return Err(PolicyError::InvalidVendor(vendor.to_owned()));
    }
    Ok(())
}

/// `*`, an ARN, or the beginning of one that ends in `*`.
fn check_resource(text: &str) -> Result<(), PolicyError> {
    let is_arn = arn::split(text).is_some() || text.ends_with('*');
    if text == "*" || text.starts_with("arn:") && is_arn {
        Ok(())
    } else {
        Err(PolicyError::ResourceNotArn(text.to_owned()))
    }
}

/// Whether two statements have one `Sid`; empty ones do not count.
pub(super) fn has_repeated_sids(statements: &[Statement]) -> bool {
    let mut seen = HashSet::new();
    let mut sids = statements.iter().filter_map(|one| one.sid.as_deref());
    sids.any(|sid| !sid.is_empty() && !seen.insert(sid))
}
