//! What an operation of IAM or STS is to the pipeline.

use std::sync::Arc;

use buckler_iam::query::{FromInput, QueryError, WriteResult};
use buckler_policy::{AccountId, CompiledPolicy, ConditionKey, ContextMap};

use super::authorize::Authorized;
use super::call::Call;

/// One operation: what it loads before it is decided on, which permissions it needs, and its work.
///
/// A value of the operation is never made; the trait ties the pieces together.
pub(crate) trait QueryOperation: Send + Sync + Sized + 'static {
    /// Its typed input.
    type Input: FromInput + Send + Sync;
    /// What is loaded before it is decided on. What is not there is no error yet: who may not ask is not told.
    type Subject: Send + Sync;
    /// What it answers.
    type Output: WriteResult + Send + 'static;

    /// Loads the subject.
    fn load(
        call: &Call<'_>,
        input: &Self::Input,
    ) -> impl Future<Output = Result<Self::Subject, QueryError>> + Send;

    /// Every permission it needs; all must be allowed.
    fn needs(call: &Call<'_>, input: &Self::Input, subject: &Self::Subject) -> Needs;

    /// Its work.
    fn run(
        call: &Call<'_>,
        authorized: Authorized<Self>,
    ) -> impl Future<Output = Result<Self::Output, QueryError>> + Send;
}

/// The permissions that a call needs.
#[derive(Debug)]
pub(crate) enum Needs {
    /// None: anybody with credentials may, whatever policies say. Only STS has such operations.
    Nothing,
    /// All of these.
    All(Vec<Need>),
}

/// One permission, and what it is judged on.
#[derive(Debug)]
pub(crate) struct Need {
    pub(crate) action: String,
    /// The ARN that policies are asked about.
    pub(crate) resource: String,
    /// How a refusal names the resource.
    pub(crate) shown: String,
    /// The condition keys of the subject.
    pub(crate) keys: ContextMap,
    /// The role that the permission is about, if its trust policy decides.
    pub(crate) role: Option<RoleTrust>,
}

/// Whom a role trusts.
#[derive(Debug, Clone)]
pub(crate) struct RoleTrust {
    pub(crate) account: AccountId,
    /// The trust policy; `None` if there is no such role, which is refused in the same words.
    pub(crate) policy: Option<Arc<CompiledPolicy>>,
    /// The provider that vouches for the caller, who has no signature.
    pub(crate) provider: Option<String>,
}

impl Need {
    /// The action of the call's own name on a resource.
    pub(crate) fn on(call: &Call<'_>, resource: impl Into<String>) -> Self {
        let resource = resource.into();
        Self {
            action: call.operation.action(),
            shown: resource.clone(),
            resource,
            keys: ContextMap::new(),
            role: None,
        }
    }

    /// Another action than that of the call's own name, on a resource.
    pub(crate) fn of_action(action: &str, resource: impl Into<String>) -> Self {
        let resource = resource.into();
        Self {
            action: action.to_owned(),
            shown: resource.clone(),
            resource,
            keys: ContextMap::new(),
            role: None,
        }
    }

    /// The same, decided by a role's trust policy.
    pub(crate) fn of_role(
        mut self,
        account: AccountId,
        policy: Option<Arc<CompiledPolicy>>,
    ) -> Self {
        self.role = Some(RoleTrust {
            account,
            policy,
            provider: None,
        });
        self
    }

    /// The same on a role, for whoever this provider vouches for.
    pub(crate) fn by_provider(mut self, provider: String) -> Self {
        if let Some(role) = &mut self.role {
            role.provider = Some(provider);
        }
        self
    }

    /// The same, named otherwise in a refusal.
    pub(crate) fn shown_as(mut self, shown: String) -> Self {
        self.shown = shown;
        self
    }

    /// The same with a condition key, if there is a value.
    pub(crate) fn with(mut self, key: &str, value: Option<&str>) -> Self {
        if let Some(value) = value {
            self.keys.insert(ConditionKey::parse(key), value);
        }
        self
    }

    /// The same with a condition key of several values.
    pub(crate) fn with_many(mut self, key: &str, values: Vec<String>) -> Self {
        self.keys.insert_many(ConditionKey::parse(key), values);
        self
    }
}

impl From<Need> for Needs {
    fn from(need: Need) -> Self {
        Self::All(vec![need])
    }
}
