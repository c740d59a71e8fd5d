//! The sender of a request, with the policies of its identity.

use std::sync::Arc;

use buckler_iam::{Owner, Session, SessionPrincipal};
use buckler_metadata::{
    AccountRow, CredentialRow, RoleRow, SessionHolder, SessionIdentityRow, UserRow,
};
use buckler_policy::{AccountId, CallerAccount, CallerKind, CanonicalId};
use buckler_s3::S3Error;
use buckler_sigv4::{Method, Presentation};
use time::OffsetDateTime;

use super::caller_session::CallerSession;
use super::context_keys::tag_value;
use super::policies::{self, Held};
use super::sender::Sender;
use crate::context::Context;
use crate::error::internal;

/// Who calls, and how that was proven.
#[derive(Debug)]
pub(crate) struct Caller {
    identity: Arc<Identity>,
    /// The session that the caller is in, with temporary credentials.
    session: Option<Arc<CallerSession>>,
    proof: Option<Proof>,
}

/// How a signature came.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Proof {
    method: Method,
    version: &'static str,
    signed_at: Option<OffsetDateTime>,
}

impl Proof {
    /// What a verified signature says of itself.
    pub(crate) fn of(presentation: &Presentation) -> Self {
        Self {
            method: presentation.method(),
            version: presentation.version().name(),
            signed_at: presentation.signed_at(),
        }
    }

    /// `s3:signatureversion`.
    pub(crate) fn version(self) -> &'static str {
        self.version
    }

    /// `s3:authType`.
    pub(crate) fn auth_type(self) -> &'static str {
        self.method.auth_type()
    }

    /// Whether the signature is that of a presigned URL.
    pub(crate) fn is_presigned(self) -> bool {
        self.method == Method::Query
    }

    /// `s3:signatureAge`: milliseconds since the request was signed.
    ///
    /// A URL of Signature Version 2 does not say when that was. It is taken to be older than any bound: a policy that
    /// wants young signatures must not let one pass whose age nobody knows.
    pub(crate) fn age_milliseconds(self, now: OffsetDateTime) -> i64 {
        let Some(signed_at) = self.signed_at else {
            return i64::MAX;
        };
        let age = (now - signed_at).whole_milliseconds();
        i64::try_from(age).unwrap_or(i64::MAX).max(0)
    }
}

/// Whose request it is.
#[derive(Debug)]
pub(crate) enum Identity {
    /// Nobody's: it is not signed.
    Anonymous,
    /// An account's root user.
    Root {
        /// The account.
        account: AccountRow,
        /// `arn:aws:iam::ID:root`.
        arn: String,
    },
    /// A user.
    User {
        /// The user's account.
        account: AccountRow,
        /// The user.
        user: UserRow,
        /// The user's ARN.
        arn: String,
        /// What it holds, compiled.
        held: Held,
    },
    /// A session of a role.
    AssumedRole {
        /// The role's account.
        account: AccountRow,
        /// The role.
        role: Box<RoleRow>,
        /// `arn:aws:sts::ID:assumed-role/NAME/SESSION`: without the role's path.
        arn: String,
        /// `arn:aws:iam::ID:role/PATH/NAME`.
        role_arn: String,
        /// `AROA…:SESSION`.
        user_id: String,
        /// What the role holds now, compiled.
        held: Held,
    },
    /// A federated user: a session that a user or root issued under a name (`GetFederationToken`).
    FederatedUser {
        /// The issuer's account.
        account: AccountRow,
        /// `arn:aws:sts::ID:federated-user/NAME`.
        arn: String,
        /// `ID:NAME`.
        user_id: String,
        /// The issuer's ARN.
        issuer_arn: String,
        /// The issuer's unique id; root's is the account id.
        issuer_id: String,
        /// What the issuer holds, compiled.
        held: Held,
    },
}

/// What root may do, as a policy: the limit of the federated users that root issues.
const ADMINISTRATOR: &str = "arn:aws:iam::aws:policy/AdministratorAccess";

impl Identity {
    /// The identity behind an access key.
    ///
    /// # Errors
    ///
    /// `InternalError` if a stored policy is none.
    pub(crate) fn of(cx: &Context, credential: CredentialRow) -> Result<Self, S3Error> {
        let account = credential.account;
        let Some(user) = credential.user else {
            let arn = format!("arn:aws:iam::{}:root", account.id);
            return Ok(Self::Root { account, arn });
        };
        Ok(Self::User {
            account,
            arn: user.arn(),
            user,
            held: policies::held(cx, &credential.policies)?,
        })
    }

