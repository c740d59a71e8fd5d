//! One statement in its fast form.

use super::{
    MatchKinds, Subject,
    actions::{Asked, CompiledActions},
    principals::CompiledPrincipals,
    resources::CompiledResources,
};
use crate::{Caller, Effect, Statement, Version, condition::CompiledCondition, context::View};
use std::sync::Arc;

/// Which statement of a policy it was.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StatementRef {
    /// Its position in the policy, counted from zero.
    pub index: usize,
    /// Its `Sid`, if it has one.
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
        let kinds = match &self.principals {
            Some(principals) => principals.kinds(caller),
            None => MatchKinds::EVERYONE,
        };
        if kinds.is_empty() || !self.conditions.iter().all(|one| one.holds(view)) {
            return MatchKinds::NONE;
        }
        kinds
    }
}
