//! One statement of a policy.

use super::{Operator, Principals};
use crate::ConditionKey;

/// What a statement does when it matches.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
pub enum Effect {
    /// `Allow`.
    Allow,
    /// `Deny`.
    Deny,
}

impl Effect {
    /// The effect as it is written.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Allow => "Allow",
            Self::Deny => "Deny",
        }
    }
}

/// One statement. Source: facts: authorization.md 3.2.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Statement {
    /// `Sid`, kept also when empty; not necessarily unique.
    pub sid: Option<String>,
    /// `Effect`.
    pub effect: Effect,
    /// `Principal` or `NotPrincipal`; `None` only in identity policies.
    pub principal: Option<PrincipalElement>,
    /// `Action` or `NotAction`.
    pub action: ActionElement,
    /// `Resource` or `NotResource`; `None` only in trust policies.
    pub resource: Option<ResourceElement>,
    /// `Condition`, one entry per operator and key, in the order sent; all of them must hold.
    ///
    /// `None` is an absent member, an empty list an empty object.
    pub conditions: Option<Vec<Condition>>,
}

/// Whom a statement is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum PrincipalElement {
    /// `Principal`.
    Principal(Principals),
    /// `NotPrincipal`: everyone else.
    NotPrincipal(Principals),
}

impl PrincipalElement {
    /// The principals listed, whichever way they count.
    pub fn principals(&self) -> &Principals {
        match self {
            Self::Principal(principals) | Self::NotPrincipal(principals) => principals,
        }
    }

    pub(crate) fn principals_mut(&mut self) -> &mut Principals {
        match self {
            Self::Principal(principals) | Self::NotPrincipal(principals) => principals,
        }
    }
}

/// What a statement is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ActionElement {
    /// `Action`: `*` or `service:name`, with wildcards, in any letter case.
    Action(Vec<String>),
    /// `NotAction`: every other action.
    NotAction(Vec<String>),
}

impl ActionElement {
    /// The patterns listed, whichever way they count.
    pub fn patterns(&self) -> &[String] {
        match self {
            Self::Action(patterns) | Self::NotAction(patterns) => patterns,
        }
    }

    /// Whether this is `NotAction`.
    pub fn is_negated(&self) -> bool {
        matches!(self, Self::NotAction(_))
    }
}

/// On what a statement works.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ResourceElement {
    /// `Resource`: `*` or ARNs with wildcards and variables.
    Resource(Vec<String>),
    /// `NotResource`: every other resource.
    NotResource(Vec<String>),
}

impl ResourceElement {
    /// The patterns listed, whichever way they count.
    pub fn patterns(&self) -> &[String] {
        match self {
            Self::Resource(patterns) | Self::NotResource(patterns) => patterns,
        }
    }

    /// Whether this is `NotResource`.
    pub fn is_negated(&self) -> bool {
        matches!(self, Self::NotResource(_))
    }
}

/// One key under one operator.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Condition {
    /// How the values are compared.
    pub operator: Operator,
    /// What is asked about.
    pub key: ConditionKey,
    /// The key as it was spelled.
    pub key_text: String,
    /// The values to compare with, numbers and booleans as their text; may be empty.
    pub values: Vec<String>,
}
