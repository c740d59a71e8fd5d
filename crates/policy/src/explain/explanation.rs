//! What an explanation consists of.

use super::{DenyReason, Outcome};
use crate::{Effect, PolicyType};
use serde::{Deserialize, Serialize};

/// Why one action on one resource was allowed or not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Explanation {
    /// What was decided, and what decided it.
    pub outcome: Outcome,
    /// Who asked.
    pub caller: ExplainedCaller,
    /// The action: `s3:GetObject`.
    pub action: String,
    /// The resource's ARN, or `*`.
    pub resource: String,
    /// Whether the resource belongs to another account than the caller does.
    pub is_cross_account: bool,
    /// The kinds of policies that took part, in the order in which they are asked; a kind without policies is left out.
    pub layers: Vec<Layer>,
    /// The condition keys that these policies can read and that the request has, sorted by name.
    pub context: Vec<ContextEntry>,
    /// The condition keys that these policies can read and that the request lacks, sorted by name.
    pub missing_keys: Vec<String>,
    /// Whether [`Explanation::encode`] left something out to keep its bound.
    #[serde(default)]
    pub is_shortened: bool,
}

/// Who asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ExplainedCaller {
    /// The value of `aws:userid`: `AIDA…`, `AROA…:SESSION`, `anonymous`; for a service or provider its name.
    pub id: String,
    /// The ARN that messages name: that of the session, not of its role. Anonymous callers have none.
    pub arn: Option<String>,
    /// The account.
    pub account: Option<String>,
    /// Whether the caller holds a provider's token and has no session yet.
    #[serde(default)]
    pub is_federated: bool,
}

/// All policies of one kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Layer {
    /// Which kind.
    pub policy_type: PolicyType,
    /// What they say together.
    pub verdict: LayerVerdict,
    /// Each of them.
    pub policies: Vec<ExplainedPolicy>,
}

/// What the policies of one kind say together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum LayerVerdict {
    /// A statement allows and none denies. Of a bucket policy this alone need not suffice: to name the account of a
    /// caller leaves the matter to its identity policies.
    Allow,
    /// No statement applies.
    ImplicitDeny,
    /// A statement denies.
    ExplicitDeny,
}

/// One policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ExplainedPolicy {
    /// The ARN of a managed policy, the name of an inline one; `None` for a bucket policy or trust policy.
    pub name: Option<String>,
    /// Its statements.
    pub statements: Vec<ExplainedStatement>,
}

/// One statement, and why it applies or not: it does if every element matches and every condition holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ExplainedStatement {
    /// Its position in the policy, counted from zero.
    pub index: usize,
    /// Its `Sid`.
    pub sid: Option<String>,
    /// What it does when it applies.
    pub effect: Effect,
    /// Whether it applies.
    pub applies: bool,
    /// Whether `Action` has the action, or `NotAction` has it not.
    pub action_matches: bool,
    /// Whether `Resource` has the resource, or `NotResource` has it not.
    pub resource_matches: bool,
    /// As what `Principal` names the caller; empty if it does not.
    ///
    /// A statement of a policy without principals names everyone.
    pub named_as: Vec<NamedAs>,
    /// Its conditions.
    pub conditions: Vec<ExplainedCondition>,
    /// The principals as they are written, if there are any.
    pub principals: Vec<String>,
    /// The actions as they are written.
    pub actions: Vec<String>,
    /// The resources as they are written, if there are any.
    pub resources: Vec<String>,
}

/// As what a statement names a caller. Source: facts: authorization.md 3.3, 5.3.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum NamedAs {
    /// `*`, or someone whom `NotPrincipal` does not leave out.
    Everyone,
    /// Its account.
    Account,
    /// The user itself.
    User,
    /// The role of the session, or its identity provider.
    Role,
    /// This very session.
    Session,
    /// The user who made the session.
    Issuer,
    /// The service.
    Service,
    /// The provider whose token the caller holds.
    Federated,
}

impl NamedAs {
    /// Every way to be named.
    pub const ALL: [Self; 8] = [
        Self::Everyone,
        Self::Account,
        Self::User,
        Self::Role,
        Self::Session,
        Self::Issuer,
        Self::Service,
        Self::Federated,
    ];
}

/// One operator on one key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ExplainedCondition {
    /// The operator as it is written: `ForAnyValue:StringLike`.
    pub operator: String,
    /// The key as it is written.
    pub key: String,
    /// The values of the policy, variables not replaced.
    pub policy_values: Vec<String>,
    /// The values of the request; `None` if the key is absent.
    pub request_values: Option<Vec<String>>,
    /// Whether the condition holds.
    pub holds: bool,
}

/// A condition key and its values in the request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ContextEntry {
    /// The key as AWS writes it.
    pub key: String,
    /// Its values: one, unless it is a multivalued key.
    pub values: Vec<String>,
}

impl Explanation {
    /// Whether the action is allowed.
    pub fn is_allow(&self) -> bool {
        matches!(self.outcome, Outcome::Allowed(_))
    }

    /// Whether a statement denies it.
    pub fn is_explicit_deny(&self) -> bool {
        matches!(self.outcome, Outcome::Denied(DenyReason::Explicit { .. }))
    }

    /// Every statement that applies, with its policy, in the order in which they are asked.
    pub fn applying_statements(
        &self,
    ) -> impl Iterator<Item = (&ExplainedPolicy, &ExplainedStatement)> {
        self.layers.iter().flat_map(|layer| {
            layer.policies.iter().flat_map(|policy| {
                let applying = policy.statements.iter().filter(|one| one.applies);
                applying.map(move |statement| (policy, statement))
            })
        })
    }
}