    /// The identity of a session that belongs to a user or a role.
    ///
    /// # Errors
    ///
    /// `InternalError` if a stored policy is none, or if the session is of another kind than its holder.
    pub(crate) fn of_session(
        cx: &Context,
        session: &Session,
        row: SessionIdentityRow,
    ) -> Result<Self, S3Error> {
        let held = policies::held(cx, &row.policies)?;
        let account = row.account;
        match (&session.principal, row.holder) {
            (SessionPrincipal::FederatedUser { name, .. }, SessionHolder::User(user)) => Ok(
                Self::federated(account, name, user.arn(), user.unique_id, held),
            ),
            (SessionPrincipal::Own(_), SessionHolder::User(user)) => Ok(Self::User {
                account,
                arn: user.arn(),
                user,
                held,
            }),
            (SessionPrincipal::Role { session_name, .. }, SessionHolder::Role(role)) => {
                Ok(Self::assumed_role(account, role, session_name, held))
            }
            (_, SessionHolder::User(_) | SessionHolder::Role(_)) => Err(internal(
                "a session of another kind than its holder",
                &account.id,
            )),
        }
    }

    fn assumed_role(account: AccountRow, role: RoleRow, session_name: &str, held: Held) -> Self {
        let name = &role.name;
        Self::AssumedRole {
            arn: format!(
                "arn:aws:sts::{}:assumed-role/{name}/{session_name}",
                account.id
            ),
            role_arn: role.arn(),
            user_id: format!("{}:{session_name}", role.unique_id),
            account,
            role: Box::new(role),
            held,
        }
    }

    /// The identity of a session that belongs to root.
    ///
    /// # Errors
    ///
    /// `InternalError` if a policy of AWS's is none.
    pub(crate) fn of_root_session(
        cx: &Context,
        session: &Session,
        account: AccountRow,
    ) -> Result<Self, S3Error> {
        let arn = format!("arn:aws:iam::{}:root", account.id);
        let SessionPrincipal::FederatedUser { name, .. } = &session.principal else {
            return Ok(Self::Root { account, arn });
        };
        let held = Held {
            policies: policies::managed(cx, ADMINISTRATOR)?.into_iter().collect(),
            boundary: None,
        };
        let issuer_id = account.id.to_string();
        Ok(Self::federated(account, name, arn, issuer_id, held))
    }

    fn federated(
        account: AccountRow,
        name: &str,
        issuer_arn: String,
        issuer_id: String,
        held: Held,
    ) -> Self {
        Self::FederatedUser {
            arn: format!("arn:aws:sts::{}:federated-user/{name}", account.id),
            user_id: format!("{}:{name}", account.id),
            account,
            issuer_arn,
            issuer_id,
            held,
        }
    }
}

impl Caller {
    pub(crate) fn anonymous() -> Self {
        Self {
            identity: Arc::new(Identity::Anonymous),
            session: None,
            proof: None,
        }
    }

    pub(crate) fn signed(sender: &Sender, proof: Proof) -> Self {
        Self {
            identity: sender.identity(),
            session: sender.session(),
            proof: Some(proof),
        }
    }

    pub(crate) fn is_anonymous(&self) -> bool {
        matches!(*self.identity, Identity::Anonymous)
    }

    pub(crate) fn is_root(&self) -> bool {
        matches!(*self.identity, Identity::Root { .. })
    }

    /// The root or user that the caller is; `None` for anybody else.
    pub(crate) fn owner(&self) -> Option<Owner> {
        match &*self.identity {
            Identity::Root { .. } => Some(Owner::Root),
            Identity::User { user, .. } => Some(Owner::User(user.unique_id.clone())),
            Identity::Anonymous | Identity::AssumedRole { .. } | Identity::FederatedUser { .. } => {
                None
            }
        }
    }

    /// Whether the caller is in a role's session.
    pub(crate) fn is_role_session(&self) -> bool {
        matches!(*self.identity, Identity::AssumedRole { .. })
    }

    /// How the signature came; `None` if there is none.
    pub(crate) fn proof(&self) -> Option<Proof> {
        self.proof
    }

    /// The account; anonymous callers have none.
    pub(crate) fn account(&self) -> Option<&AccountRow> {
        match &*self.identity {
            Identity::Anonymous => None,
            Identity::Root { account, .. }
            | Identity::User { account, .. }
            | Identity::AssumedRole { account, .. }
            | Identity::FederatedUser { account, .. } => Some(account),
        }
    }

    pub(crate) fn account_id(&self) -> Option<&AccountId> {
        self.account().map(|account| &account.id)
    }

    pub(crate) fn canonical_id(&self) -> Option<&CanonicalId> {
        self.account().map(|account| &account.canonical_id)
    }

