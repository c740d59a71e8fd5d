//! The sender of a request, with the policies of its identity.

use std::sync::Arc;

use buckler_iam::{Owner, Session, SessionPrincipal};
use buckler_metadata::{AccountRow, CredentialRow, SessionIdentityRow, UserRow};
use buckler_policy::{AccountId, CallerAccount, CallerKind, CanonicalId, NamedPolicy};
use buckler_s3::S3Error;
use buckler_sigv4::Method;
use time::OffsetDateTime;

use super::caller_session::CallerSession;
use super::policies;
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
    signed_at: OffsetDateTime,
}

impl Proof {
    /// `s3:authType`.
    pub(crate) fn auth_type(self) -> &'static str {
        self.method.auth_type()
    }

    /// Whether the signature is that of a presigned URL.
    pub(crate) fn is_presigned(self) -> bool {
        self.method == Method::Query
    }

    /// `s3:signatureAge`: milliseconds since the request was signed.
    pub(crate) fn age_milliseconds(self, now: OffsetDateTime) -> i64 {
        let age = (now - self.signed_at).whole_milliseconds();
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
        /// The user's policies, compiled.
        policies: Vec<NamedPolicy>,
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
        /// The issuer's policies, compiled.
        policies: Vec<NamedPolicy>,
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
            policies: own_policies(
                cx,
                &credential.inline_policies,
                &credential.attached_policies,
            )?,
        })
    }

    /// The identity of a session that belongs to a user.
    ///
    /// # Errors
    ///
    /// `InternalError` if a stored policy is none.
    pub(crate) fn of_session(
        cx: &Context,
        session: &Session,
        row: SessionIdentityRow,
    ) -> Result<Self, S3Error> {
        let policies = own_policies(cx, &row.inline_policies, &row.attached_policies)?;
        let (account, user) = (row.account, row.user);
        match &session.principal {
            SessionPrincipal::FederatedUser { name, .. } => Ok(Self::federated(
                account,
                name,
                user.arn(),
                user.unique_id,
                policies,
            )),
            SessionPrincipal::Own(_) | SessionPrincipal::Role { .. } => Ok(Self::User {
                account,
                arn: user.arn(),
                user,
                policies,
            }),
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
        let policies = policies::managed(cx, ADMINISTRATOR)?.into_iter().collect();
        let issuer_id = account.id.to_string();
        Ok(Self::federated(account, name, arn, issuer_id, policies))
    }

    fn federated(
        account: AccountRow,
        name: &str,
        issuer_arn: String,
        issuer_id: String,
        policies: Vec<NamedPolicy>,
    ) -> Self {
        Self::FederatedUser {
            arn: format!("arn:aws:sts::{}:federated-user/{name}", account.id),
            user_id: format!("{}:{name}", account.id),
            account,
            issuer_arn,
            issuer_id,
            policies,
        }
    }
}

fn own_policies(
    cx: &Context,
    inline: &[(String, String)],
    attached: &[String],
) -> Result<Vec<NamedPolicy>, S3Error> {
    let mut own = Vec::new();
    for (name, document) in inline {
        own.push(policies::inline(cx, name, document)?);
    }
    for arn in attached {
        // INVARIANT: only known policies are attached. An unknown one could hold a Deny.
        let policy = policies::managed(cx, arn)?
            .ok_or_else(|| internal("an attached policy is not known", arn))?;
        own.push(policy);
    }
    Ok(own)
}

impl Caller {
    pub(crate) fn anonymous() -> Self {
        Self {
            identity: Arc::new(Identity::Anonymous),
            session: None,
            proof: None,
        }
    }

    pub(crate) fn signed(sender: &Sender, method: Method, signed_at: OffsetDateTime) -> Self {
        Self {
            identity: sender.identity(),
            session: sender.session(),
            proof: Some(Proof { method, signed_at }),
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
            Identity::Anonymous | Identity::FederatedUser { .. } => None,
        }
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
            | Identity::FederatedUser { account, .. } => Some(account),
        }
    }

    pub(crate) fn account_id(&self) -> Option<&AccountId> {
        self.account().map(|account| &account.id)
    }

    pub(crate) fn canonical_id(&self) -> Option<&CanonicalId> {
        self.account().map(|account| &account.canonical_id)
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
            | Identity::FederatedUser { arn, .. } => Some(arn),
        }
    }

    /// `aws:PrincipalArn`; absent for anonymous requests.
    pub(crate) fn principal_arn(&self) -> Option<&str> {
        self.arn()
    }

    /// `aws:PrincipalType`. Facts: authorization.md 7.4.
    pub(crate) fn principal_type(&self) -> &'static str {
        match &*self.identity {
            Identity::Anonymous => "Anonymous",
            Identity::Root { .. } => "Account",
            Identity::User { .. } => "User",
            Identity::FederatedUser { .. } => "FederatedUser",
        }
    }

    /// `aws:userid`. Facts: authorization.md 7.4.
    pub(crate) fn user_id(&self) -> &str {
        match &*self.identity {
            Identity::Anonymous => "anonymous",
            Identity::Root { account, .. } => account.id.as_str(),
            Identity::User { user, .. } => &user.unique_id,
            Identity::FederatedUser { user_id, .. } => user_id,
        }
    }

    /// `aws:username`.
    pub(crate) fn user_name(&self) -> Option<&str> {
        match &*self.identity {
            Identity::Anonymous | Identity::Root { .. } | Identity::FederatedUser { .. } => None,
            Identity::User { user, .. } => Some(&user.name),
        }
    }

    /// `aws:PrincipalTag/KEY`.
    pub(crate) fn principal_tag(&self, key: &str) -> Option<&str> {
        self.session()?.tag(key)
    }

    /// The caller as the policy engine knows callers.
    pub(crate) fn for_policy(&self) -> buckler_policy::Caller<'_> {
        let (kind, identity): (_, &[NamedPolicy]) = match &*self.identity {
            Identity::Anonymous => return buckler_policy::Caller::anonymous(),
            Identity::Root { account, .. } => {
                let account = names(account);
                (CallerKind::Root { account }, &[])
            }
            Identity::User {
                account,
                user,
                arn,
                policies,
            } => {
                let kind = CallerKind::User {
                    account: names(account),
                    arn,
                    unique_id: &user.unique_id,
                };
                (kind, policies)
            }
            Identity::FederatedUser {
                account,
                arn,
                issuer_arn,
                issuer_id,
                policies,
                ..
            } => {
                let kind = CallerKind::FederatedUser {
                    account: names(account),
                    arn,
                    issuer_arn,
                    issuer_id,
                };
                (kind, policies)
            }
        };
        buckler_policy::Caller {
            identity,
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
