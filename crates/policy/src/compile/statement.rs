//! One statement in its fast form.

use super::{
    MatchKinds,
    actions::{Asked, CompiledActions},
    conditions::{ConditionId, Conditions},
    principals::CompiledPrincipals,
    resources::CompiledResources,
    subject::Subject,
};
use crate::{Caller, Effect, Statement, Version, context::View, shared_text};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Which statement of a policy it was.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct StatementRef {
    /// Its position in the policy, counted from zero.
    pub index: usize,
    /// Its `Sid`, if it has one.
    #[serde(with = "shared_text")]
    pub sid: Option<Arc<str>>,
}

#[derive(Clone, Debug)]
pub(crate) struct CompiledStatement {
    pub(crate) reference: StatementRef,
    pub(crate) effect: Effect,
    pub(super) principals: Option<CompiledPrincipals>,
    pub(super) actions: Arc<CompiledActions>,
    pub(super) resources: Option<CompiledResources>,
    pub(super) conditions: Box<[ConditionId]>,
    source: Statement,
}

/// What each element of a statement says about a question.
#[derive(Clone, Debug)]
pub(crate) struct StatementTrace {
    pub(crate) action: bool,
    pub(crate) resource: bool,
    pub(crate) kinds: MatchKinds,
    /// Whether each condition holds, in the order of the document.
    pub(crate) conditions: Vec<bool>,
}

impl CompiledStatement {
    pub(super) fn new(
        index: usize,
        statement: &Statement,
        version: Version,
        actions: Arc<CompiledActions>,
        conditions: Box<[ConditionId]>,
    ) -> Self {
        Self {
            reference: StatementRef {
                index,
                sid: statement.sid.as_deref().map(Into::into),
            },
            effect: statement.effect,
            principals: statement.principal.as_ref().map(CompiledPrincipals::new),
            actions,
            resources: statement
                .resource
                .as_ref()
                .map(|element| CompiledResources::new(element, version)),
            conditions,
            source: statement.clone(),
        }
    }

    /// The statement as it was written.
    pub(crate) fn source(&self) -> &Statement {
        &self.source
    }

    /// As what the statement names the caller; one without principals names everyone.
    pub(super) fn kinds(&self, caller: &Caller<'_>) -> MatchKinds {
        match &self.principals {
            Some(principals) => principals.kinds(caller),
            None => MatchKinds::EVERYONE,
        }
    }

    pub(super) fn is_about(&self, subject: Subject<'_>, view: &View<'_>) -> bool {
        let resources = self.resources.as_ref();
        resources.is_none_or(|resources| resources.matches(subject, view))
    }

    /// The same about a resource that the statement's place in the index says it may be about.
    pub(super) fn is_about_found(&self, subject: Subject<'_>, view: &View<'_>) -> bool {
        let resources = self.resources.as_ref();
        resources.is_none_or(|resources| resources.matches_behind_prefix(subject, view))
    }

    /// Asks every element, also when the answer is known already.
    pub(super) fn trace(
        &self,
        caller: &Caller<'_>,
        asked: Asked<'_>,
        subject: Subject<'_>,
        view: &View<'_>,
        conditions: &Conditions,
    ) -> StatementTrace {
        let holds = |id: &ConditionId| conditions.get(*id).is_some_and(|one| one.holds(view));
        StatementTrace {
            action: self.actions.matches(asked),
            resource: self.is_about(subject, view),
            kinds: self.kinds(caller),
            conditions: self.conditions.iter().map(holds).collect(),
        }
    }
}