    /// The canonical id that owns what the caller writes.
    pub(crate) fn owner_id(&self) -> CanonicalId {
        self.canonical_id()
            .copied()
            .unwrap_or(CanonicalId::ANONYMOUS)
    }

    /// `aws:PrincipalAccount`.
    pub(crate) fn account_text(&self) -> Option<&str> {
        self.account_id().map(AccountId::as_str)
    }

    /// The session that the caller is in; `None` with long-term credentials.
    pub(crate) fn session(&self) -> Option<&CallerSession> {
        self.session.as_deref()
    }

    /// The caller's own ARN, as messages and the audit record name it; absent for anonymous requests.
    pub(crate) fn arn(&self) -> Option<&str> {
        match &*self.identity {
            Identity::Anonymous => None,
            Identity::Root { arn, .. }
            | Identity::User { arn, .. }
            | Identity::AssumedRole { arn, .. }
            | Identity::FederatedUser { arn, .. } => Some(arn),
        }
    }

    /// `aws:PrincipalArn`; absent for anonymous requests.
    pub(crate) fn principal_arn(&self) -> Option<&str> {
        match &*self.identity {
            Identity::AssumedRole { role_arn, .. } => Some(role_arn),
            _ => self.arn(),
        }
    }

    /// `aws:PrincipalType`. Facts: authorization.md 7.4.
    pub(crate) fn principal_type(&self) -> &'static str {
        match &*self.identity {
            Identity::Anonymous => "Anonymous",
            Identity::Root { .. } => "Account",
            Identity::User { .. } => "User",
            Identity::AssumedRole { .. } => "AssumedRole",
            Identity::FederatedUser { .. } => "FederatedUser",
        }
    }

    /// `aws:userid`. Facts: authorization.md 7.4.
    pub(crate) fn user_id(&self) -> &str {
        match &*self.identity {
            Identity::Anonymous => "anonymous",
            Identity::Root { account, .. } => account.id.as_str(),
            Identity::User { user, .. } => &user.unique_id,
            Identity::AssumedRole { user_id, .. } | Identity::FederatedUser { user_id, .. } => {
                user_id
            }
        }
    }

    /// `aws:username`.
    pub(crate) fn user_name(&self) -> Option<&str> {
        match &*self.identity {
            Identity::User { user, .. } => Some(&user.name),
            Identity::Anonymous
            | Identity::Root { .. }
            | Identity::AssumedRole { .. }
            | Identity::FederatedUser { .. } => None,
        }
    }

    /// `aws:PrincipalTag/KEY`: a tag of the session, or else of the user or role. Keys compare without case.
    pub(crate) fn principal_tag(&self, key: &str) -> Option<&str> {
        let own = match &*self.identity {
            Identity::User { user, .. } => Some(&user.tags),
            Identity::AssumedRole { role, .. } => Some(&role.tags),
            Identity::Anonymous | Identity::Root { .. } | Identity::FederatedUser { .. } => None,
        };
        let of_session = self.session().and_then(|session| session.tag(key));
        of_session.or_else(|| tag_value(own, key))
    }

    /// The caller as the policy engine knows callers.
    pub(crate) fn for_policy(&self) -> buckler_policy::Caller<'_> {
        let (kind, held) = match &*self.identity {
            Identity::Anonymous => return buckler_policy::Caller::anonymous(),
            Identity::Root { account, .. } => {
                let account = names(account);
                (CallerKind::Root { account }, None)
            }
            Identity::User {
                account,
                user,
                arn,
                held,
            } => {
                let kind = CallerKind::User {
                    account: names(account),
                    arn,
                    unique_id: &user.unique_id,
                };
                (kind, Some(held))
            }
            Identity::AssumedRole {
                account,
                role,
                arn,
                role_arn,
                held,
                ..
            } => {
                let kind = CallerKind::AssumedRole {
                    account: names(account),
                    session_arn: arn,
                    role_arn,
                    role_id: &role.unique_id,
                    provider: self.session().and_then(CallerSession::provider_arn),
                };
                (kind, Some(held))
            }
            Identity::FederatedUser {
                account,
                arn,
                issuer_arn,
                issuer_id,
                held,
                ..
            } => {
                let kind = CallerKind::FederatedUser {
                    account: names(account),
                    arn,
                    issuer_arn,
                    issuer_id,
                };
                (kind, Some(held))
            }
        };
        buckler_policy::Caller {
            identity: held.map_or(&[], |held| &held.policies),
            boundary: held.and_then(|held| held.boundary.as_ref()),
            session: self.session().and_then(CallerSession::policies),
            ..buckler_policy::Caller::new(kind)
        }
    }
}

fn names(account: &AccountRow) -> CallerAccount {
    CallerAccount {
        id: account.id,
        canonical_id: account.canonical_id,
    }
}
