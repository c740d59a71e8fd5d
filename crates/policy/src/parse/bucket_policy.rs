//! Bucket policies: all tests of `PutBucketPolicy`, in the order of authorization.md 3.9.

use super::{
    PolicyError, conditions,
    elements::Either,
    principals::{self, Form},
    reach::{self, KnownActions},
    size,
    written::{self, WrittenStatement},
};
use crate::{
    Document, Effect, PrincipalElement, Statement,
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

/// Reads a document; `None` for the bucket leaves out tests 14 to 16 and 18 to 20.
pub(super) fn document(json: Json, bucket: Option<&str>) -> Result<Document, PolicyError> {
    let mut known = KnownActions::default();
    written::document(json, |found| statement(found, bucket, &mut known))
}

/// One statement (tests 9 to 20): presence before content.
fn statement(
    found: WrittenStatement,
    bucket: Option<&str>,
    known: &mut KnownActions,
) -> Result<Statement, PolicyError> {
    let effect = found.effect.ok_or(PolicyError::MissingField("Effect"))?;
    let principal = found
        .principal
        .ok_or(PolicyError::MissingField("Principal"))?;
    let action = found.action.ok_or(PolicyError::MissingField("Action"))?;
    let resource = found
        .resource
        .ok_or(PolicyError::MissingField("Resource"))?;
    written::refuse_empty(&effect, principal.value(), action.value())?;
    let effect = written::effect(effect)?;
    let form = bucket.map_or(Form::Stored, |_| Form::Sent);
    let read = |list| principals::read(list, form).map_err(|_| PolicyError::InvalidPrincipal);
    let principal = match principal {
        Either::Negative(_) if effect == Effect::Allow => {
            return Err(PolicyError::AllowWithNotPrincipal);
        }
        Either::Negative(list) => PrincipalElement::NotPrincipal(read(list)?),
        Either::Positive(list) => PrincipalElement::Principal(read(list)?),
    };
    let action = written::action(action);
    let resource = written::resource(resource);
    let entries = bucket
        .map(|bucket| reach::check(&action, &resource, bucket, known))
        .transpose()?;
    let conditions = found.conditions.map(conditions::read).transpose()?;
    if let (Some(entries), Some(conditions)) = (entries, &conditions) {
        conditions::check(conditions, &entries, action.is_negated())?;
    }
    Ok(Statement {
        sid: found.sid,
        effect,
        principal: Some(principal),
        action,
        resource: Some(resource),
        conditions,
    })
}
