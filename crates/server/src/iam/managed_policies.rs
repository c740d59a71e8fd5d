//! Managed policies. Source: AWS IAM API Reference, "CreatePolicy" and its neighbours.

use buckler_iam::ops::{
    CreatePolicyInput, EntitiesInput, EntitiesOutput, EntityName, ListPoliciesInput, Listing, Page,
    PolicyInput, ShownPolicy, Single, check_identity_policy,
};
use buckler_iam::query::{NoResult, QueryError};
use buckler_iam::{AwsManagedPolicy, new_policy_id};
use buckler_metadata::{
    EntityKind, IdentityKind, ManagedPolicyRow, NameList, PolicyEntity, PolicyUsage,
};
use buckler_policy::{MANAGED_POLICY_CHARACTERS_MAX, policy_characters};

use super::policy_target::{FoundPolicy, OnPolicy, PolicyTarget};
use super::shown;
use super::target::{arn, with_request_tags};
use crate::error::query::{iam_error, internal, no_such_entity, store_error};
use crate::query::authorize::Authorized;
use crate::query::call::Call;
use crate::query::operation::{Need, Needs, QueryOperation};

const ELEMENT: &str = "Policy";
/// What every ARN of AWS's own policies begins with.
const AWS_PREFIX: &str = "arn:aws:iam::aws:policy/";

/// `CreatePolicy`.
pub(crate) struct CreatePolicy;
/// `GetPolicy`.
pub(crate) struct GetPolicy;
/// `ListPolicies`.
pub(crate) struct ListPolicies;
/// `DeletePolicy`.
pub(crate) struct DeletePolicy;
/// `ListEntitiesForPolicy`.
pub(crate) struct ListEntitiesForPolicy;

/// Refuses a policy of AWS's that this server does not have. The account's own are judged in the change itself.
///
/// # Errors
///
/// `NoSuchEntity`.
pub(super) fn check_attachable(arn: Option<&str>) -> Result<(), QueryError> {
    match arn.filter(|arn| arn.starts_with(AWS_PREFIX)) {
        Some(arn) if AwsManagedPolicy::of_arn(arn).is_none() => {
            Err(no_such_entity(EntityKind::Attachment, arn))
        }
        _ => Ok(()),
    }
}

/// Wants a document to be a valid managed policy.
///
/// # Errors
///
/// `MalformedPolicyDocument`, `LimitExceeded`.
pub(super) fn check_document(document: &str) -> Result<(), QueryError> {
    check_identity_policy(document)?;
    if policy_characters(document) > MANAGED_POLICY_CHARACTERS_MAX {
        return Err(QueryError::limit_exceeded(format!(
            "Cannot exceed quota for PolicySize: {MANAGED_POLICY_CHARACTERS_MAX}"
        )));
    }
    Ok(())
}

impl QueryOperation for CreatePolicy {
    type Input = CreatePolicyInput;
    type Subject = ();
    type Output = Single<ShownPolicy>;

    async fn load(_: &Call<'_>, _: &CreatePolicyInput) -> Result<(), QueryError> {
        Ok(())
    }

    /// AWS: a refusal names the policy: `on resource: policy NAME`.
    fn needs(call: &Call<'_>, input: &CreatePolicyInput, (): &()) -> Needs {
        let need = Need::on(call, arn(call, "policy", &input.path, &input.name))
            .shown_as(format!("policy {}", input.name));
        with_request_tags(need, &input.tags).into()
    }

    /// Errors: `MalformedPolicyDocument`, `EntityAlreadyExists`, `LimitExceeded`.
    async fn run(
        call: &Call<'_>,
        authorized: Authorized<Self>,
    ) -> Result<Self::Output, QueryError> {
        let input = authorized.input;
        check_document(&input.document)?;
        let policy = ManagedPolicyRow {
            unique_id: new_policy_id().map_err(|error| internal("a new id", &error))?,
            account_id: call.account()?.id,
            path: input.path,
            name: input.name,
            description: input.description,
            default_version: 1,
            attachment_count: 0,
            boundary_count: 0,
            tags: input.tags,
            created_at: call.now,
            updated_at: call.now,
        };
        let value = shown::policy(&policy);
        let store = &call.cx.store;
        let created = store.create_managed_policy(policy, input.document);
        created.await.map_err(iam_error)?;
        Ok(Single {
            element: ELEMENT,
            value,
        })
    }
}

impl OnPolicy for GetPolicy {
    type Input = PolicyInput;
    type Output = Single<ShownPolicy>;

    fn arn(input: &PolicyInput) -> &str {
        &input.arn
    }

    /// Errors: `NoSuchEntity`.
    async fn run(
        call: &Call<'_>,
        _: PolicyInput,
        policy: PolicyTarget,
    ) -> Result<Self::Output, QueryError> {
        let value = match policy.found()? {
            FoundPolicy::Customer(row) => shown::policy(&row),
            FoundPolicy::Aws(policy) => aws_policy(call, policy).await?,
        };
        Ok(Single {
            element: ELEMENT,
            value,
        })
    }
}

/// A policy of AWS's with how often the account uses it.
async fn aws_policy(call: &Call<'_>, policy: AwsManagedPolicy) -> Result<ShownPolicy, QueryError> {
    let entities = entities(call, &policy.arn()).await?;
    let count = |usage| {
        let used = entities.iter().filter(|one| one.usage == usage).count();
        i64::try_from(used).unwrap_or(i64::MAX)
    };
    Ok(shown::aws_policy(
        policy,
        count(PolicyUsage::PermissionsPolicy),
        count(PolicyUsage::PermissionsBoundary),
    ))
}

