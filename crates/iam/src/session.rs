//! Sessions: temporary credentials that are stored nowhere.
//!
//! All that a server must know about a session stands in its token, sealed under the master key, so
//! that any gateway accepts it. What may change while the session lives is not in it: role or user
//! are named by unique id only, and their policies are read with every request, so that deleting a
//! role, detaching a policy or `AWSRevokeOlderSessions` acts on the next one.

mod key_id;
mod packed;
mod token;

use buckler_policy::AccountId;
use time::OffsetDateTime;

pub use key_id::{account_of_access_key, is_temporary_access_key_id};
pub use packed::PACKED_BYTES_MAX;
pub use token::{OpenedSession, SessionCredentials, SessionToken, TokenError};

/// Most managed policies of a session. Facts: authorization.md 7.5.
pub const SESSION_POLICY_ARNS_MAX: usize = 10;
/// Most session tags, inherited ones among them. Facts: authorization.md 7.5.
pub const SESSION_TAGS_MAX: usize = 50;

/// A session, as it was issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// The account that the session belongs to: the role's, or the user's.
    pub account_id: AccountId,
    /// Whose session it is.
    pub principal: SessionPrincipal,
    /// When it was issued, to the second: `aws:TokenIssueTime`.
    pub issued_at: OffsetDateTime,
    /// From when on it is refused, to the second.
    pub expires_at: OffsetDateTime,
    /// When a second factor was checked, if one was.
    pub mfa_at: Option<OffsetDateTime>,
    /// `aws:SourceIdentity`.
    pub source_identity: Option<String>,
    /// What limits it.
    pub policies: SessionPolicies,
    /// `aws:PrincipalTag/…` of the session itself, in the order given.
    pub tags: Vec<SessionTag>,
}

/// Whose session it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SessionPrincipal {
    /// Of a user or root itself (`GetSessionToken`).
    Own(Owner),
    /// Of a role.
    Role {
        /// The role's unique id, `AROA…`.
        role_id: String,
        /// `RoleSessionName`.
        session_name: String,
        /// How its caller came to it.
        origin: RoleOrigin,
    },
    /// Of a federated user (`GetFederationToken`).
    FederatedUser {
        /// Who called.
        issuer: Owner,
        /// `Name`.
        name: String,
    },
}

/// A long-lived identity of the session's account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Owner {
    /// The account's root user.
    Root,
    /// A user, by unique id: `AIDA…`.
    User(String),
}

/// How a caller came to a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RoleOrigin {
    /// `AssumeRole` with long-term credentials, or those of `GetSessionToken`.
    Principal,
    /// `AssumeRole` with a role's session: role chaining.
    Chained,
    /// `AssumeRoleWithWebIdentity`.
    WebIdentity(WebIdentity),
}

/// What a provider said of the person behind a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebIdentity {
    /// `arn:aws:iam::ID:oidc-provider/HOST/PATH`: `aws:FederatedProvider`.
    pub provider_arn: String,
    /// `HOST/PATH:sub`.
    pub subject: String,
    /// `HOST/PATH:aud`.
    pub audience: String,
}

/// The policies that a session was issued with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SessionPolicies {
    /// `Policy`, as given.
    pub inline: Option<String>,
    /// `PolicyArns`.
    pub managed_arns: Vec<String>,
}

impl SessionPolicies {
    /// Whether the session was issued without any: then nothing limits it.
    pub fn is_empty(&self) -> bool {
        self.inline.is_none() && self.managed_arns.is_empty()
    }
}

/// A session tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionTag {
    /// The key, 1 to 128 characters.
    pub key: String,
    /// The value, at most 256 characters.
    pub value: String,
    /// Whether it goes on into sessions of roles that this session assumes.
    pub is_transitive: bool,
}

impl Session {
    /// Whether the session is over.
    pub fn is_expired(&self, now: OffsetDateTime) -> bool {
        now >= self.expires_at
    }

    /// The unique id under which the identity's own policies are stored; `None` for root.
    pub fn identity_id(&self) -> Option<&str> {
        match &self.principal {
            SessionPrincipal::Role { role_id, .. } => Some(role_id),
            SessionPrincipal::Own(owner)
            | SessionPrincipal::FederatedUser { issuer: owner, .. } => owner.user_id(),
        }
    }
}

impl Owner {
    /// The user's unique id.
    pub fn user_id(&self) -> Option<&str> {
        match self {
            Self::Root => None,
            Self::User(id) => Some(id),
        }
    }
}
