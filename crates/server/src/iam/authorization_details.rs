//! `GetAccountAuthorizationDetails`: users, groups, roles and managed policies, with all that they hold.
//!
//! One page goes over all kinds, in this order; what an item holds is read for the items of the page alone.

use buckler_iam::AwsManagedPolicy;
use buckler_iam::ops::{
    DetailedGroup, DetailedPolicy, DetailedRole, DetailedUser, DetailsFilter, DetailsInput,
    DetailsOutput, NamedDocument, ShownAttachment,
};
use buckler_iam::query::QueryError;
use buckler_metadata::{GroupRow, ManagedPolicyRow, NameList, RoleRow, UserRow};

use super::shown;
use crate::error::query::store_error;
use crate::query::authorize::Authorized;
use crate::query::call::Call;
use crate::query::operation::{Need, Needs, QueryOperation};

/// `GetAccountAuthorizationDetails`.
pub(crate) struct GetAccountAuthorizationDetails;

/// One item before its details are read.
enum Item {
    User(UserRow),
    Group(GroupRow),
    Role(RoleRow),
    Customer(ManagedPolicyRow),
    Aws(AwsManagedPolicy),
}

impl Item {
    /// Its place in the order of all items.
    fn place(&self) -> String {
        match self {
            Self::User(row) => format!("0{}", row.name),
            Self::Group(row) => format!("1{}", row.name),
            Self::Role(row) => format!("2{}", row.name),
            Self::Customer(row) => format!("3{}", row.name),
            Self::Aws(policy) => format!("4{}", policy.name),
        }
    }
}

impl QueryOperation for GetAccountAuthorizationDetails {
    type Input = DetailsInput;
    type Subject = ();
    type Output = DetailsOutput;

    async fn load(_: &Call<'_>, _: &DetailsInput) -> Result<(), QueryError> {
        Ok(())
    }

    fn needs(call: &Call<'_>, _: &DetailsInput, (): &()) -> Needs {
        Need::on(call, "*").into()
    }

    async fn run(
        call: &Call<'_>,
        authorized: Authorized<Self>,
    ) -> Result<DetailsOutput, QueryError> {
        let input = authorized.input;
        let items = items(call, DetailsFilter(&input.filter)).await?;
        let page = input.page.of_all(items, Item::place);
        let mut output = DetailsOutput {
            marker: page.marker,
            ..DetailsOutput::default()
        };
        for item in page.items {
            match item {
                Item::User(row) => output.users.push(user(call, &row).await?),
                Item::Group(row) => output.groups.push(group(call, &row).await?),
                Item::Role(row) => output.roles.push(role(call, &row).await?),
                Item::Customer(row) => output.policies.push(policy(call, &row).await?),
                Item::Aws(policy) => output.policies.push(DetailedPolicy {
                    policy: shown::aws_policy(policy, 1, 0),
                    versions: vec![shown::aws_version(policy)],
                }),
            }
        }
        Ok(output)
    }
}

async fn items(call: &Call<'_>, filter: DetailsFilter<'_>) -> Result<Vec<Item>, QueryError> {
    let store = &call.cx.store;
    let account = call.account()?.id;
    let all = NameList {
        account,
        path_prefix: String::new(),
        after: String::new(),
        limit: u32::MAX,
    };
    let mut items = Vec::new();
    if filter.wants("User") {
        let rows = store.list_users(&all).await.map_err(store_error)?;
        items.extend(rows.into_iter().map(Item::User));
    }
    if filter.wants("Group") {
        let rows = store.list_groups(&all).await.map_err(store_error)?;
        items.extend(rows.into_iter().map(Item::Group));
    }
    if filter.wants("Role") {
        let rows = store.list_roles(&all).await.map_err(store_error)?;
        items.extend(rows.into_iter().map(Item::Role));
    }
    if filter.wants("LocalManagedPolicy") {
        let rows = store.list_managed_policies(&all).await;
        items.extend(rows.map_err(store_error)?.into_iter().map(Item::Customer));
    }
    if filter.wants("AWSManagedPolicy") {
        for policy in AwsManagedPolicy::all() {
            // AWS: of its own policies those that the account uses.
            let entities = store.policy_entities(&account, &policy.arn()).await;
            if !entities.map_err(store_error)?.is_empty() {
                items.push(Item::Aws(policy));
            }
        }
    }
    Ok(items)
}

async fn user(call: &Call<'_>, row: &UserRow) -> Result<DetailedUser, QueryError> {
    let groups = call.cx.store.groups_of_user(&row.unique_id).await;
    let (inline, attached) = held(call, &row.unique_id).await?;
    Ok(DetailedUser {
        user: shown::user(row),
        inline,
        groups: groups
            .map_err(store_error)?
            .into_iter()
            .map(|group| group.name)
            .collect(),
        attached,
    })
}

async fn group(call: &Call<'_>, row: &GroupRow) -> Result<DetailedGroup, QueryError> {
    let (inline, attached) = held(call, &row.unique_id).await?;
    Ok(DetailedGroup {
        group: shown::group(row),
        inline,
        attached,
    })
}

async fn role(call: &Call<'_>, row: &RoleRow) -> Result<DetailedRole, QueryError> {
    let (inline, attached) = held(call, &row.unique_id).await?;
    Ok(DetailedRole {
        role: shown::role(call, row).await?,
        inline,
        attached,
    })
}

async fn policy(call: &Call<'_>, row: &ManagedPolicyRow) -> Result<DetailedPolicy, QueryError> {
    let versions = call.cx.store.policy_versions(&row.arn()).await;
    let versions = versions.map_err(store_error)?;
    Ok(DetailedPolicy {
        policy: shown::policy(row),
        versions: versions.iter().map(shown::version).collect(),
    })
}

async fn held(
    call: &Call<'_>,
    unique_id: &str,
) -> Result<(Vec<NamedDocument>, Vec<ShownAttachment>), QueryError> {
    let store = &call.cx.store;
    let inline = store.inline_policies(unique_id).await;
    let inline = inline
        .map_err(store_error)?
        .into_iter()
        .map(|(name, document)| NamedDocument { name, document })
        .collect();
    let attached = store.attached_policies(unique_id).await;
    let attached = attached.map_err(store_error)?;
    Ok((
        inline,
        attached.into_iter().map(ShownAttachment::of_arn).collect(),
    ))
}
