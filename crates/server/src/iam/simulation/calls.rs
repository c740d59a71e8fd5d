//! `SimulateCustomPolicy`, `SimulatePrincipalPolicy`, and the context keys that policies read.

use std::collections::BTreeSet;

use buckler_iam::ops::{
    ContextKeysInput, ContextKeysOfPrincipalInput, ContextKeysOutput, SimulateCustomInput,
    SimulatePrincipalInput, SimulationOutput,
};
use buckler_iam::query::QueryError;
use buckler_policy::{CompiledPolicy, ContextMap};

use super::super::target::with_resource_tags;
use super::source::{Held, Source, custom_principal};
use super::world::{parsed, simulate};
use crate::query::authorize::Authorized;
use crate::query::call::Call;
use crate::query::operation::{Need, Needs, QueryOperation};

/// `SimulateCustomPolicy`.
pub(crate) struct SimulateCustomPolicy;
/// `SimulatePrincipalPolicy`.
pub(crate) struct SimulatePrincipalPolicy;
/// `GetContextKeysForCustomPolicy`.
pub(crate) struct GetContextKeysForCustomPolicy;
/// `GetContextKeysForPrincipalPolicy`.
pub(crate) struct GetContextKeysForPrincipalPolicy;

impl QueryOperation for SimulateCustomPolicy {
    type Input = SimulateCustomInput;
    type Subject = ();
    type Output = SimulationOutput;

    async fn load(_: &Call<'_>, _: &SimulateCustomInput) -> Result<(), QueryError> {
        Ok(())
    }

    fn needs(call: &Call<'_>, _: &SimulateCustomInput, (): &()) -> Needs {
        Need::on(call, "*").into()
    }

    /// Errors: `InvalidInput`.
    async fn run(
        call: &Call<'_>,
        authorized: Authorized<Self>,
    ) -> Result<SimulationOutput, QueryError> {
        let SimulateCustomInput(input) = authorized.input;
        let principal = custom_principal(call, input.caller_arn.as_deref())?;
        let held = Held::default();
        simulate(principal, held, ContextMap::new(), &input)
    }
}

impl QueryOperation for SimulatePrincipalPolicy {
    type Input = SimulatePrincipalInput;
    type Subject = Option<Source>;
    type Output = SimulationOutput;

    async fn load(
        call: &Call<'_>,
        input: &SimulatePrincipalInput,
    ) -> Result<Self::Subject, QueryError> {
        Source::load(call, &input.source_arn).await
    }

    fn needs(call: &Call<'_>, input: &SimulatePrincipalInput, source: &Self::Subject) -> Needs {
        source_need(call, &input.source_arn, source.as_ref()).into()
    }

    /// Errors: `NoSuchEntity`, `InvalidInput`.
    async fn run(
        call: &Call<'_>,
        authorized: Authorized<Self>,
    ) -> Result<SimulationOutput, QueryError> {
        let input = authorized.input;
        let source = found(authorized.subject, &input.source_arn)?;
        let (simulated, keys) = match input.simulation.caller_arn.as_deref() {
            None => (source.principal.clone(), source.keys()),
            Some(arn) => (custom_principal(call, Some(arn))?, ContextMap::new()),
        };
        simulate(simulated, source.held, keys, &input.simulation)
    }
}

impl QueryOperation for GetContextKeysForCustomPolicy {
    type Input = ContextKeysInput;
    type Subject = ();
    type Output = ContextKeysOutput;

    async fn load(_: &Call<'_>, _: &ContextKeysInput) -> Result<(), QueryError> {
        Ok(())
    }

    fn needs(call: &Call<'_>, _: &ContextKeysInput, (): &()) -> Needs {
        Need::on(call, "*").into()
    }

    /// Errors: `InvalidInput`.
    async fn run(
        _: &Call<'_>,
        authorized: Authorized<Self>,
    ) -> Result<ContextKeysOutput, QueryError> {
        context_keys(&authorized.input.policies)
    }
}

impl QueryOperation for GetContextKeysForPrincipalPolicy {
    type Input = ContextKeysOfPrincipalInput;
    type Subject = Option<Source>;
    type Output = ContextKeysOutput;

    async fn load(
        call: &Call<'_>,
        input: &ContextKeysOfPrincipalInput,
    ) -> Result<Self::Subject, QueryError> {
        Source::load(call, &input.source_arn).await
    }

    fn needs(
        call: &Call<'_>,
        input: &ContextKeysOfPrincipalInput,
        source: &Self::Subject,
    ) -> Needs {
        source_need(call, &input.source_arn, source.as_ref()).into()
    }

    /// Errors: `NoSuchEntity`, `InvalidInput`.
    async fn run(
        _: &Call<'_>,
        authorized: Authorized<Self>,
    ) -> Result<ContextKeysOutput, QueryError> {
        let input = authorized.input;
        let source = found(authorized.subject, &input.source_arn)?;
        let held = source.held.policies.into_iter().map(|one| one.document);
        let documents: Vec<_> = held.chain(input.policies).collect();
        context_keys(&documents)
    }
}

fn source_need(call: &Call<'_>, arn: &str, source: Option<&Source>) -> Need {
    with_resource_tags(Need::on(call, arn), source.map(|source| &source.tags))
}

fn found(source: Option<Source>, arn: &str) -> Result<Source, QueryError> {
    source
        .ok_or_else(|| QueryError::no_such_entity(format!("The principal {arn} cannot be found.")))
}

/// The names of all condition keys that policies read, in conditions and as variables.
fn context_keys(documents: &[String]) -> Result<ContextKeysOutput, QueryError> {
    let mut names = BTreeSet::new();
    for document in documents {
        let compiled = CompiledPolicy::compile(&parsed(document)?);
        names.extend(compiled.keys().map(buckler_policy::ConditionKey::name));
    }
    Ok(ContextKeysOutput {
        names: names.into_iter().collect(),
    })
}
