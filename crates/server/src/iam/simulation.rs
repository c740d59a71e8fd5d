//! `SimulateCustomPolicy`, `SimulatePrincipalPolicy`, and the context keys that policies read.
//!
//! Source: AWS IAM API Reference; facts: authorization.md 7.8.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use buckler_iam::ops::{
    ContextKeysInput, ContextKeysOfPrincipalInput, ContextKeysOutput, EvaluationResult, Page,
    SimulateCustomInput, SimulatePrincipalInput, SimulationInput, SimulationOutput,
};
use buckler_iam::query::QueryError;
use buckler_iam::{AwsManagedPolicy, managed_policy_document};
use buckler_policy::{
    AccountId, CallerAccount, CompiledPolicy, ContextMap, Document, NamedPolicy,
    parse_bucket_policy, parse_identity_policy,
};

use super::simulator::{Principal, S3Resource, World, context};
use super::target::with_resource_tags;
use crate::error::query::store_error;
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

/// A policy of the simulated identity.
#[derive(Debug)]
struct SourcePolicy {
    /// `SourcePolicyId`.
    id: String,
    /// `SourcePolicyType`.
    kind: &'static str,
    document: String,
}

/// What the simulated identity holds.
#[derive(Debug, Default)]
struct Held {
    policies: Vec<SourcePolicy>,
    boundary: Option<SourcePolicy>,
}

/// The identity of a `PolicySourceArn`.
#[derive(Debug)]
pub(crate) struct Source {
    principal: Principal,
    /// The name of a user; a role has none in requests.
    user_name: Option<String>,
    tags: buckler_s3::TagSet,
    held: Held,
}

impl Source {
    /// Reads a user, group or role of the caller's account, with all that it holds.
    async fn load(call: &Call<'_>, arn: &str) -> Result<Option<Self>, QueryError> {
        let store = &call.cx.store;
        let account = call.account()?;
        let Some((kind, name)) = own_identity(arn, &account.id) else {
            return Ok(None);
        };
        let mut source = match kind {
            "user" => {
                let Some(user) = store.user_by_arn(arn).await.map_err(store_error)? else {
                    return Ok(None);
                };
                let mut source = Self::of(account_names(call)?, arn, &user.unique_id, false, &name);
                source.user_name = Some(user.name);
                source.tags = user.tags;
                let groups = store.groups_of_user(&user.unique_id).await;
                for group in groups.map_err(store_error)? {
                    source
                        .hold(call, "group", &group.unique_id, &group.name)
                        .await?;
                }
                source.bound(call, user.boundary_arn.as_deref()).await?;
                source
            }
            "role" => {
                let Some(role) = store.role_by_arn(arn).await.map_err(store_error)? else {
                    return Ok(None);
                };
                let mut source = Self::of(account_names(call)?, arn, &role.unique_id, true, &name);
                source.tags = role.tags;
                source.bound(call, role.boundary_arn.as_deref()).await?;
                source
            }
            _ => {
                let group = store.group_by_name(&account.id, &name).await;
                let group = group.map_err(store_error)?.filter(|row| row.arn() == arn);
                let Some(group) = group else {
                    return Ok(None);
                };
                Self::of(account_names(call)?, arn, &group.unique_id, false, &name)
            }
        };
        let id = source.principal.unique_id.clone();
        source.hold(call, kind, &id, &name).await?;
        Ok(Some(source))
    }

    fn of(account: CallerAccount, arn: &str, unique_id: &str, is_role: bool, name: &str) -> Self {
        Self {
            principal: Principal {
                account,
                arn: arn.to_owned(),
                unique_id: unique_id.to_owned(),
                is_role,
                session_arn: format!("arn:aws:sts::{}:assumed-role/{name}/simulation", account.id),
            },
            user_name: None,
            tags: buckler_s3::TagSet::default(),
            held: Held::default(),
        }
    }

    /// Adds what one identity holds.
    async fn hold(
        &mut self,
        call: &Call<'_>,
        kind: &str,
        unique_id: &str,
        name: &str,
    ) -> Result<(), QueryError> {
        let kind = match kind {
            "user" => "user",
            "group" => "group",
            _ => "role",
        };
        let store = &call.cx.store;
        let inline = store.inline_policies(unique_id).await;
        for (policy, document) in inline.map_err(store_error)? {
            self.held.policies.push(SourcePolicy {
                id: format!("{kind}_{name}_{policy}"),
                kind,
                document,
            });
        }
        let attached = store.attached_policies(unique_id).await;
        for arn in attached.map_err(store_error)? {
            self.held.policies.extend(managed(call, &arn).await?);
        }
        Ok(())
    }

