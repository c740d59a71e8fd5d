//! Identity policies, session policies and permissions boundaries: what IAM and STS accept.
//!
//! Source: facts: authorization.md 7.3, 7.5.

use super::{
    PolicyError, bucket_policy, conditions,
    elements::{Either, Members, either, string, strings},
};
use crate::{
    ActionElement, Document, ResourceElement, Statement, Version, arn,
    json::{self, Json},
};
use std::collections::HashSet;

/// Longest policy document that IAM reads, in bytes. Source: facts: authorization.md 7.5.
///
/// The limits of each kind of policy are smaller and do not count white space; they are the caller's.
pub const IDENTITY_POLICY_BYTES_MAX: usize = 131_072;

/// Reads an identity policy, a session policy or a permissions boundary.
///
/// Unknown actions, services and condition keys are accepted, as IAM does.
///
/// # Errors
/// AWS's message for the fault; the code is IAM's `MalformedPolicyDocument`.
pub fn parse_identity_policy(body: &[u8]) -> Result<Document, PolicyError> {
    if body.len() > IDENTITY_POLICY_BYTES_MAX {
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
    refuse_repeated_sids(&statements)?;
    Ok(Document {
        version,
        id,
        statements,
    })
}

/// Whatever is wrong with the structure, IAM says the same.
fn syntax(_: PolicyError) -> PolicyError {
    PolicyError::SyntaxErrors
}

fn version(json: Option<Json>) -> Result<Option<Version>, PolicyError> {
    json.map(bucket_policy::version)
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
    let effect = members.take("Effect").ok_or(PolicyError::SyntaxErrors)?;
    let effect = string(effect)
        .and_then(bucket_policy::effect)
        .map_err(syntax)?;
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
        action: match action {
            Either::Positive(list) => ActionElement::Action(list),
            Either::Negative(list) => ActionElement::NotAction(list),
        },
        resource: Some(match resource {
            Either::Positive(list) => ResourceElement::Resource(list),
            Either::Negative(list) => ResourceElement::NotResource(list),
        }),
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

fn refuse_repeated_sids(statements: &[Statement]) -> Result<(), PolicyError> {
    let mut seen = HashSet::new();
    let sids = statements.iter().filter_map(|one| one.sid.as_deref());
    for sid in sids.filter(|sid| !sid.is_empty()) {
        if !seen.insert(sid) {
            return Err(PolicyError::RepeatedSid);
        }
    }
    Ok(())
}
