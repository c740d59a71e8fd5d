//! Operations that are about one managed policy and need their own action on it.

use buckler_iam::AwsManagedPolicy;
use buckler_iam::query::{FromInput, QueryError, WriteResult};
use buckler_metadata::{EntityKind, ManagedPolicyRow};

use super::target::with_resource_tags;
use crate::error::query::{no_such_entity, store_error};
use crate::query::authorize::Authorized;
use crate::query::call::Call;
use crate::query::operation::{Need, Needs, QueryOperation};

/// A managed policy that a call names: one of the account's, or of AWS's.
#[derive(Debug)]
pub(crate) struct PolicyTarget {
    arn: String,
    policy: Option<FoundPolicy>,
}

/// A managed policy that is there.
#[derive(Debug)]
pub(crate) enum FoundPolicy {
    /// One of the account's.
    Customer(Box<ManagedPolicyRow>),
    /// One of AWS's.
    Aws(AwsManagedPolicy),
}

impl PolicyTarget {
    async fn load(call: &Call<'_>, arn: &str) -> Result<Self, QueryError> {
        let policy = if let Some(policy) = AwsManagedPolicy::of_arn(arn) {
            Some(FoundPolicy::Aws(policy))
        } else {
            let account = call.account()?.id;
            let row = call.cx.store.managed_policy(arn).await;
            row.map_err(store_error)?
                .filter(|row| row.account_id == account)
                .map(|row| FoundPolicy::Customer(Box::new(row)))
        };
        Ok(Self {
            arn: arn.to_owned(),
            policy,
        })
    }

    fn need(&self, call: &Call<'_>) -> Need {
        let need = Need::on(call, &self.arn).shown_as(format!("policy {}", self.arn));
        match &self.policy {
            Some(FoundPolicy::Customer(row)) => with_resource_tags(need, Some(&row.tags)),
            Some(FoundPolicy::Aws(_)) | None => need,
        }
    }

    /// The policy.
    ///
    /// # Errors
    ///
    /// `NoSuchEntity`, for policies of other accounts, too.
    pub(crate) fn found(self) -> Result<FoundPolicy, QueryError> {
        self.policy
            .ok_or_else(|| no_such_entity(EntityKind::Policy, &self.arn))
    }
}

/// An operation on one managed policy.
pub(crate) trait OnPolicy: Send + Sync + Sized + 'static {
    /// The typed input.
    type Input: FromInput + Send + Sync;
    /// What it answers.
    type Output: WriteResult + Send + 'static;

    /// The policy's ARN.
    fn arn(input: &Self::Input) -> &str;

    /// Adds what conditions can ask about.
    fn with_keys(need: Need, _: &Self::Input) -> Need {
        need
    }

    /// Its work.
    fn run(
        call: &Call<'_>,
        input: Self::Input,
        policy: PolicyTarget,
    ) -> impl Future<Output = Result<Self::Output, QueryError>> + Send;
}

/// An [`OnPolicy`] as the pipeline sees it.
pub(crate) struct AboutPolicy<O>(std::marker::PhantomData<O>);

impl<O: OnPolicy> QueryOperation for AboutPolicy<O> {
    type Input = O::Input;
    type Subject = PolicyTarget;
    type Output = O::Output;

    async fn load(call: &Call<'_>, input: &Self::Input) -> Result<PolicyTarget, QueryError> {
        PolicyTarget::load(call, O::arn(input)).await
    }

    fn needs(call: &Call<'_>, input: &Self::Input, policy: &PolicyTarget) -> Needs {
        O::with_keys(policy.need(call), input).into()
    }

    async fn run(
        call: &Call<'_>,
        authorized: Authorized<Self>,
    ) -> Result<Self::Output, QueryError> {
        O::run(call, authorized.input, authorized.subject).await
    }
}
