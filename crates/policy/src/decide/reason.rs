//! Why a request may go on or not: a few words of references into the policies that were asked.
//!
//! PERF: nothing is counted, copied or dropped on the way out of a decision. Who keeps the reason longer than the policies
//! makes an [`AllowedBy`](crate::AllowedBy) or a [`DenyReason`](crate::DenyReason) of it, as an
//! [`Explanation`](crate::Explanation) does.

use super::{PolicyType, PublicAccessSetting};
use crate::{Grant, StatementRef};

/// What lets a request go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Granted<'a> {
    /// The caller is the root user of the account.
    AccountRoot,
    /// The caller is the root user of the owner's account, whom no policy can stop from handling the bucket policy.
    RootPolicyApi,
    /// A statement of the bucket policy, or of the role's trust policy.
    ResourceBased(&'a StatementRef),
    /// A statement of an identity policy.
    IdentityBased {
        /// The ARN of a managed policy, or the name of an inline one.
        policy: &'a str,
        /// Which statement.
        statement: &'a StatementRef,
    },
    /// An entry of an ACL.
    Acl(&'a Grant),
}

/// Why a request may not go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused<'a> {
    /// A statement denies it.
    Explicit {
        /// In which kind of policy.
        policy_type: PolicyType,
        /// The ARN or name of the policy; `None` for a bucket policy or trust policy.
        policy: Option<&'a str>,
        /// Which statement.
        statement: &'a StatementRef,
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
