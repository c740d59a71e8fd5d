//! What IAM and STS answer: the same failures as S3's, in their own codes and words.
//!
//! Source of codes: facts: authorization.md 7.1. The texts of signature failures are those that AWS's query services
//! share; none is recorded there.

use buckler_iam::ops::malformed_policy;
use buckler_iam::query::{QueryError, QueryErrorCode};
use buckler_metadata::{EntityKind, IamError, IamLimit, IamRefusal, Reference, StoreError};
use buckler_sigv4::{AuthError, CredentialFault};
use time::macros::format_description;
use time::{Duration, OffsetDateTime};

use crate::pipeline::authenticate::Unproven;
use crate::principals::BindError;

/// How far a request's time may be from now, as messages say it.
const SKEW: Duration = Duration::minutes(15);

/// A broken invariant: the log says which.
pub(crate) fn internal(what: &str, error: &dyn std::fmt::Display) -> QueryError {
    tracing::error!(%error, "{what}");
    QueryError::internal()
}

/// A failure of the database. 503 where coming back helps, 500 where it does not.
pub(crate) fn store_error(error: StoreError) -> QueryError {
    super::log_store_error(&error);
    match error {
        StoreError::Unavailable(_)
        | StoreError::Full
        | StoreError::Frozen
        | StoreError::Closed
        | StoreError::Contended => QueryError::new(
            QueryErrorCode::ServiceUnavailable,
            "The request has failed due to a temporary failure of the server.",
        ),
        StoreError::Corrupt(_)
        | StoreError::MissingParent
        | StoreError::Duplicate
        | StoreError::Statement(_) => QueryError::internal(),
    }
}

/// A policy that cannot be stored.
pub(crate) fn bind_error(error: BindError) -> QueryError {
    match error {
        BindError::Policy(fault) => malformed_policy(&fault),
        BindError::Store(error) => store_error(error),
    }
}

/// A change of identities that did not happen, in AWS's words. Source: facts: authorization.md 7.3; texts that are not
/// there are AWS's answers as public reports quote them.
pub(crate) fn iam_error(error: IamError) -> QueryError {
    match error {
        IamError::Store(error) => store_error(error),
        IamError::Refused(IamRefusal::NoSuchEntity { kind, name }) => no_such_entity(kind, &name),
        IamError::Refused(IamRefusal::AlreadyExists { kind, name }) => QueryError::new(
            QueryErrorCode::EntityAlreadyExists,
            already_exists(kind, &name),
        ),
        IamError::Refused(IamRefusal::Referenced(reference)) => {
            QueryError::new(QueryErrorCode::DeleteConflict, referenced(reference))
        }
        IamError::Refused(IamRefusal::LimitExceeded { limit, max, name }) => {
            QueryError::limit_exceeded(exceeded(limit, max, &name))
        }
    }
}

/// 404 `NoSuchEntity`.
pub(crate) fn no_such_entity(kind: EntityKind, name: &str) -> QueryError {
    let what = match kind {
        EntityKind::User => "user",
        EntityKind::Group => "group",
        EntityKind::Role => "role",
        EntityKind::UserPolicy => "user policy",
        EntityKind::GroupPolicy => "group policy",
        EntityKind::RolePolicy => "role policy",
        EntityKind::AccountAlias => "account alias",
        EntityKind::Policy => {
            return QueryError::no_such_entity(format!("Policy {name} was not found."));
        }
        EntityKind::Attachment | EntityKind::PolicyVersion => {
            return QueryError::no_such_entity(format!(
                "Policy {name} does not exist or is not attachable."
            ));
        }
        EntityKind::AccessKey => {
            return QueryError::no_such_entity(format!(
                "The Access Key with id {name} cannot be found."
            ));
        }
    };
    QueryError::no_such_entity(format!("The {what} with name {name} cannot be found."))
}

fn already_exists(kind: EntityKind, name: &str) -> String {
    match kind {
        EntityKind::User => format!("User with name {name} already exists."),
        EntityKind::Group => format!("Group with name {name} already exists."),
        EntityKind::Role => format!("Role with name {name} already exists."),
        EntityKind::Policy => {
            format!("A policy called {name} already exists. Duplicate names are not allowed.")
        }
        _ => format!("The {kind} {name} already exists."),
    }
}

fn referenced(reference: Reference) -> &'static str {
    match reference {
        Reference::AccessKeys => "Cannot delete entity, must delete access keys first.",
        Reference::InlinePolicies => "Cannot delete entity, must delete policies first.",
        Reference::AttachedPolicies => "Cannot delete entity, must detach all policies first.",
        Reference::Members => "Cannot delete entity, must remove users from group first.",
        Reference::Attachments => "Cannot delete a policy attached to entities.",
        Reference::Versions => {
            "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy."
        }
        Reference::DefaultVersion => "Cannot delete the default version of a policy.",
    }
}

