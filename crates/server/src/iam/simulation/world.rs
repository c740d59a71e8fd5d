//! What a simulation decides with, made of what the call names.

use std::collections::HashMap;
use std::sync::Arc;

use buckler_iam::ops::{EvaluationResult, Page, SimulationInput, SimulationOutput};
use buckler_iam::query::QueryError;
use buckler_policy::{
    AccountId, CompiledPolicy, ContextMap, Document, NamedPolicy, parse_bucket_policy,
    parse_identity_policy, statement_spans,
};

use super::engine::{NamedSource, Principal, S3Resource, World, context};
use super::source::{Held, SourcePolicy};

/// Decides every action on every resource of the page.
pub(super) fn simulate(
    principal: Principal,
    held: Held,
    keys: ContextMap,
    input: &SimulationInput,
) -> Result<SimulationOutput, QueryError> {
    let world = world(principal, held, keys, input)?;
    let pairs = input.actions.iter().flat_map(|action| {
        input
            .resources
            .iter()
            .map(move |resource| (action, resource))
    });
    let begin: usize = input.page.after.parse().unwrap_or(0);
    let items_max = usize::from(input.page.items_max);
    let mut resource_policies = HashMap::new();
    let mut items = Vec::new();
    for (action, resource) in pairs.skip(begin).take(items_max) {
        check_action(action)?;
        let policy = resource_policy(&mut resource_policies, input, resource)?;
        items.push(world.evaluate(action, resource, policy.as_deref()));
    }
    let total = input.actions.len() * input.resources.len();
    let end = begin + items.len();
    let marker = (end < total).then(|| input.page.marker_of(&end.to_string()));
    Ok(SimulationOutput {
        page: Page::<EvaluationResult> { items, marker },
    })
}

fn world(
    principal: Principal,
    held: Held,
    keys: ContextMap,
    input: &SimulationInput,
) -> Result<World, QueryError> {
    let given = |list: &'static str, documents: &[String]| -> Vec<SourcePolicy> {
        let numbered = documents.iter().zip(1..);
        numbered
            .map(|(document, number)| SourcePolicy {
                id: format!("{list}.{number}"),
                document: document.clone(),
            })
            .collect()
    };
    let mut sources = HashMap::new();
    let mut policies = Vec::new();
    for policy in held
        .policies
        .into_iter()
        .chain(given("PolicyInputList", &input.policies))
    {
        policies.push(named(policy, &mut sources)?);
    }
    let boundaries = given("PermissionsBoundaryPolicyInputList", &input.boundaries);
    let boundary = boundaries.into_iter().next().or(held.boundary);
    let boundary = boundary
        .map(|policy| named(policy, &mut sources))
        .transpose()?;
    let resource_owner = match &input.resource_owner {
        None => principal.account.id,
        Some(owner) => owner_account(owner)?,
    };
    let resource_statements = input.resource_policy.as_deref().map(statement_spans);
    Ok(World {
        principal,
        policies,
        boundary,
        sources,
        resource_statements: resource_statements.unwrap_or_default(),
        resource_owner,
        context: context(keys, &input.context),
    })
}

/// Compiles a policy under a name of its own.
fn named(
    policy: SourcePolicy,
    sources: &mut HashMap<Arc<str>, NamedSource>,
) -> Result<NamedPolicy, QueryError> {
    let document = parsed(&policy.document)?;
    let name: Arc<str> = format!("{}. {}", sources.len(), policy.id).into();
    let source = NamedSource {
        statements: statement_spans(&policy.document),
        id: policy.id,
    };
    sources.insert(Arc::clone(&name), source);
    Ok(NamedPolicy {
        name,
        policy: Arc::new(CompiledPolicy::compile(&document)),
    })
}

pub(super) fn parsed(document: &str) -> Result<Document, QueryError> {
    parse_identity_policy(document.as_bytes())
        .map_err(|fault| QueryError::invalid_input(fault.to_string()))
}

/// `ResourceOwner`: an account's root ARN or id.
fn owner_account(owner: &str) -> Result<AccountId, QueryError> {
    let id = owner
        .strip_prefix("arn:aws:iam::")
        .and_then(|rest| rest.strip_suffix(":root"))
        .unwrap_or(owner);
    AccountId::parse(id)
        .map_err(|_| QueryError::invalid_input(format!("Invalid ResourceOwner: {owner}")))
}

fn check_action(action: &str) -> Result<(), QueryError> {
    match action.split_once(':') {
        Some((service, name)) if !service.is_empty() && !name.is_empty() => Ok(()),
        _ => Err(QueryError::invalid_input(format!(
            "Invalid Input Action: {action}"
        ))),
    }
}

/// `ResourcePolicy` as the policy of the resource's bucket; each bucket is read once.
fn resource_policy(
    known: &mut HashMap<String, Arc<CompiledPolicy>>,
    input: &SimulationInput,
    resource: &str,
) -> Result<Option<Arc<CompiledPolicy>>, QueryError> {
    let (Some(document), Some(place)) = (&input.resource_policy, S3Resource::parse(resource))
    else {
        return Ok(None);
    };
    if input.caller_arn.is_none() {
        return Err(QueryError::invalid_input(
            "CallerArn is required when ResourcePolicy is given.",
        ));
    }
    if let Some(policy) = known.get(place.bucket) {
        return Ok(Some(Arc::clone(policy)));
    }
    let parsed = parse_bucket_policy(document.as_bytes(), place.bucket)
        .map_err(|fault| QueryError::invalid_input(fault.to_string()))?;
    let policy = Arc::new(CompiledPolicy::compile(&parsed));
    known.insert(place.bucket.to_owned(), Arc::clone(&policy));
    Ok(Some(policy))
}
