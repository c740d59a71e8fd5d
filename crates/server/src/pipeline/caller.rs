//! The sender of a request, with the policies of its identity.

use std::sync::Arc;

use buckler_iam::managed_policy_document;
use buckler_metadata::{AccountRow, CredentialRow, UserRow};
use buckler_policy::{
    AccountId, CallerAccount, CallerKind, CanonicalId, CompiledPolicy, NamedPolicy,
};
use buckler_s3::S3Error;
use buckler_sigv4::Method;
use time::OffsetDateTime;

use crate::context::Context;
use crate::error::internal;

/// Who calls, and how that was proven.
#[derive(Debug)]
pub(crate) struct Caller {
    identity: Identity,
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
}

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
        let mut policies = Vec::new();
        for (name, document) in &credential.inline_policies {
            policies.push(named(name, compiled(cx, document)?));
        }
        for arn in &credential.attached_policies {
            // INVARIANT: only known policies are attached. An unknown one could hold a Deny.
            let document = managed_policy_document(arn)
                .ok_or_else(|| internal("an attached policy is not known", arn))?;
            policies.push(named(arn, compiled(cx, document)?));
        }
        Ok(Self::User {
            account,
            arn: user.arn(),
            user,
            policies,
        })
    }
}

fn named(name: &str, policy: Arc<CompiledPolicy>) -> NamedPolicy {
    NamedPolicy {
        name: name.into(),
        policy,
    }
}

fn compiled(cx: &Context, document: &str) -> Result<Arc<CompiledPolicy>, S3Error> {
    cx.policies
        .identity(document)
        .map_err(|error| internal("a stored identity policy cannot be read", &error))
}

impl Caller {
    pub(crate) fn anonymous() -> Self {
        Self {
            identity: Identity::Anonymous,
            proof: None,
        }
    }

    pub(crate) fn signed(identity: Identity, method: Method, signed_at: OffsetDateTime) -> Self {
        Self {
            identity,
            proof: Some(Proof { method, signed_at }),
        }
    }

    pub(crate) fn is_anonymous(&self) -> bool {
        matches!(self.identity, Identity::Anonymous)
    }

    /// How the signature came; `None` if there is none.
    pub(crate) fn proof(&self) -> Option<Proof> {
        self.proof
    }

    fn account(&self) -> Option<&AccountRow> {
        match &self.identity {
            Identity::Anonymous => None,
            Identity::Root { account, .. } | Identity::User { account, .. } => Some(account),
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

    /// `aws:PrincipalArn`; absent for anonymous requests.
    pub(crate) fn arn(&self) -> Option<&str> {
        match &self.identity {
            Identity::Anonymous => None,
            Identity::Root { arn, .. } | Identity::User { arn, .. } => Some(arn),
        }
    }

    /// `aws:PrincipalType`. Facts: authorization.md 7.4.
    pub(crate) fn principal_type(&self) -> &'static str {
        match &self.identity {
            Identity::Anonymous => "Anonymous",
            Identity::Root { .. } => "Account",
            Identity::User { .. } => "User",
        }
    }

    /// `aws:userid`. Facts: authorization.md 7.4.
    pub(crate) fn user_id(&self) -> &str {
        match &self.identity {
            Identity::Anonymous => "anonymous",
            Identity::Root { account, .. } => account.id.as_str(),
            Identity::User { user, .. } => &user.unique_id,
        }
    }

    /// `aws:username`.
    pub(crate) fn user_name(&self) -> Option<&str> {
        match &self.identity {
            Identity::Anonymous | Identity::Root { .. } => None,
            Identity::User { user, .. } => Some(&user.name),
        }
    }

    /// The caller as the policy engine knows callers.
    pub(crate) fn for_policy(&self) -> buckler_policy::Caller<'_> {
        match &self.identity {
            Identity::Anonymous => buckler_policy::Caller::anonymous(),
            Identity::Root { account, .. } => buckler_policy::Caller::new(CallerKind::Root {
                account: names(account),
            }),
            Identity::User {
                account,
                user,
                arn,
                policies,
            } => buckler_policy::Caller {
                identity: policies,
                ..buckler_policy::Caller::new(CallerKind::User {
                    account: names(account),
                    arn,
                    unique_id: &user.unique_id,
                })
            },
        }
    }
}

fn names(account: &AccountRow) -> CallerAccount {
    CallerAccount {
        id: account.id,
        canonical_id: account.canonical_id,
    }
}
