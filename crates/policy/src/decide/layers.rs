//! What each kind of policy says about one question.

use super::{
    Caller, NamedPolicy, PolicyType,
    granted::{Granted, Refused},
};
use crate::{
    CompiledPolicy, StatementRef,
    compile::{Asked, Subject, Verdict},
    context::View,
};

/// One action on one resource, as the caller's request has it.
pub(crate) struct Question<'a> {
    pub(crate) caller: &'a Caller<'a>,
    pub(crate) asked: Asked<'a>,
    pub(crate) subject: Subject<'a>,
    pub(crate) view: View<'a>,
}

/// The answers of all policies, none of which denies.
pub(super) struct Layers<'a> {
    /// What the bucket policy says.
    pub(super) resource: Verdict<'a>,
    /// The first Allow of an identity policy.
    pub(super) identity: Option<(&'a NamedPolicy, &'a StatementRef)>,
    boundary: Option<bool>,
    session: Option<bool>,
}

impl<'a> Question<'a> {
    /// Asks the bucket policy, the identity policies, the boundary and the session policies, in this order.
    ///
    /// # Errors
    /// The first explicit Deny.
    pub(super) fn ask(
        &self,
        bucket: Option<&'a CompiledPolicy>,
    ) -> Result<Layers<'a>, Refused<'a>> {
        let caller = self.caller;
        let resource = bucket.map_or_else(Verdict::default, |policy| self.verdict(policy));
        if let Some(statement) = resource.deny {
            return Err(Refused::Explicit(
                PolicyType::ResourceBased,
                None,
                statement,
            ));
        }
        let identity = self.any_of(PolicyType::IdentityBased, caller.identity)?;
        let boundary = caller
            .boundary
            .map(|policy| {
                self.any_of(
                    PolicyType::PermissionsBoundary,
                    std::slice::from_ref(policy),
                )
            })
            .transpose()?;
        let session = caller
            .session
            .map(|policies| self.any_of(PolicyType::Session, policies))
            .transpose()?;
        Ok(Layers {
            resource,
            identity,
            boundary: boundary.map(|allow| allow.is_some()),
            session: session.map(|allow| allow.is_some()),
        })
    }

    /// The first Allow of several policies of one kind, if none of them denies.
    fn any_of(
        &self,
        policy_type: PolicyType,
        policies: &'a [NamedPolicy],
    ) -> Result<Option<(&'a NamedPolicy, &'a StatementRef)>, Refused<'a>> {
        let mut allow = None;
        for policy in policies {
            let verdict = self.verdict(&policy.policy);
            if let Some(statement) = verdict.deny {
                return Err(Refused::Explicit(policy_type, Some(policy), statement));
            }
            allow = allow.or(verdict.allow.map(|statement| (policy, statement)));
        }
        Ok(allow)
    }

    fn verdict<'p>(&self, policy: &'p CompiledPolicy) -> Verdict<'p> {
        policy.verdict(self.caller, self.asked, self.subject, &self.view)
    }
}

impl<'a> Layers<'a> {
    /// The implicit denies that limit whatever an identity policy or a role's name grants.
    ///
    /// `needs_session`: a federated user has nothing without a session policy.
    pub(super) fn within_limits(&self, needs_session: bool) -> Result<(), Refused<'a>> {
        if self.boundary == Some(false) {
            return Err(Refused::Implicit(PolicyType::PermissionsBoundary));
        }
        if self.session == Some(false) || needs_session && self.session.is_none() {
            return Err(Refused::Implicit(PolicyType::Session));
        }
        Ok(())
    }

    pub(super) fn by_identity(&self) -> Option<Granted<'a>> {
        self.identity
            .map(|(policy, statement)| Granted::IdentityBased(policy, statement))
    }

    pub(super) fn by_resource(&self) -> Option<Granted<'a>> {
        self.resource.allow.map(Granted::ResourceBased)
    }
}
