//! The answer, as a value that says why.

use super::{Granted, Refused, ResourceName};
use crate::AccountId;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Whether a request may go on, and why.
///
/// It refers to the policies that were asked and to the resource, and holds nothing of its own; an
/// [`Outcome`](crate::Outcome) is made of it to be kept or sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Decision<'a> {
    /// It may.
    Allow(Allow<'a>),
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allow<'a> {
    /// What let it; of several permissions, what let the first.
    pub by: Granted<'a>,
}

/// A request may not go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deny<'a> {
    /// Why.
    pub reason: Refused<'a>,
    /// The action that is refused: `s3:GetObject`.
    pub action: &'a str,
    /// The resource on which it is refused; displays its ARN.
    pub resource: ResourceName<'a>,
    /// The account that owns the resource; `None` if it is the caller's.
    pub resource_owner: Option<AccountId>,
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
