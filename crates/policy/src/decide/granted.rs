//! The answer on its way through the algorithm: a few words of references.
//!
//! PERF: the public values hold names and counts of references; passing them from function to function cost more than
//! the rest of a decision (60 of 90 ns).

use super::{AllowedBy, DenyReason, NamedPolicy, PolicyRef, PolicyType, PublicAccessSetting};
use crate::{Grant, StatementRef};

/// What lets a request go on: see [`AllowedBy`].
#[derive(Clone, Copy)]
pub(super) enum Granted<'a> {
    AccountRoot,
    RootPolicyApi,
    ResourceBased(&'a StatementRef),
    IdentityBased(&'a NamedPolicy, &'a StatementRef),
    Acl(&'a Grant),
}

/// Why a request may not go on: see [`DenyReason`].
#[derive(Clone, Copy)]
pub(super) enum Refused<'a> {
    Explicit(PolicyType, Option<&'a NamedPolicy>, &'a StatementRef),
    Implicit(PolicyType),
    Anonymous,
    ForeignOwnedObject,
    BlockPublicAccess(PublicAccessSetting),
    MethodNotAllowed,
    RootCannotAssumeRoles,
}

impl From<Granted<'_>> for AllowedBy {
    fn from(granted: Granted<'_>) -> Self {
        match granted {
            Granted::AccountRoot => Self::AccountRoot,
            Granted::RootPolicyApi => Self::RootPolicyApi,
            Granted::ResourceBased(statement) => Self::ResourceBased(statement.clone()),
            Granted::IdentityBased(policy, statement) => Self::IdentityBased(PolicyRef {
                policy: policy.name.clone(),
                statement: statement.clone(),
            }),
            Granted::Acl(grant) => Self::Acl(*grant),
        }
    }
}

impl From<Refused<'_>> for DenyReason {
    fn from(refused: Refused<'_>) -> Self {
        match refused {
            Refused::Explicit(policy_type, policy, statement) => Self::Explicit {
                policy_type,
                policy: policy.map(|policy| policy.name.clone()),
                statement: statement.clone(),
            },
            Refused::Implicit(policy_type) => Self::Implicit(policy_type),
            Refused::Anonymous => Self::Anonymous,
            Refused::ForeignOwnedObject => Self::ForeignOwnedObject,
            Refused::BlockPublicAccess(setting) => Self::BlockPublicAccess(setting),
            Refused::MethodNotAllowed => Self::MethodNotAllowed,
            Refused::RootCannotAssumeRoles => Self::RootCannotAssumeRoles,
        }
    }
}
