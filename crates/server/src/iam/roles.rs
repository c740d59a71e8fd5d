//! Roles. Source: AWS IAM API Reference, "CreateRole" and its neighbours.

use buckler_iam::new_role_id;
use buckler_iam::ops::{
    CreateRoleInput, ListInput, Listing, RoleInput, RoleKind, ShownRole, Single,
    UpdateDescriptionInput, UpdateRoleInput, UpdateTrustInput,
};
use buckler_iam::query::{NoResult, QueryError};
use buckler_metadata::{RoleChange, RoleRow, TrustPolicy};
use buckler_policy::{TRUST_POLICY_CHARACTERS_MAX, policy_characters};

use super::managed_policies::check_attachable;
use super::on_identity::OnIdentity;
use super::shown;
use super::target::{Target, arn, with_request_tags};
use super::users::name_list;
use crate::error::query::{bind_error, iam_error, internal, store_error};
use crate::principals::bind_trust_policy;
use crate::query::authorize::Authorized;
use crate::query::call::Call;
use crate::query::operation::{Need, Needs, QueryOperation};

const ELEMENT: &str = "Role";
/// How long a session may last if nothing is said, in seconds. Source: facts: authorization.md 7.5.
const MAX_SESSION_SECONDS_DEFAULT: i64 = 3_600;

/// `CreateRole`.
pub(crate) struct CreateRole;
/// `GetRole`.
pub(crate) struct GetRole;
/// `ListRoles`.
pub(crate) struct ListRoles;
/// `UpdateRole`.
pub(crate) struct UpdateRole;
/// `UpdateRoleDescription`.
pub(crate) struct UpdateRoleDescription;
/// `UpdateAssumeRolePolicy`.
pub(crate) struct UpdateAssumeRolePolicy;
/// `DeleteRole`.
pub(crate) struct DeleteRole;

impl QueryOperation for CreateRole {
    type Input = CreateRoleInput;
    type Subject = ();
    type Output = Single<ShownRole>;

    async fn load(_: &Call<'_>, _: &CreateRoleInput) -> Result<(), QueryError> {
        Ok(())
    }

    fn needs(call: &Call<'_>, input: &CreateRoleInput, (): &()) -> Needs {
        let need = Need::on(call, arn(call, "role", &input.path, &input.name));
        with_request_tags(need, &input.tags)
            .with("iam:PermissionsBoundary", input.boundary_arn.as_deref())
            .into()
    }

    /// Errors: `MalformedPolicyDocument`, `EntityAlreadyExists`, `LimitExceeded`; `NoSuchEntity` for the boundary.
    async fn run(
        call: &Call<'_>,
        authorized: Authorized<Self>,
    ) -> Result<Self::Output, QueryError> {
        let input = authorized.input;
        check_attachable(input.boundary_arn.as_deref())?;
        let role = RoleRow {
            unique_id: new_role_id().map_err(|error| internal("a new id", &error))?,
            account_id: call.account()?.id,
            path: input.path,
            trust: trust_policy(call, &input.name, &input.trust_document).await?,
            name: input.name,
            description: input.description,
            max_session_seconds: input
                .max_session_seconds
                .unwrap_or(MAX_SESSION_SECONDS_DEFAULT),
            boundary_arn: input.boundary_arn,
            tags: input.tags,
            created_at: call.now,
        };
        let value = shown::role(call, &role).await?;
        call.cx.store.create_role(role).await.map_err(iam_error)?;
        Ok(Single {
            element: ELEMENT,
            value,
        })
    }
}

/// Reads and binds a trust policy.
async fn trust_policy(
    call: &Call<'_>,
    role: &str,
    document: &str,
) -> Result<TrustPolicy, QueryError> {
    let trust = bind_trust_policy(&call.cx.store, document).await;
    let trust = trust.map_err(bind_error)?;
    if policy_characters(document) > TRUST_POLICY_CHARACTERS_MAX {
        return Err(QueryError::limit_exceeded(format!(
            "Cannot exceed quota for ACLSizePerRole: {TRUST_POLICY_CHARACTERS_MAX}"
        )));
    }
    tracing::debug!(role, "trust policy bound");
    Ok(trust)
}

impl OnIdentity for GetRole {
    type Kind = RoleKind;
    type Input = RoleInput;
    type Output = Single<ShownRole>;

    fn name(input: &RoleInput) -> Option<&str> {
        Some(&input.name)
    }

