//! The session that a caller is in: what it was issued with, and what conditions can ask about it.

use buckler_iam::{RoleOrigin, Session, SessionPrincipal, WebIdentity, managed_policy_document};
use buckler_metadata::{HeldPolicy, StoreError};
use buckler_policy::NamedPolicy;
use buckler_s3::S3Error;
use time::OffsetDateTime;

use super::policies;
use crate::context::Context;

/// What a session's inline policy is called in the audit record.
const INLINE_POLICY: &str = "Policy";

/// A session, its policies compiled.
#[derive(Debug)]
pub(crate) struct CallerSession {
    session: Session,
    policies: Option<Vec<NamedPolicy>>,
}

/// A session with the managed policies that it names, as they are now.
#[derive(Debug)]
pub(crate) struct LoadedSession {
    pub(crate) session: Session,
    managed: Vec<HeldPolicy>,
}

impl LoadedSession {
    /// Reads the policies that an account has made; those of AWS are part of the program.
    ///
    /// # Errors
    ///
    /// Those of the store.
    pub(crate) async fn load(cx: &Context, session: Session) -> Result<Self, StoreError> {
        let mut managed = Vec::new();
        for arn in &session.policies.managed_arns {
            let document = match managed_policy_document(arn) {
                Some(document) => Some(document.to_owned()),
                None => cx.store.policy_document(arn).await?,
            };
            managed.push(HeldPolicy {
                arn: arn.clone(),
                document,
            });
        }
        Ok(Self { session, managed })
    }
}

impl CallerSession {
    /// Compiles the policies that the session was issued with.
    ///
    /// # Errors
    ///
    /// `InternalError` if one is none: they were checked when the session was issued.
    pub(crate) fn new(cx: &Context, loaded: LoadedSession) -> Result<Self, S3Error> {
        let LoadedSession { session, managed } = loaded;
        if session.policies.is_empty() {
            return Ok(Self {
                session,
                policies: None,
            });
        }
        let mut policies = Vec::new();
        if let Some(document) = &session.policies.inline {
            policies.push(policies::inline(cx, INLINE_POLICY, document)?);
        }
        for policy in &managed {
            // One that is gone allows nothing.
            if let Some(document) = &policy.document {
                policies.push(policies::inline(cx, &policy.arn, document)?);
            }
        }
        Ok(Self {
            session,
            policies: Some(policies),
        })
    }

    /// The session as it was issued.
    pub(crate) fn facts(&self) -> &Session {
        &self.session
    }

    /// What limits the session; `None` if nothing does.
    pub(crate) fn policies(&self) -> Option<&[NamedPolicy]> {
        self.policies.as_deref()
    }

    /// `aws:MultiFactorAuthAge`, in seconds; absent without a second factor.
    pub(crate) fn mfa_age_seconds(&self, now: OffsetDateTime) -> Option<i64> {
        let since = self.session.mfa_at?;
        Some((now - since).whole_seconds().max(0))
    }

    /// The value of a session tag, whose key compares without case.
    pub(crate) fn tag(&self, key: &str) -> Option<&str> {
        let mut tags = self.session.tags.iter();
        tags.find(|tag| tag.key.eq_ignore_ascii_case(key))
            .map(|tag| tag.value.as_str())
    }

    /// What a web identity provider said, if one did.
    fn web_identity(&self) -> Option<&WebIdentity> {
        match &self.session.principal {
            SessionPrincipal::Role {
                origin: RoleOrigin::WebIdentity(identity),
                ..
            } => Some(identity),
            _ => None,
        }
    }

    /// `aws:FederatedProvider`.
    pub(crate) fn provider_arn(&self) -> Option<&str> {
        self.web_identity()
            .map(|identity| identity.provider_arn.as_str())
    }

    /// `HOST/PATH:sub` and `HOST/PATH:aud` of the session's own provider; the name is in lower case.
    pub(crate) fn provider_key(&self, name: &str) -> Option<&str> {
        let identity = self.web_identity()?;
        let (_, host) = identity.provider_arn.split_once(":oidc-provider/")?;
        let (provider, claim) = name.rsplit_once(':')?;
        if !provider.eq_ignore_ascii_case(host) {
            return None;
        }
        match claim {
            "sub" => Some(&identity.subject),
            "aud" => Some(&identity.audience),
            _ => None,
        }
    }
}
