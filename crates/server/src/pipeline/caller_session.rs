//! The session that a caller is in: what it was issued with, and what conditions can ask about it.

use buckler_iam::{RoleOrigin, Session, SessionPrincipal, WebIdentity};
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

impl CallerSession {
    /// Compiles the policies that the session was issued with.
    ///
    /// # Errors
    ///
    /// `InternalError` if one is none: they were checked when the session was issued.
    pub(crate) fn new(cx: &Context, session: Session) -> Result<Self, S3Error> {
        let policies = if session.policies.is_empty() {
            None
        } else {
            let mut policies = Vec::new();
            if let Some(document) = &session.policies.inline {
                policies.push(policies::inline(cx, INLINE_POLICY, document)?);
            }
            for arn in &session.policies.managed_arns {
                // One that is gone allows nothing.
                policies.extend(policies::managed(cx, arn)?);
            }
            Some(policies)
        };
        Ok(Self { session, policies })
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
