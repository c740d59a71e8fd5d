//! What a caller asks of a new session: how long, within which policies, with which tags.

use std::collections::HashSet;

use buckler_policy::{SESSION_POLICY_CHARACTERS_MAX, parse_session_policy};

use crate::query::{Input, QueryError, QueryErrorCode};
use crate::{SESSION_POLICY_ARNS_MAX, SESSION_TAGS_MAX, SessionPolicies, SessionTag};

/// Begins the keys that only AWS may set.
const RESERVED_PREFIX: &str = "aws:";

/// The parameters that the operations have in common.
#[derive(Debug, Clone, Default)]
pub struct SessionRequest {
    /// `DurationSeconds`, within AWS's model; `None` for the default.
    pub duration_seconds: Option<i64>,
    /// `Policy` and `PolicyArns`.
    pub policies: SessionPolicies,
    /// `Tags` with `TransitiveTagKeys`.
    pub tags: Vec<SessionTag>,
}

impl SessionRequest {
    /// Reads the parameters that are there.
    ///
    /// # Errors
    ///
    /// `MalformedPolicyDocument`; `ValidationError` for what is too long or stands twice.
    pub fn read(input: &Input) -> Result<Self, QueryError> {
        Ok(Self {
            duration_seconds: input.integer("DurationSeconds"),
            policies: policies(input)?,
            tags: tags(input)?,
        })
    }
}

fn policies(input: &Input) -> Result<SessionPolicies, QueryError> {
    let inline = input.text("Policy");
    if let Some(document) = inline {
        if document.chars().count() > SESSION_POLICY_CHARACTERS_MAX {
            return Err(too_long(
                &format!(" '{document}'"),
                "policy",
                SESSION_POLICY_CHARACTERS_MAX,
            ));
        }
        parse_session_policy(document.as_bytes()).map_err(|fault| {
            QueryError::new(QueryErrorCode::MalformedPolicyDocument, fault.to_string())
        })?;
    }
    let mut managed_arns = Vec::new();
    for policy in input.structures("PolicyArns") {
        managed_arns.push(policy.required("arn")?.to_owned());
    }
    if managed_arns.len() > SESSION_POLICY_ARNS_MAX {
        return Err(too_long("", "policyArns", SESSION_POLICY_ARNS_MAX));
    }
    Ok(SessionPolicies {
        inline: inline.map(str::to_owned),
        managed_arns,
    })
}

fn too_long(value: &str, name: &str, max: usize) -> QueryError {
    QueryError::validation(format!(
        "1 validation error detected: Value{value} at '{name}' failed to satisfy constraint: Member must have length less than or equal to {max}"
    ))
}

fn tags(input: &Input) -> Result<Vec<SessionTag>, QueryError> {
    let transitive: HashSet<_> = input
        .texts("TransitiveTagKeys")
        .map(str::to_lowercase)
        .collect();
    let mut tags = Vec::new();
    let mut seen = HashSet::new();
    for tag in input.structures("Tags") {
        let key = tag.required("Key")?;
        let folded = key.to_lowercase();
        if folded.starts_with(RESERVED_PREFIX) {
            return Err(QueryError::validation(format!(
                "Tag key {key} is reserved: keys cannot begin with aws:"
            )));
        }
        tags.push(SessionTag {
            key: key.to_owned(),
            value: tag.required("Value")?.to_owned(),
            is_transitive: transitive.contains(&folded),
        });
        if !seen.insert(folded) {
            return Err(QueryError::validation(
                "Duplicate tag keys found. Please note that Tag keys are case insensitive.",
            ));
        }
    }
    if !transitive.is_subset(&seen) {
        return Err(QueryError::validation(
            "The specified transitive tag key must be included in the requested tags.",
        ));
    }
    Ok(tags)
}