    async fn bound(&mut self, call: &Call<'_>, arn: Option<&str>) -> Result<(), QueryError> {
        if let Some(arn) = arn {
            self.held.boundary = managed(call, arn).await?;
        }
        Ok(())
    }

    /// What a request of this identity has in its context.
    fn keys(&self) -> ContextMap {
        let principal = &self.principal;
        let account = principal.account.id;
        let mut keys = ContextMap::new()
            .with("aws:PrincipalArn", &principal.arn)
            .with("aws:PrincipalAccount", account.as_str());
        if let Some(name) = &self.user_name {
            keys = keys
                .with("aws:username", name)
                .with("aws:userid", &principal.unique_id)
                .with("aws:PrincipalType", "User");
        }
        for tag in &self.tags {
            keys = keys.with(&format!("aws:PrincipalTag/{}", tag.key), &tag.value);
        }
        keys
    }
}

/// `arn:aws:iam::ID:KIND/PATH/NAME` of this account.
fn own_identity<'a>(arn: &'a str, account: &AccountId) -> Option<(&'a str, String)> {
    let (of, resource) = arn.strip_prefix("arn:aws:iam::")?.split_once(':')?;
    let (kind, rest) = resource.split_once('/')?;
    let name = rest.rsplit('/').next()?;
    let is_known = matches!(kind, "user" | "group" | "role");
    (is_known && of == account.as_str()).then(|| (kind, name.to_owned()))
}

fn account_names(call: &Call<'_>) -> Result<CallerAccount, QueryError> {
    let account = call.account()?;
    Ok(CallerAccount {
        id: account.id,
        canonical_id: account.canonical_id,
    })
}

/// A managed policy with the document that counts.
async fn managed(call: &Call<'_>, arn: &str) -> Result<Option<SourcePolicy>, QueryError> {
    if let Some(document) = managed_policy_document(arn) {
        let name = AwsManagedPolicy::of_arn(arn).map_or(arn, |policy| policy.name);
        return Ok(Some(SourcePolicy {
            id: name.to_owned(),
            kind: "aws-managed",
            document: document.to_owned(),
        }));
    }
    let versions = call.cx.store.policy_versions(arn).await;
    let default = versions
        .map_err(store_error)?
        .into_iter()
        .find(|one| one.is_default);
    Ok(default.map(|version| SourcePolicy {
        id: arn.rsplit('/').next().unwrap_or(arn).to_owned(),
        kind: "user-managed",
        document: version.document,
    }))
}

fn source_need(call: &Call<'_>, arn: &str, source: Option<&Source>) -> Need {
    with_resource_tags(Need::on(call, arn), source.map(|source| &source.tags))
}

fn found(source: Option<Source>, arn: &str) -> Result<Source, QueryError> {
    source
        .ok_or_else(|| QueryError::no_such_entity(format!("The principal {arn} cannot be found.")))
}

/// The principal of a custom simulation: whoever `CallerArn` names, or a user of the caller's account.
fn custom_principal(call: &Call<'_>, arn: Option<&str>) -> Result<Principal, QueryError> {
    let own = account_names(call)?;
    let Some(arn) = arn else {
        return Ok(Source::of(own, "", "", false, "").principal);
    };
    let invalid = || QueryError::invalid_input(format!("Invalid CallerArn: {arn}"));
    let account = arn
        .strip_prefix("arn:aws:iam::")
        .and_then(|rest| rest.split_once(":user/"))
        .and_then(|(account, _)| AccountId::parse(account).ok())
        .ok_or_else(invalid)?;
    // Only the id is compared: no ACL takes part.
    let account = CallerAccount { id: account, ..own };
    Ok(Source::of(account, arn, "", false, "").principal)
}

/// Decides every action on every resource of the page.
fn simulate(
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
                kind: "none",
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
    Ok(World {
        principal,
        policies,
        boundary,
        sources,
        resource_owner,
        context: context(keys, &input.context),
    })
}

/// Compiles a policy under a name of its own.
fn named(
    policy: SourcePolicy,
    sources: &mut HashMap<Arc<str>, (String, &'static str)>,
) -> Result<NamedPolicy, QueryError> {
    let document = parsed(&policy.document)?;
    let name: Arc<str> = format!("{}. {}", sources.len(), policy.id).into();
    sources.insert(Arc::clone(&name), (policy.id, policy.kind));
    Ok(NamedPolicy {
        name,
        policy: Arc::new(CompiledPolicy::compile(&document)),
    })
}

fn parsed(document: &str) -> Result<Document, QueryError> {
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
