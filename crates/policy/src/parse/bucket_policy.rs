//! Bucket policies: all tests of `PutBucketPolicy`, in the order of authorization.md 3.9.

use super::{
    PolicyError, conditions,
    elements::{Either, Members, either, string, strings},
    principals::{self, Form, WrittenPrincipals},
    reach, size,
};
use crate::{
    ActionElement, Document, Effect, PrincipalElement, ResourceElement, Statement, Version,
    json::{self, Json, JsonFault},
};

/// Largest normal form of a bucket policy, in bytes. Source: facts: authorization.md 1.6.
pub const BUCKET_POLICY_BYTES_MAX: usize = 20_480;

/// Largest body of `PutBucketPolicy` that is read at all, in bytes.
///
/// The limit that counts is that of the normal form; this one only bounds the work. AWS's is not known.
pub const BUCKET_POLICY_BODY_BYTES_MAX: usize = 1024 * 1024;

/// Reads the body of `PutBucketPolicy` for this bucket.
///
/// Whether its principals exist is not known here: see [`Document::bind`].
/// Source: facts: authorization.md 3.
///
/// # Errors
/// The first fault in the order of authorization.md 3.9.
///
/// ```
/// let body = br#"{"Statement":{"Effect":"Allow","Principal":"*","Action":["s3:GetObject"],
///                  "Resource":"arn:aws:s3:::photos/*"},"Version":"2012-10-17"}"#;
/// let policy = buckler_policy::parse_bucket_policy(body, "photos")?;
/// assert_eq!(
///     policy.to_normalized_json(),
///     r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::photos/*"}]}"#
/// );
/// # Ok::<(), buckler_policy::PolicyError>(())
/// ```
pub fn parse_bucket_policy(body: &[u8], bucket: &str) -> Result<Document, PolicyError> {
    if body.first() != Some(&b'{') {
        return Err(PolicyError::FirstByte);
    }
    if body.len() > BUCKET_POLICY_BODY_BYTES_MAX {
        return Err(PolicyError::TooLarge);
    }
    let json = json::parse(body).map_err(|fault| match fault {
        JsonFault::Invalid => PolicyError::InvalidJson,
        JsonFault::RepeatedMember => PolicyError::InvalidSyntax,
    })?;
    if size::normal_form_bytes(&json) > BUCKET_POLICY_BYTES_MAX {
        return Err(PolicyError::TooLarge);
    }
    document(json, Some(bucket))
}

/// Reads a document, statement by statement; `None` for the bucket leaves out tests 14 to 16 and 18 to 20.
pub(super) fn document(json: Json, bucket: Option<&str>) -> Result<Document, PolicyError> {
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
        .map(|json| statement(json, bucket))
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

/// One statement (tests 7 to 20): types before presence before content.
fn statement(json: Json, bucket: Option<&str>) -> Result<Statement, PolicyError> {
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
    let sid = members.take("Sid").map(string).transpose()?;
    let effect = members.take("Effect").map(string).transpose()?;
    let principal = either(&mut members, "Principal", "NotPrincipal")?
        .map(|found| found.try_map(principals::written))
        .transpose()?;
    let action = either(&mut members, "Action", "NotAction")?
        .map(|found| found.try_map(strings))
        .transpose()?;
    let resource = either(&mut members, "Resource", "NotResource")?
        .map(|found| found.try_map(strings))
        .transpose()?;
    let conditions = members
        .take("Condition")
        .map(conditions::written)
        .transpose()?;

    let effect = effect.ok_or(PolicyError::MissingField("Effect"))?;
    let principal = principal.ok_or(PolicyError::MissingField("Principal"))?;
    let action = action.ok_or(PolicyError::MissingField("Action"))?;
    let resource = resource.ok_or(PolicyError::MissingField("Resource"))?;
    refuse_empty(&effect, principal.value(), action.value())?;
    let effect = self::effect(effect)?;
    let form = bucket.map_or(Form::Stored, |_| Form::Sent);
    let principal = match principal {
        Either::Negative(_) if effect == Effect::Allow => {
            return Err(PolicyError::AllowWithNotPrincipal);
        }
        Either::Negative(list) => PrincipalElement::NotPrincipal(principals::read(list, form)?),
        Either::Positive(list) => PrincipalElement::Principal(principals::read(list, form)?),
    };
    let action = match action {
        Either::Positive(list) => ActionElement::Action(list),
        Either::Negative(list) => ActionElement::NotAction(list),
    };
    let resource = match resource {
        Either::Positive(list) => ResourceElement::Resource(list),
        Either::Negative(list) => ResourceElement::NotResource(list),
    };
    let entries = bucket
        .map(|bucket| reach::check(&action, &resource, bucket))
        .transpose()?;
    let conditions = conditions.map(conditions::read).transpose()?;
    if let (Some(entries), Some(conditions)) = (entries, &conditions) {
        conditions::check(conditions, &entries, action.is_negated())?;
    }
    Ok(Statement {
        sid,
        effect,
        principal: Some(principal),
        action,
        resource: Some(resource),
        conditions,
    })
}

fn refuse_empty(
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

pub(super) fn effect(text: String) -> Result<Effect, PolicyError> {
    match text.as_str() {
        "Allow" => Ok(Effect::Allow),
        "Deny" => Ok(Effect::Deny),
        _ => Err(PolicyError::InvalidEffect(text)),
    }
}
