//! Who a statement names.

use crate::{AccountId, Arn, CanonicalId, PolicyError};
use std::{borrow::Cow, fmt};

/// The value of `Principal` or `NotPrincipal`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Principals {
    /// The bare `"*"`.
    Everyone,
    /// The map of types, in the order sent; entries of one type are together, all entries are alternatives.
    Listed(Vec<(PrincipalType, Vec<Principal>)>),
}

impl Principals {
    /// Every principal of the map; none for the bare `"*"`.
    pub fn iter(&self) -> impl Iterator<Item = &Principal> {
        let lists = match self {
            Self::Everyone => &[],
            Self::Listed(lists) => lists.as_slice(),
        };
        lists.iter().flat_map(|(_, principals)| principals)
    }

    /// Whether everyone is named, as `"*"` or as `{"AWS":"*"}`.
    pub fn includes_everyone(&self) -> bool {
        matches!(self, Self::Everyone) || self.iter().any(|one| *one == Principal::Everyone)
    }
}

/// A member name of the principal map.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PrincipalType {
    /// `AWS`.
    Aws,
    /// `CanonicalUser`.
    CanonicalUser,
    /// `Federated`.
    Federated,
    /// `Service`.
    Service,
}

impl PrincipalType {
    /// The member name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Aws => "AWS",
            Self::CanonicalUser => "CanonicalUser",
            Self::Federated => "Federated",
            Self::Service => "Service",
        }
    }

    /// The type with this member name.
    pub fn from_name(name: &str) -> Option<Self> {
        [
            Self::Aws,
            Self::CanonicalUser,
            Self::Federated,
            Self::Service,
        ]
        .into_iter()
        .find(|kind| kind.name() == name)
    }
}

/// One principal. Source: facts: authorization.md 3.3.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Principal {
    /// `{"AWS":"*"}`.
    Everyone,
    /// An account, written as its id or as its root ARN: all of its principals, not only the root user.
    Account(AccountId),
    /// A user by ARN.
    User(Arn),
    /// A role by ARN: every session of it.
    Role(Arn),
    /// One session of a role: `arn:aws:sts::ID:assumed-role/NAME/SESSION`.
    RoleSession(Arn),
    /// One `GetFederationToken` session: `arn:aws:sts::ID:federated-user/NAME`.
    FederatedUser(Arn),
    /// A user or role by its unique id (`AIDA…`, `AROA…`): only in stored policies.
    UniqueId(String),
    /// An account by its canonical user id.
    CanonicalUser(CanonicalId),
    /// An origin access identity of `CloudFront`, by the ARN that S3 shows for it.
    OriginAccessIdentity(Arn),
    /// An AWS service: `logging.s3.amazonaws.com`.
    Service(String),
    /// A web identity or SAML provider.
    Federated(String),
}

impl Principal {
    /// Whether a server has to look the principal up before it stores a policy that names it.
    pub fn needs_lookup(&self) -> bool {
        match self {
            Self::Account(_)
            | Self::User(_)
            | Self::Role(_)
            | Self::RoleSession(_)
            | Self::FederatedUser(_)
            | Self::CanonicalUser(_)
            | Self::OriginAccessIdentity(_) => true,
            Self::Everyone | Self::UniqueId(_) | Self::Service(_) | Self::Federated(_) => false,
        }
    }

    /// The principal as the normal form writes it: an account as its root ARN.
    pub fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Everyone => "*".into(),
            Self::Account(id) => format!("arn:aws:iam::{id}:root").into(),
            Self::User(arn)
            | Self::Role(arn)
            | Self::RoleSession(arn)
            | Self::FederatedUser(arn)
            | Self::OriginAccessIdentity(arn) => arn.as_str().into(),
            Self::CanonicalUser(id) => id.as_str().into(),
            Self::UniqueId(text) | Self::Service(text) | Self::Federated(text) => text.into(),
        }
    }

    /// What IAM says to a trust policy that names this principal, if it does not exist or cannot assume a role.
    pub(crate) fn refused_in_trust_policy(&self) -> PolicyError {
        PolicyError::InvalidTrustPrincipal {
            kind: self.principal_type().name().to_owned(),
            text: self.text().into_owned(),
        }
    }

    /// The member of the principal map the principal belongs under.
    pub fn principal_type(&self) -> PrincipalType {
        match self {
            Self::CanonicalUser(_) => PrincipalType::CanonicalUser,
            Self::Service(_) => PrincipalType::Service,
            Self::Federated(_) => PrincipalType::Federated,
            Self::Everyone
            | Self::Account(_)
            | Self::User(_)
            | Self::Role(_)
            | Self::RoleSession(_)
            | Self::FederatedUser(_)
            | Self::UniqueId(_)
            | Self::OriginAccessIdentity(_) => PrincipalType::Aws,
        }
    }
}

impl fmt::Display for Principal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text())
    }
}