    /// Errors: `NoSuchEntity`.
    async fn run(
        call: &Call<'_>,
        _: RoleInput,
        target: Target<RoleKind>,
    ) -> Result<Self::Output, QueryError> {
        Ok(Single {
            element: ELEMENT,
            value: shown::role(call, &target.found()?).await?,
        })
    }
}

impl QueryOperation for ListRoles {
    type Input = ListInput;
    type Subject = ();
    type Output = Listing<ShownRole>;

    async fn load(_: &Call<'_>, _: &ListInput) -> Result<(), QueryError> {
        Ok(())
    }

    fn needs(call: &Call<'_>, input: &ListInput, (): &()) -> Needs {
        Need::on(call, arn(call, "role", &input.path_prefix, "")).into()
    }

    async fn run(
        call: &Call<'_>,
        authorized: Authorized<Self>,
    ) -> Result<Self::Output, QueryError> {
        let input = authorized.input;
        let list = name_list(call, &input)?;
        let rows = call.cx.store.list_roles(&list).await.map_err(store_error)?;
        let page = input.page.of_read(rows, |row| row.name.clone());
        let mut items = Vec::new();
        for row in &page.items {
            let shown = shown::role(call, row).await?;
            // AWS: listings leave tags and boundary out.
            items.push(ShownRole {
                tags: Vec::new(),
                boundary_arn: None,
                ..shown
            });
        }
        Ok(Listing {
            element: "Roles",
            page: buckler_iam::ops::Page {
                items,
                marker: page.marker,
            },
        })
    }
}

impl OnIdentity for UpdateRole {
    type Kind = RoleKind;
    type Input = UpdateRoleInput;
    type Output = NoResult;

    fn name(input: &UpdateRoleInput) -> Option<&str> {
        Some(&input.name)
    }

    /// Errors: `NoSuchEntity`.
    async fn run(
        call: &Call<'_>,
        input: UpdateRoleInput,
        _: Target<RoleKind>,
    ) -> Result<NoResult, QueryError> {
        let change = RoleChange::Settings {
            description: input.description,
            max_session_seconds: input.max_session_seconds,
        };
        update(call, input.name, change).await?;
        Ok(NoResult)
    }
}

impl OnIdentity for UpdateRoleDescription {
    type Kind = RoleKind;
    type Input = UpdateDescriptionInput;
    type Output = Single<ShownRole>;

    fn name(input: &UpdateDescriptionInput) -> Option<&str> {
        Some(&input.name)
    }

    /// Errors: `NoSuchEntity`.
    async fn run(
        call: &Call<'_>,
        input: UpdateDescriptionInput,
        target: Target<RoleKind>,
    ) -> Result<Self::Output, QueryError> {
        let mut role = target.found()?;
        let change = RoleChange::Settings {
            description: Some(input.description.clone()),
            max_session_seconds: None,
        };
        update(call, input.name, change).await?;
        role.description = Some(input.description);
        Ok(Single {
            element: ELEMENT,
            value: shown::role(call, &role).await?,
        })
    }
}

impl OnIdentity for UpdateAssumeRolePolicy {
    type Kind = RoleKind;
    type Input = UpdateTrustInput;
    type Output = NoResult;

    fn name(input: &UpdateTrustInput) -> Option<&str> {
        Some(&input.name)
    }

    /// Errors: `NoSuchEntity`, `MalformedPolicyDocument`, `LimitExceeded`.
    async fn run(
        call: &Call<'_>,
        input: UpdateTrustInput,
        target: Target<RoleKind>,
    ) -> Result<NoResult, QueryError> {
        target.found()?;
        let trust = trust_policy(call, &input.name, &input.document).await?;
        update(call, input.name, RoleChange::Trust(trust)).await?;
        Ok(NoResult)
    }
}

async fn update(call: &Call<'_>, name: String, change: RoleChange) -> Result<(), QueryError> {
    let account = call.account()?.id;
    let updated = call.cx.store.update_role(account, name, change).await;
    updated.map_err(iam_error)
}

impl OnIdentity for DeleteRole {
    type Kind = RoleKind;
    type Input = RoleInput;
    type Output = NoResult;

    fn name(input: &RoleInput) -> Option<&str> {
        Some(&input.name)
    }

    /// Errors: `NoSuchEntity`, `DeleteConflict`.
    async fn run(
        call: &Call<'_>,
        input: RoleInput,
        _: Target<RoleKind>,
    ) -> Result<NoResult, QueryError> {
        let account = call.account()?.id;
        let deleted = call.cx.store.delete_role(account, input.name).await;
        deleted.map_err(iam_error)?;
        Ok(NoResult)
    }
}