fn exceeded(limit: IamLimit, max: u64, name: &str) -> String {
    match limit {
        IamLimit::UserPolicyCharacters => {
            format!("Maximum policy size of {max} bytes exceeded for user {name}")
        }
        IamLimit::GroupPolicyCharacters => {
            format!("Maximum policy size of {max} bytes exceeded for group {name}")
        }
        IamLimit::RolePolicyCharacters => {
            format!("Maximum policy size of {max} bytes exceeded for role {name}")
        }
        IamLimit::VersionsPerPolicy => format!(
            "A managed policy can have up to {max} versions. Before you create a new version, you must delete an existing version."
        ),
        IamLimit::TagsPerEntity => {
            format!("The number of tags has reached the maximum limit of {max}.")
        }
        limit => format!("Cannot exceed quota for {limit}: {max}"),
    }
}

/// A call without a signature.
pub(crate) fn missing_authentication() -> QueryError {
    QueryError::new(
        QueryErrorCode::MissingAuthenticationToken,
        "Request is missing Authentication Token",
    )
}

/// A signature that is not of this call.
pub(crate) fn signature_mismatch() -> QueryError {
    QueryError::new(
        QueryErrorCode::SignatureDoesNotMatch,
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.",
    )
}

/// A sender who is not proven.
pub(crate) fn unproven(error: Unproven, now: OffsetDateTime) -> QueryError {
    match error {
        Unproven::Refused(error) => auth_error(&error, now),
        Unproven::Failed(error) if error.status().as_u16() == 503 => QueryError::new(
            QueryErrorCode::ServiceUnavailable,
            "The request has failed due to a temporary failure of the server.",
        ),
        Unproven::Failed(_) => QueryError::internal(),
    }
}

/// A request that does not prove its sender.
pub(crate) fn auth_error(error: &AuthError, now: OffsetDateTime) -> QueryError {
    use QueryErrorCode as C;
    match error {
        AuthError::SignatureDoesNotMatch(_) | AuthError::HeadersNotSigned { .. } => {
            signature_mismatch()
        }
        AuthError::InvalidAccessKeyId { .. } | AuthError::InvalidToken { .. } => QueryError::new(
            C::InvalidClientTokenId,
            "The security token included in the request is invalid.",
        ),
        AuthError::ExpiredToken { .. } => QueryError::new(
            C::ExpiredToken,
            "The security token included in the request is expired",
        ),
        AuthError::RequestTimeTooSkewed { request_time, .. } => {
            QueryError::new(C::SignatureDoesNotMatch, skewed(request_time, now))
        }
        AuthError::RequestExpired { expires_at, .. } => QueryError::new(
            C::SignatureDoesNotMatch,
            format!(
                "Signature expired: {} is now earlier than {}",
                basic(*expires_at),
                basic(now)
            ),
        ),
        AuthError::RegionSetMismatch { .. } => {
            QueryError::new(C::SignatureDoesNotMatch, NO_VALID_REGION)
        }
        AuthError::HeaderCredential(fault) | AuthError::QueryCredential(fault) => {
            QueryError::new(C::SignatureDoesNotMatch, scope(fault))
        }
        AuthError::QueryCredentialDate { .. } => QueryError::new(
            C::SignatureDoesNotMatch,
            "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP.",
        ),
        _ => QueryError::new(C::IncompleteSignature, error.to_string()),
    }
}

fn skewed(request_time: &str, now: OffsetDateTime) -> String {
    let earliest = basic(now - SKEW);
    if request_time < earliest.as_str() {
        format!(
            "Signature expired: {request_time} is now earlier than {earliest} ({} - 15 min.)",
            basic(now)
        )
    } else {
        format!(
            "Signature not yet current: {request_time} is still later than {} ({} + 15 min.)",
            basic(now + SKEW),
            basic(now)
        )
    }
}

/// A scope, or a set of regions, without the one that is meant.
const NO_VALID_REGION: &str = "Credential should be scoped to a valid region. ";

fn scope(fault: &CredentialFault) -> String {
    match fault {
        CredentialFault::Region { .. } => NO_VALID_REGION.to_owned(),
        CredentialFault::Service { expected, .. } => {
            format!("Credential should be scoped to correct service: '{expected}'. ")
        }
        CredentialFault::Terminal { terminal } => format!(
            "Credential should be scoped with a valid terminator: 'aws4_request', not '{terminal}'. "
        ),
        other => other.to_string(),
    }
}

fn basic(time: OffsetDateTime) -> String {
    let form = format_description!("[year][month][day]T[hour][minute][second]Z");
    time.format(&form).unwrap_or_default()
}
