//! What each kind of policy says about one question.

use super::{Caller, Granted, NamedPolicy, PolicyType, Refused};
use crate::{
    CompiledPolicy, StatementRef,
    compile::{Asked, Subject, Verdict},
    context::View,
};

/// One action on one resource, as the caller's request has it; `'a` is how long the caller's policies live.
pub(crate) struct Question<'q, 'a> {
    pub(crate) caller: &'q Caller<'a>,
    pub(crate) asked: Asked<'q>,
    pub(crate) subject: Subject<'q>,
    pub(crate) view: View<'q>,
}

/// The answers of all policies, none of which denies.
///
/// PERF: filled where it stands: to return it took 5 ns.
#[derive(Default)]
pub(super) struct Layers<'a> {
    /// What the bucket policy says.
    pub(super) resource: Verdict<'a>,
    /// The first Allow of an identity policy.
    pub(super) identity: Option<(&'a NamedPolicy, &'a StatementRef)>,
    boundary: Option<bool>,
    session: Option<bool>,
}

impl<'a> Question<'_, 'a> {
    /// Asks the bucket policy, the identity policies, the boundary and the session policies, in this order.
    ///
    /// # Errors
    /// The first explicit Deny.
    pub(super) fn ask(
        &self,
        bucket: Option<&'a CompiledPolicy>,
        layers: &mut Layers<'a>,
    ) -> Result<(), Refused<'a>> {
        let caller = self.caller;
        if let Some(policy) = bucket {
            self.ask_policy(policy, &mut layers.resource);
        }
        if let Some(statement) = layers.resource.deny {
            return Err(Refused::Explicit {
                policy_type: PolicyType::ResourceBased,
                policy: None,
                statement,
            });
        }
        layers.identity = self.any_of(PolicyType::IdentityBased, caller.identity)?;
        if let Some(policy) = caller.boundary {
            let policies = std::slice::from_ref(policy);
            let allow = self.any_of(PolicyType::PermissionsBoundary, policies)?;
            layers.boundary = Some(allow.is_some());
        }
        if let Some(policies) = caller.session {
            let allow = self.any_of(PolicyType::Session, policies)?;
            layers.session = Some(allow.is_some());
        }
        Ok(())
    }

    /// The first Allow of several policies of one kind, if none of them denies.
    fn any_of(
        &self,
        policy_type: PolicyType,
        policies: &'a [NamedPolicy],
    ) -> Result<Option<(&'a NamedPolicy, &'a StatementRef)>, Refused<'a>> {
        let mut allow = None;
        for policy in policies {
            let mut verdict = Verdict::default();
            self.ask_policy(&policy.policy, &mut verdict);
            if let Some(statement) = verdict.deny {
                return Err(Refused::Explicit {
                    policy_type,
                    policy: Some(&policy.name),
                    statement,
                });
            }
            allow = allow.or(verdict.allow.map(|statement| (policy, statement)));
        }
        Ok(allow)
    }

    fn ask_policy<'p>(&self, policy: &'p CompiledPolicy, verdict: &mut Verdict<'p>) {
        policy.ask(self.caller, self.asked, self.subject, &self.view, verdict);
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
            .map(|(policy, statement)| Granted::IdentityBased {
                policy: &policy.name,
                statement,
            })
    }

    pub(super) fn by_resource(&self) -> Option<Granted<'a>> {
        self.resource.allow.map(Granted::ResourceBased)
    }
}