/// The tags of a session that a session assumes a role for: its own, and those of the caller's that
/// go on. Source: IAM User Guide, "Chaining roles with session tags".
///
/// # Errors
///
/// `ValidationError` if one is to be overwritten, or there are too many.
pub fn inherited_tags(
    of_caller: &[SessionTag],
    requested: &[SessionTag],
) -> Result<Vec<SessionTag>, QueryError> {
    let mut tags: Vec<_> = of_caller
        .iter()
        .filter(|tag| tag.is_transitive)
        .cloned()
        .collect();
    for tag in requested {
        let is_same = |other: &SessionTag| other.key.to_lowercase() == tag.key.to_lowercase();
        if tags.iter().any(is_same) {
            return Err(QueryError::validation(
                "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.",
            ));
        }
        tags.push(tag.clone());
    }
    if tags.len() > SESSION_TAGS_MAX {
        return Err(too_long("", "tags", SESSION_TAGS_MAX));
    }
    Ok(tags)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::{Operation, Parameters, Service};

    fn read(form: &str) -> Result<SessionRequest, QueryError> {
        let operation = Operation::find(Service::Sts, "GetFederationToken").unwrap();
        let parameters = Parameters::parse(&format!("Name=bob&{form}")).unwrap();
        SessionRequest::read(&Input::read(operation, &parameters)?)
    }

    #[track_caller]
    fn refused(form: &str, code: QueryErrorCode) -> String {
        let error = read(form).unwrap_err();
        assert_eq!(error.code, code, "{}", error.message);
        error.message
    }

    #[test]
    fn policies_and_tags_are_read() {
        let policy = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}"#;
        let request = read(&format!(
            "DurationSeconds=900&Policy={policy}&PolicyArns.member.1.arn=arn:aws:iam::aws:policy/ReadOnlyAccess&Tags.member.1.Key=team&Tags.member.1.Value=blue"
        ))
        .unwrap();
        assert_eq!(request.duration_seconds, Some(900));
        assert_eq!(request.policies.inline.as_deref(), Some(policy));
        assert_eq!(request.policies.managed_arns.len(), 1);
        assert_eq!(
            (&*request.tags[0].value, request.tags[0].is_transitive),
            ("blue", false)
        );
    }

    #[test]
    fn a_policy_must_be_one_and_of_bounded_size() {
        refused("Policy={}", QueryErrorCode::MalformedPolicyDocument);
        let message = refused(
            &format!("Policy={}", "x".repeat(2049)),
            QueryErrorCode::ValidationError,
        );
        assert!(message.ends_with("at 'policy' failed to satisfy constraint: Member must have length less than or equal to 2048"), "{message}");
        let arns: Vec<_> = (1..=11)
            .map(|n| format!("PolicyArns.member.{n}.arn=arn:aws:iam::aws:policy/A{n}"))
            .collect();
        refused(&arns.join("&"), QueryErrorCode::ValidationError);
    }

    #[test]
    fn tag_keys_are_unique_whatever_their_case_and_not_awss() {
        let twice =
            "Tags.member.1.Key=a&Tags.member.1.Value=1&Tags.member.2.Key=A&Tags.member.2.Value=2";
        refused(twice, QueryErrorCode::ValidationError);
        refused(
            "Tags.member.1.Key=aws:x&Tags.member.1.Value=1",
            QueryErrorCode::ValidationError,
        );
    }

    #[test]
    fn transitive_tags_go_on_and_cannot_be_overwritten() {
        let tag = |key: &str, value: &str, is_transitive| SessionTag {
            key: key.to_owned(),
            value: value.to_owned(),
            is_transitive,
        };
        let of_caller = [tag("team", "blue", true), tag("desk", "7", false)];
        let own = tag("desk", "8", false);
        let tags = inherited_tags(&of_caller, std::slice::from_ref(&own)).unwrap();
        assert_eq!(tags, [tag("team", "blue", true), own]);
        assert!(inherited_tags(&of_caller, &[tag("TEAM", "red", false)]).is_err());
    }
}
