//! Who asks.

use crate::{AccountId, CanonicalId, CompiledPolicy};
use std::sync::Arc;

/// The caller of one request, with the policies that are its own.
///
/// Source: facts: authorization.md 5.1, 7.4.
#[derive(Clone, Debug)]
pub struct Caller<'a> {
    /// What sort of principal it is.
    pub kind: CallerKind<'a>,
    /// All identity policies: of the user and its groups, or of the role.
    pub identity: &'a [NamedPolicy],
    /// The permissions boundary, if there is one.
    pub boundary: Option<&'a NamedPolicy>,
    /// The session policies: what one of them allows the session may do; `None` if the session was made without.
    pub session: Option<&'a [NamedPolicy]>,
}

/// The account a caller belongs to, by both of its names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CallerAccount {
    /// The account id.
    pub id: AccountId,
    /// The canonical user id, which ACLs name.
    pub canonical_id: CanonicalId,
}

/// What sort of principal a caller is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallerKind<'a> {
    /// No signature.
    Anonymous,
    /// The root user of an account.
    Root {
        /// Its account.
        account: CallerAccount,
    },
    /// An IAM user, with its own keys or a `GetSessionToken` session.
    User {
        /// Its account.
        account: CallerAccount,
        /// `arn:aws:iam::ID:user/PATH/NAME`.
        arn: &'a str,
        /// `AIDA…`.
        unique_id: &'a str,
    },
    /// A session of a role.
    AssumedRole {
        /// The account of the role.
        account: CallerAccount,
        /// `arn:aws:sts::ID:assumed-role/NAME/SESSION`.
        session_arn: &'a str,
        /// `arn:aws:iam::ID:role/PATH/NAME`.
        role_arn: &'a str,
        /// `AROA…`.
        role_id: &'a str,
        /// The web identity or SAML provider that vouched for the session.
        provider: Option<&'a str>,
    },
    /// A `GetFederationToken` session.
    FederatedUser {
        /// The account of the user who made the session.
        account: CallerAccount,
        /// `arn:aws:sts::ID:federated-user/NAME`.
        arn: &'a str,
        /// The ARN of the user who made the session.
        issuer_arn: &'a str,
        /// The unique id of that user.
        issuer_id: &'a str,
    },
    /// An AWS service.
    Service {
        /// `logging.s3.amazonaws.com`.
        name: &'a str,
    },
    /// Whoever holds a token of a web identity or SAML provider and has no session yet: the caller of
    /// `sts:AssumeRoleWithWebIdentity` and `sts:AssumeRoleWithSAML`.
    Federated {
        /// The provider as trust policies name it: the ARN of the provider in IAM, or `graph.facebook.com`.
        provider: &'a str,
    },
}

/// A policy and what it is called, for messages and the audit record.
#[derive(Clone, Debug)]
pub struct NamedPolicy {
    /// The ARN of a managed policy, or the name of an inline one.
    pub name: Arc<str>,
    /// The policy.
    pub policy: Arc<CompiledPolicy>,
}

impl<'a> Caller<'a> {
    /// A caller without policies of its own.
    pub fn new(kind: CallerKind<'a>) -> Self {
        Self {
            kind,
            identity: &[],
            boundary: None,
            session: None,
        }
    }

    /// The caller without a signature.
    pub fn anonymous() -> Self {
        Self::new(CallerKind::Anonymous)
    }

    /// The caller's account; anonymous callers, services and holders of a provider's token have none.
    pub fn account(&self) -> Option<&CallerAccount> {
        match &self.kind {
            CallerKind::Anonymous | CallerKind::Service { .. } | CallerKind::Federated { .. } => {
                None
            }
            CallerKind::Root { account }
            | CallerKind::User { account, .. }
            | CallerKind::AssumedRole { account, .. }
            | CallerKind::FederatedUser { account, .. } => Some(account),
        }
    }

    /// The ARN that messages name: that of the session, not of its role.
    pub fn arn(&self) -> Option<String> {
        match self.kind {
            CallerKind::Anonymous | CallerKind::Service { .. } | CallerKind::Federated { .. } => {
                None
            }
            CallerKind::Root { account } => Some(format!("arn:aws:iam::{}:root", account.id)),
            CallerKind::User { arn, .. } | CallerKind::FederatedUser { arn, .. } => {
                Some(arn.to_owned())
            }
            CallerKind::AssumedRole { session_arn, .. } => Some(session_arn.to_owned()),
        }
    }

    /// The value of `aws:userid`. A service or a holder of a provider's token goes by its name.
    ///
    /// Source: facts: authorization.md 7.4.
    pub fn user_id(&self) -> String {
        let last = |arn: &str| arn.rsplit('/').next().unwrap_or_default().to_owned();
        match self.kind {
            CallerKind::Anonymous => "anonymous".to_owned(),
            CallerKind::Root { account } => account.id.to_string(),
            CallerKind::User { unique_id, .. } => unique_id.to_owned(),
            CallerKind::AssumedRole {
                session_arn,
                role_id,
                ..
            } => format!("{role_id}:{}", last(session_arn)),
            CallerKind::FederatedUser { account, arn, .. } => {
                format!("{}:{}", account.id, last(arn))
            }
            CallerKind::Service { name } => name.to_owned(),
            CallerKind::Federated { provider } => provider.to_owned(),
        }
    }

    /// Whether the caller belongs to this account. Source: facts: authorization.md 2.2.
    pub fn is_of(&self, account: &AccountId) -> bool {
        self.account().is_some_and(|own| own.id == *account)
    }

    pub(super) fn is_root(&self) -> bool {
        matches!(self.kind, CallerKind::Root { .. })
    }
}
