//! Documents and statements by JSON type only: what both kinds of resource-based policies are read from.

use super::{
    PolicyError,
    conditions::{self, WrittenConditions},
    elements::{Either, Members, either, string, strings},
    principals::{self, WrittenPrincipals},
};
use crate::{ActionElement, Document, Effect, ResourceElement, Statement, Version, json::Json};

/// A statement whose members have the right JSON types. Whether they are there is not known yet.
pub(super) struct WrittenStatement {
    pub(super) sid: Option<String>,
    pub(super) effect: Option<String>,
    pub(super) principal: Option<Either<WrittenPrincipals>>,
    pub(super) action: Option<Either<Vec<String>>>,
    pub(super) resource: Option<Either<Vec<String>>>,
    pub(super) conditions: Option<WrittenConditions>,
}

impl WrittenStatement {
    fn read(json: Json) -> Result<Self, PolicyError> {
        let mut members = Members::of(json)?;
        members.refuse_others(&[
            "Sid",
            "Effect",
            "Principal",
            "NotPrincipal",
            "Action",
            "NotAction",
            "Resource",
            "NotResource",
            "Condition",
        ])?;
        Ok(Self {
            sid: members.take("Sid").map(string).transpose()?,
            effect: members.take("Effect").map(string).transpose()?,
            principal: either(&mut members, "Principal", "NotPrincipal")?
                .map(|found| found.try_map(principals::written))
                .transpose()?,
            action: either(&mut members, "Action", "NotAction")?
                .map(|found| found.try_map(strings))
                .transpose()?,
            resource: either(&mut members, "Resource", "NotResource")?
                .map(|found| found.try_map(strings))
                .transpose()?,
            conditions: members
                .take("Condition")
                .map(conditions::written)
                .transpose()?,
        })
    }
}

/// Reads a document, statement by statement, in the order of authorization.md 3.9.
pub(super) fn document(
    json: Json,
    mut statement: impl FnMut(WrittenStatement) -> Result<Statement, PolicyError>,
) -> Result<Document, PolicyError> {
    let mut members = Members::of(json)?;
    let Some(statements) = members.take("Statement") else {
        return Err(PolicyError::MissingField("Statement"));
    };
    let version = members.take("Version").map(version).transpose()?;
    let statements = match statements {
        Json::Array(statements) => statements,
        one => vec![one],
    };
    if statements.is_empty() {
        return Err(PolicyError::EmptyStatement);
    }
    members.refuse_others(&["Id"])?;
    let id = members.take("Id").map(string).transpose()?;
    let statements = statements
        .into_iter()
        .map(|json| statement(WrittenStatement::read(json)?))
        .collect::<Result<_, _>>()?;
    Ok(Document {
        version,
        id,
        statements,
    })
}

pub(super) fn version(json: Json) -> Result<Version, PolicyError> {
    match string(json).as_deref() {
        Ok("2012-10-17") => Ok(Version::V2012),
        Ok("2008-10-17") => Ok(Version::V2008),
        Ok(_) | Err(_) => Err(PolicyError::InvalidVersion),
    }
}

pub(super) fn effect(text: String) -> Result<Effect, PolicyError> {
    match text.as_str() {
        "Allow" => Ok(Effect::Allow),
        "Deny" => Ok(Effect::Deny),
        _ => Err(PolicyError::InvalidEffect(text)),
    }
}

/// A member that is there but says nothing (test 10).
pub(super) fn refuse_empty(
    effect: &str,
    principal: &WrittenPrincipals,
    action: &[String],
) -> Result<(), PolicyError> {
    if effect.is_empty() {
        return Err(PolicyError::EmptyField("Effect"));
    }
    if principal.is_empty() {
        return Err(PolicyError::EmptyField("Principal"));
    }
    match action {
        [one] if one.is_empty() => Err(PolicyError::EmptyField("Action")),
        _ => Ok(()),
    }
}

pub(super) fn action(found: Either<Vec<String>>) -> ActionElement {
    match found {
        Either::Positive(list) => ActionElement::Action(list),
        Either::Negative(list) => ActionElement::NotAction(list),
    }
}

pub(super) fn resource(found: Either<Vec<String>>) -> ResourceElement {
    match found {
        Either::Positive(list) => ResourceElement::Resource(list),
        Either::Negative(list) => ResourceElement::NotResource(list),
    }
}
