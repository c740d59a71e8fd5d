//! A decision to keep: the same reasons, with names of their own.

use crate::{Decision, Grant, Granted, PolicyType, PublicAccessSetting, Refused, StatementRef};
use serde::{Deserialize, Serialize};

/// What was decided, to be kept and sent: a [`Decision`] is made of references into the policies.
///
/// ```
/// use buckler_policy::{Caller, ContextMap, DenyReason, Outcome, authorize_action};
///
/// let nobody = Caller::anonymous();
/// let decision = authorize_action(&nobody, "iam:CreateUser", "*", &ContextMap::new());
/// assert_eq!(Outcome::from(decision), Outcome::Denied(DenyReason::Anonymous));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Outcome {
    /// The action is allowed, by this.
    Allowed(AllowedBy),
    /// It is not, for this reason.
    Denied(DenyReason),
}

/// What lets a request go on; see [`Granted`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AllowedBy {
    /// The caller is the root user of the account.
    AccountRoot,
    /// The caller is the root user of the owner's account, whom no policy can stop from handling the bucket policy.
    RootPolicyApi,
    /// A statement of the bucket policy, or of the role's trust policy.
    ResourceBased(StatementRef),
    /// A statement of an identity policy.
    IdentityBased(PolicyRef),
    /// An entry of an ACL.
    Acl(Grant),
}

/// A statement of a policy that has a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyRef {
    /// The ARN of a managed policy, or the name of an inline one.
    pub policy: String,
    /// The statement.
    pub statement: StatementRef,
}

/// Why a request may not go on; see [`Refused`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DenyReason {
    /// A statement denies it.
    Explicit {
        /// In which kind of policy.
        policy_type: PolicyType,
        /// The ARN or name of the policy; `None` for a bucket policy or trust policy.
        policy: Option<String>,
        /// Which statement.
        statement: StatementRef,
    },
    /// No policy of this kind allows it, and one would have to.
    Implicit(PolicyType),
    /// The caller is anonymous, and neither policy nor ACL lets everyone in.
    Anonymous,
    /// The object belongs to another account, and its ACL does not let the bucket owner in.
    ForeignOwnedObject,
    /// Block Public Access.
    BlockPublicAccess(PublicAccessSetting),
    /// The policies allow it, but the caller is not of the owner's account: 405, not 403.
    MethodNotAllowed,
    /// The caller is a root user, and root users cannot assume roles.
    RootCannotAssumeRoles,
}

impl From<Decision<'_>> for Outcome {
    fn from(decision: Decision<'_>) -> Self {
        match decision {
            Decision::Allow(allow) => Self::Allowed(allow.by.into()),
            Decision::Deny(deny) => Self::Denied(deny.reason.into()),
        }
    }
}

impl From<Granted<'_>> for AllowedBy {
    fn from(granted: Granted<'_>) -> Self {
        match granted {
            Granted::AccountRoot => Self::AccountRoot,
            Granted::RootPolicyApi => Self::RootPolicyApi,
            Granted::ResourceBased(statement) => Self::ResourceBased(statement.clone()),
            Granted::IdentityBased { policy, statement } => Self::IdentityBased(PolicyRef {
                policy: policy.to_owned(),
                statement: statement.clone(),
            }),
            Granted::Acl(grant) => Self::Acl(*grant),
        }
    }
}

impl From<Refused<'_>> for DenyReason {
    fn from(refused: Refused<'_>) -> Self {
        match refused {
            Refused::Explicit {
                policy_type,
                policy,
                statement,
            } => Self::Explicit {
                policy_type,
                policy: policy.map(str::to_owned),
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

impl<'a> From<&'a AllowedBy> for Granted<'a> {
    fn from(by: &'a AllowedBy) -> Self {
        match by {
            AllowedBy::AccountRoot => Self::AccountRoot,
            AllowedBy::RootPolicyApi => Self::RootPolicyApi,
            AllowedBy::ResourceBased(statement) => Self::ResourceBased(statement),
            AllowedBy::IdentityBased(found) => Self::IdentityBased {
                policy: &found.policy,
                statement: &found.statement,
            },
            AllowedBy::Acl(grant) => Self::Acl(grant),
        }
    }
}

impl<'a> From<&'a DenyReason> for Refused<'a> {
    fn from(reason: &'a DenyReason) -> Self {
        match reason {
            DenyReason::Explicit {
                policy_type,
                policy,
                statement,
            } => Self::Explicit {
                policy_type: *policy_type,
                policy: policy.as_deref(),
                statement,
            },
            DenyReason::Implicit(policy_type) => Self::Implicit(*policy_type),
            DenyReason::Anonymous => Self::Anonymous,
            DenyReason::ForeignOwnedObject => Self::ForeignOwnedObject,
            DenyReason::BlockPublicAccess(setting) => Self::BlockPublicAccess(*setting),
            DenyReason::MethodNotAllowed => Self::MethodNotAllowed,
            DenyReason::RootCannotAssumeRoles => Self::RootCannotAssumeRoles,
        }
    }
}
