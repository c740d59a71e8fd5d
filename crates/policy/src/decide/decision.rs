//! The answer, as a value that says why.

use super::ResourceName;
use crate::{AccountId, Grant, StatementRef, shared_text};
use serde::{Deserialize, Serialize};
use std::{fmt, sync::Arc};

/// Whether a request may go on, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum Decision<'a> {
    /// It may.
    Allow(Allow),
    /// It may not.
    Deny(Deny<'a>),
}

impl Decision<'_> {
    /// Whether the request may go on.
    pub const fn is_allow(&self) -> bool {
        matches!(self, Self::Allow(_))
    }
}

/// A request may go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allow {
    /// What let it; of several permissions, what let the first.
    pub by: AllowedBy,
}

/// What lets a request go on.
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
    #[serde(with = "shared_text")]
    pub policy: Arc<str>,
    /// The statement.
    pub statement: StatementRef,
}

/// A request may not go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deny<'a> {
    /// Why.
    pub reason: DenyReason,
    /// The action that is refused: `s3:GetObject`.
    pub action: &'a str,
    /// The resource on which it is refused; displays its ARN.
    pub resource: ResourceName<'a>,
    /// The account that owns the resource; `None` if it is the caller's.
    pub resource_owner: Option<AccountId>,
}

/// Why a request may not go on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DenyReason {
    /// A statement denies it.
    Explicit {
        /// In which kind of policy.
        policy_type: PolicyType,
        /// The ARN or name of the policy; `None` for a bucket policy or trust policy.
        #[serde(with = "shared_text::optional")]
        policy: Option<Arc<str>>,
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

/// The kinds of policies, as messages name them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum PolicyType {
    /// The bucket policy, or the role's trust policy.
    ResourceBased,
    /// A policy of the user, its groups or the role.
    IdentityBased,
    /// The permissions boundary.
    PermissionsBoundary,
    /// A session policy.
    Session,
}

impl PolicyType {
    /// The kind as AWS's messages call it: `identity-based policy`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ResourceBased => "resource-based policy",
            Self::IdentityBased => "identity-based policy",
            Self::PermissionsBoundary => "permissions boundary",
            Self::Session => "session policy",
        }
    }
}

impl fmt::Display for PolicyType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A flag of Block Public Access that refuses something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum PublicAccessSetting {
    /// `BlockPublicAcls`.
    BlockPublicAcls,
    /// `BlockPublicPolicy`.
    BlockPublicPolicy,
    /// `RestrictPublicBuckets`.
    RestrictPublicBuckets,
}

impl PublicAccessSetting {
    /// The flag's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::BlockPublicAcls => "BlockPublicAcls",
            Self::BlockPublicPolicy => "BlockPublicPolicy",
            Self::RestrictPublicBuckets => "RestrictPublicBuckets",
        }
    }
}
