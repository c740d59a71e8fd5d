//! One statement in its fast form.

use super::{
    MatchKinds, Subject,
    actions::{Asked, CompiledActions},
    principals::CompiledPrincipals,
    resources::CompiledResources,
};
use crate::{
    Caller, Effect, Statement, Version, condition::CompiledCondition, context::View, shared_text,
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Which statement of a policy it was.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct StatementRef {
    /// Its position in the policy, counted from zero.
    pub index: usize,
    /// Its `Sid`, if it has one.
    #[serde(with = "shared_text::optional")]
    pub sid: Option<Arc<str>>,
}

#[derive(Clone, Debug)]
pub(crate) struct CompiledStatement {
    pub(crate) reference: StatementRef,
    pub(crate) effect: Effect,
    principals: Option<CompiledPrincipals>,
    actions: CompiledActions,
    resources: Option<CompiledResources>,
    conditions: Box<[CompiledCondition]>,
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
    pub(crate) fn new(index: usize, statement: &Statement, version: Version) -> Self {
        let conditions = statement.conditions.as_deref().unwrap_or_default();
        Self {
            reference: StatementRef {
                index,
                sid: statement.sid.as_deref().map(Into::into),
            },
            effect: statement.effect,
            principals: statement.principal.as_ref().map(CompiledPrincipals::new),
            actions: CompiledActions::new(&statement.action),
            resources: statement
                .resource
                .as_ref()
                .map(|element| CompiledResources::new(element, version)),
            conditions: conditions
                .iter()
                .map(|condition| CompiledCondition::new(condition, version))
                .collect(),
            source: statement.clone(),
        }
    }

    /// The statement as it was written.
    pub(crate) fn source(&self) -> &Statement {
        &self.source
    }

    /// Asks every element, also when the answer is known already.
    pub(crate) fn trace(
        &self,
        caller: &Caller<'_>,
        asked: Asked<'_>,
        subject: Subject<'_>,
        view: &View<'_>,
    ) -> StatementTrace {
        let resource = |resources: &CompiledResources| resources.matches(subject, view);
        StatementTrace {
            action: self.actions.matches(asked),
            resource: self.resources.as_ref().is_none_or(resource),
            kinds: self.kinds(caller),
            conditions: self.conditions.iter().map(|one| one.holds(view)).collect(),
        }
    }

    fn kinds(&self, caller: &Caller<'_>) -> MatchKinds {
        match &self.principals {
            Some(principals) => principals.kinds(caller),
            None => MatchKinds::EVERYONE,
        }
    }

    /// As what the statement applies to the caller; an identity policy needs to name no one.
    ///
    /// Cheap tests come first.
    pub(crate) fn applies(
        &self,
        caller: &Caller<'_>,
        asked: Asked<'_>,
        subject: Subject<'_>,
        view: &View<'_>,
    ) -> MatchKinds {
        let resource = |resources: &CompiledResources| resources.matches(subject, view);
        if !self.actions.matches(asked) || !self.resources.as_ref().is_none_or(resource) {
            return MatchKinds::NONE;
        }
        let kinds = self.kinds(caller);
        if kinds.is_empty() || !self.conditions.iter().all(|one| one.holds(view)) {
            return MatchKinds::NONE;
        }
        kinds
    }
}