impl QueryOperation for ListPolicies {
    type Input = ListPoliciesInput;
    type Subject = ();
    type Output = Listing<ShownPolicy>;

    async fn load(_: &Call<'_>, _: &ListPoliciesInput) -> Result<(), QueryError> {
        Ok(())
    }

    /// AWS: a refusal names the path: `on resource: policy path /`.
    fn needs(call: &Call<'_>, input: &ListPoliciesInput, (): &()) -> Needs {
        Need::on(call, arn(call, "policy", &input.path_prefix, ""))
            .shown_as(format!("policy path {}", input.path_prefix))
            .into()
    }

    async fn run(
        call: &Call<'_>,
        authorized: Authorized<Self>,
    ) -> Result<Self::Output, QueryError> {
        let input = authorized.input;
        let scope = input.scope.as_deref().unwrap_or("All");
        let mut policies = Vec::new();
        if scope != "AWS" {
            policies.extend(customer_policies(call, &input.path_prefix).await?);
        }
        if scope != "Local" && input.path_prefix == "/" {
            for policy in AwsManagedPolicy::all() {
                policies.push(aws_policy(call, policy).await?);
            }
        }
        policies.retain(|policy| is_wanted(&input, policy));
        Ok(Listing {
            element: "Policies",
            page: input.page.of_all(policies, order),
        })
    }
}

/// By name; a policy of the account may be called like one of AWS's.
fn order(policy: &ShownPolicy) -> String {
    format!("{} {}", policy.name, policy.arn)
}

fn is_wanted(input: &ListPoliciesInput, policy: &ShownPolicy) -> bool {
    if input.only_attached && policy.attachment_count == 0 {
        return false;
    }
    match input.usage.as_deref() {
        Some("PermissionsPolicy") => policy.attachment_count > 0,
        Some("PermissionsBoundary") => policy.boundary_count > 0,
        _ => true,
    }
}

/// All policies of the account below a path; at most 1,500.
pub(super) async fn customer_policies(
    call: &Call<'_>,
    path_prefix: &str,
) -> Result<Vec<ShownPolicy>, QueryError> {
    let list = NameList {
        account: call.account()?.id,
        path_prefix: path_prefix.to_owned(),
        after: String::new(),
        limit: u32::MAX,
    };
    let rows = call.cx.store.list_managed_policies(&list).await;
    Ok(rows
        .map_err(store_error)?
        .iter()
        .map(shown::listed_policy)
        .collect())
}

impl OnPolicy for DeletePolicy {
    type Input = PolicyInput;
    type Output = NoResult;

    fn arn(input: &PolicyInput) -> &str {
        &input.arn
    }

    /// Errors: `NoSuchEntity`, `DeleteConflict`.
    async fn run(
        call: &Call<'_>,
        input: PolicyInput,
        _: PolicyTarget,
    ) -> Result<NoResult, QueryError> {
        let account = call.account()?.id;
        let deleted = call.cx.store.delete_managed_policy(account, input.arn);
        deleted.await.map_err(iam_error)?;
        Ok(NoResult)
    }
}

impl OnPolicy for ListEntitiesForPolicy {
    type Input = EntitiesInput;
    type Output = EntitiesOutput;

    fn arn(input: &EntitiesInput) -> &str {
        &input.arn
    }

    /// Errors: `NoSuchEntity`.
    async fn run(
        call: &Call<'_>,
        input: EntitiesInput,
        policy: PolicyTarget,
    ) -> Result<EntitiesOutput, QueryError> {
        policy.found()?;
        let mut names: Vec<_> = entities(call, &input.arn)
            .await?
            .into_iter()
            .filter(|entity| is_entity_wanted(&input, entity))
            .map(|entity| EntityName {
                kind: kind_name(entity.kind),
                name: entity.name,
                id: entity.unique_id,
            })
            .collect();
        // An identity that has the policy and is bound by it is one.
        names.dedup();
        let page: Page<EntityName> = input.page.of_all(names, entity_order);
        Ok(EntitiesOutput { page })
    }
}

async fn entities(call: &Call<'_>, arn: &str) -> Result<Vec<PolicyEntity>, QueryError> {
    let account = call.account()?.id;
    let entities = call.cx.store.policy_entities(&account, arn).await;
    entities.map_err(store_error)
}

fn is_entity_wanted(input: &EntitiesInput, entity: &PolicyEntity) -> bool {
    let is_of_kind = match input.filter.as_deref() {
        Some("User") => entity.kind == IdentityKind::User,
        Some("Group") => entity.kind == IdentityKind::Group,
        Some("Role") => entity.kind == IdentityKind::Role,
        Some("LocalManagedPolicy" | "AWSManagedPolicy") => false,
        _ => true,
    };
    let is_of_usage = match input.usage.as_deref() {
        Some("PermissionsPolicy") => entity.usage == PolicyUsage::PermissionsPolicy,
        Some("PermissionsBoundary") => entity.usage == PolicyUsage::PermissionsBoundary,
        _ => true,
    };
    is_of_kind && is_of_usage && entity.path.starts_with(&input.path_prefix)
}

const fn kind_name(kind: IdentityKind) -> &'static str {
    match kind {
        IdentityKind::User => "User",
        IdentityKind::Group => "Group",
        IdentityKind::Role => "Role",
    }
}

fn entity_order(entity: &EntityName) -> String {
    format!("{} {}", entity.kind, entity.name)
}
