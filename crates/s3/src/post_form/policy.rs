//! The policy of a form: until when, and for which forms, its signature counts.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::conditions::Condition;
use super::{FormFields, SizeRange};
use crate::{ErrorCode, S3Error};

/// Fields that need no condition. Source: facts: s3-behaviour.md 22.
const EXEMPT: [&str; 5] = [
    "awsaccesskeyid",
    "file",
    "policy",
    "signature",
    "x-amz-signature",
];
/// So do fields that begin with this.
const EXEMPT_PREFIX: &str = "x-ignore-";

/// A policy that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostPolicy {
    expires_at: OffsetDateTime,
    conditions: Vec<Condition>,
}

impl PostPolicy {
    /// Reads the field `policy`.
    ///
    /// # Errors
    /// `InvalidPolicyDocument` with the first thing that is wrong.
    pub fn parse(base64: &str) -> Result<Self, S3Error> {
        // Lines of base64 are usual; the signature is over the text as it was sent.
        let dense: Vec<u8> = base64
            .bytes()
            .filter(|byte| !byte.is_ascii_whitespace())
            .collect();
        let json = STANDARD
            .decode(dense)
            .map_err(|_| invalid("invalid Base64 encoding."))?;
        match serde_json::from_slice(&json) {
            Ok(Value::Object(members)) => Self::of_members(&members),
            _ => Err(invalid("Invalid JSON.")),
        }
    }

    fn of_members(members: &Map<String, Value>) -> Result<Self, S3Error> {
        let expiration = members
            .get("expiration")
            .ok_or_else(|| invalid("Policy missing expiration."))?;
        let shown = match expiration {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let expires_at = moment(&shown)
            .ok_or_else(|| invalid(&format!("Invalid 'expiration' value: '{shown}'")))?;
        let conditions = match members.get("conditions") {
            None => return Err(invalid("Policy missing conditions.")),
            Some(Value::Array(conditions)) => conditions,
            Some(_) => return Err(invalid("Invalid 'conditions' value: must be a List.")),
        };
        let conditions: Result<_, _> = conditions.iter().map(Condition::parse).collect();
        Ok(Self {
            expires_at,
            conditions: conditions.map_err(|fault| invalid(&fault))?,
        })
    }

    /// Judges a form for this bucket, and says how large its file may be.
    ///
    /// # Errors
    /// `AccessDenied` when the policy is over, for the first condition that is not met, and for fields without one. The
    /// bucket counts as a field.
    pub fn judge(
        &self,
        fields: &FormFields,
        bucket: &str,
        now: OffsetDateTime,
    ) -> Result<SizeRange, S3Error> {
        if now >= self.expires_at {
            return Err(denied("Policy expired."));
        }
        let failed = self
            .conditions
            .iter()
            .find(|condition| !condition.is_met(fields, bucket));
        if let Some(failed) = failed {
            return Err(denied(&format!(
                "Policy Condition failed: {}",
                failed.shown()
            )));
        }
        let extra: Vec<_> = fields
            .iter()
            .map(|(name, _)| name)
            .chain(
                ["bucket"]
                    .into_iter()
                    .filter(|name| fields.get(name).is_none()),
            )
            .filter(|name| !self.covers(name))
            .collect();
        if !extra.is_empty() {
            return Err(denied(&format!("Extra input fields: {}", extra.join(", "))));
        }
        Ok(self.size_range())
    }

    fn covers(&self, name: &str) -> bool {
        EXEMPT.contains(&name)
            || name.starts_with(EXEMPT_PREFIX)
            || self
                .conditions
                .iter()
                .any(|condition| condition.field() == Some(name))
    }

    fn size_range(&self) -> SizeRange {
        self.conditions
            .iter()
            .fold(SizeRange::ANY, |range, condition| match condition {
                Condition::ContentLength(other) => range.and(*other),
                Condition::Equals { .. } | Condition::StartsWith { .. } | Condition::Never(_) => {
                    range
                }
            })
    }
}

/// The moment that a text names in the form of ISO 8601 that AWS reads: day and time with a `T` between them, where the
/// crate would take any character. Source: ceph/s3-tests, `test_post_object_invalid_date_format`.
fn moment(text: &str) -> Option<OffsetDateTime> {
    let (day, _) = text.split_once('T')?;
    let moment = OffsetDateTime::parse(text, &Rfc3339).ok()?;
    (day.len() == "yyyy-mm-dd".len()).then_some(moment)
}

fn invalid(fault: &str) -> S3Error {
    S3Error::new(ErrorCode::InvalidPolicyDocument).with_message(format!("Invalid Policy: {fault}"))
}

fn denied(reason: &str) -> S3Error {
    S3Error::new(ErrorCode::AccessDenied)
        .with_message(format!("Invalid according to Policy: {reason}"))
}
