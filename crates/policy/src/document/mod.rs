//! A policy as it was written: parsed, not yet compiled.

mod normal_form;
mod operator;
mod principal;
mod resolve;
mod statement;

pub use operator::{Operator, SetOperator, Test};
pub use principal::{Principal, PrincipalType, Principals};
pub use statement::{
    ActionElement, Condition, Effect, PrincipalElement, ResourceElement, Statement,
};

/// The version of the policy language.
///
/// Source: facts: authorization.md 3.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Version {
    /// `2008-10-17`, also when the member is absent: `${…}` is plain text.
    V2008,
    /// `2012-10-17`: `${…}` is a policy variable.
    V2012,
}

impl Version {
    /// The version as it is written.
    pub const fn name(self) -> &'static str {
        match self {
            Self::V2008 => "2008-10-17",
            Self::V2012 => "2012-10-17",
        }
    }
}

/// A policy that was parsed and found valid.
///
/// Made by [`parse_bucket_policy`](crate::parse_bucket_policy), [`parse_identity_policy`](crate::parse_identity_policy),
/// [`parse_session_policy`](crate::parse_session_policy), [`parse_trust_policy`](crate::parse_trust_policy) and
/// [`Document::from_stored`] with its like. Lists keep the order in which they were sent.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Document {
    pub(crate) version: Option<Version>,
    pub(crate) id: Option<String>,
    pub(crate) statements: Vec<Statement>,
}

impl Document {
    /// The version in force: [`Version::V2008`] when none is written.
    pub fn version(&self) -> Version {
        self.version.unwrap_or(Version::V2008)
    }

    /// The `Id` member.
    pub fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// The statements, at least one, in the order sent.
    pub fn statements(&self) -> &[Statement] {
        &self.statements
    }

    /// Whether this is a role's trust policy, the one kind whose statements name no resource.
    pub fn is_trust_policy(&self) -> bool {
        self.statements.iter().all(|one| one.resource.is_none())
    }

    /// The policy as `GetBucketPolicy` returns it.
    ///
    /// No white space, members in a fixed order, lists of one as the bare value, `Statement` always a list, numbers
    /// and booleans of conditions as strings, account ids as root ARNs.
    /// Source: facts: authorization.md 1.5.
    pub fn to_normalized_json(&self) -> String {
        normal_form::write(self)
    }
}
