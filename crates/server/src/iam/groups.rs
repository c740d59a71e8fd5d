//! Groups. Source: AWS IAM API Reference, "CreateGroup" and its neighbours.

use buckler_iam::new_group_id;
use buckler_iam::ops::{
    CreateGroupInput, GroupInput, GroupKind, GroupPageInput, GroupWithUsers, ListInput, Listing,
    ShownGroup, Single, UpdateGroupInput,
};
use buckler_iam::query::{NoResult, QueryError};
use buckler_metadata::{GroupRow, Renaming};

use super::on_identity::OnIdentity;
use super::shown;
use super::target::{Target, arn};
use super::users::name_list;
use crate::error::query::{iam_error, internal, store_error};
use crate::query::authorize::Authorized;
use crate::query::call::Call;
use crate::query::operation::{Need, Needs, QueryOperation};

/// `CreateGroup`.
pub(crate) struct CreateGroup;
/// `GetGroup`.
pub(crate) struct GetGroup;
/// `ListGroups`.
pub(crate) struct ListGroups;
/// `UpdateGroup`.
pub(crate) struct UpdateGroup;
/// `DeleteGroup`.
pub(crate) struct DeleteGroup;

impl QueryOperation for CreateGroup {
    type Input = CreateGroupInput;
    type Subject = ();
    type Output = Single<ShownGroup>;

    async fn load(_: &Call<'_>, _: &CreateGroupInput) -> Result<(), QueryError> {
        Ok(())
    }

    fn needs(call: &Call<'_>, input: &CreateGroupInput, (): &()) -> Needs {
        Need::on(call, arn(call, "group", &input.path, &input.name)).into()
    }

    /// Errors: `EntityAlreadyExists`, `LimitExceeded`.
    async fn run(
        call: &Call<'_>,
        authorized: Authorized<Self>,
    ) -> Result<Self::Output, QueryError> {
        let input = authorized.input;
        let group = GroupRow {
            unique_id: new_group_id().map_err(|error| internal("a new id", &error))?,
            account_id: call.account()?.id,
            path: input.path,
            name: input.name,
            created_at: call.now,
        };
        let shown = shown::group(&group);
        call.cx.store.create_group(group).await.map_err(iam_error)?;
        Ok(Single {
            element: "Group",
            value: shown,
        })
    }
}

impl OnIdentity for GetGroup {
    type Kind = GroupKind;
    type Input = GroupPageInput;
    type Output = GroupWithUsers;

    fn name(input: &GroupPageInput) -> Option<&str> {
        Some(&input.name)
    }

    /// Errors: `NoSuchEntity`.
    async fn run(
        call: &Call<'_>,
        input: GroupPageInput,
        target: Target<GroupKind>,
    ) -> Result<GroupWithUsers, QueryError> {
        let group = target.found()?;
        let users = call.cx.store.users_of_group(&group.unique_id).await;
        let users = users.map_err(store_error)?;
        let page = input.page.of_all(users, |row| row.name.clone());
        Ok(GroupWithUsers {
            group: shown::group(&group),
            users: page.map(|row| shown::listed_user(&row)),
        })
    }
}

impl QueryOperation for ListGroups {
    type Input = ListInput;
    type Subject = ();
    type Output = Listing<ShownGroup>;

    async fn load(_: &Call<'_>, _: &ListInput) -> Result<(), QueryError> {
        Ok(())
    }

    fn needs(call: &Call<'_>, input: &ListInput, (): &()) -> Needs {
        Need::on(call, arn(call, "group", &input.path_prefix, "")).into()
    }

    async fn run(
        call: &Call<'_>,
        authorized: Authorized<Self>,
    ) -> Result<Self::Output, QueryError> {
        let input = authorized.input;
        let list = name_list(call, &input)?;
        let rows = call.cx.store.list_groups(&list).await;
        let page = input
            .page
            .of_read(rows.map_err(store_error)?, |row| row.name.clone());
        Ok(Listing {
            element: "Groups",
            page: page.map(|row| shown::group(&row)),
        })
    }
}

impl QueryOperation for UpdateGroup {
    type Input = UpdateGroupInput;
    type Subject = Target<GroupKind>;
    type Output = NoResult;

    async fn load(call: &Call<'_>, input: &UpdateGroupInput) -> Result<Self::Subject, QueryError> {
        Target::load(call, &input.name).await
    }

    fn needs(call: &Call<'_>, input: &UpdateGroupInput, group: &Self::Subject) -> Needs {
        let path = group.row.as_ref().map(|row| &*row.path);
        let path = input.new_path.as_deref().or(path);
        group.needs_of_renaming(call, input.new_name.as_deref(), path)
    }

    /// Errors: `NoSuchEntity`, `EntityAlreadyExists`.
    async fn run(call: &Call<'_>, authorized: Authorized<Self>) -> Result<NoResult, QueryError> {
        let input = authorized.input;
        let to = Renaming {
            name: input.new_name,
            path: input.new_path,
        };
        let account = call.account()?.id;
        let renamed = call.cx.store.rename_group(account, input.name, to).await;
        renamed.map_err(iam_error)?;
        Ok(NoResult)
    }
}

impl OnIdentity for DeleteGroup {
    type Kind = GroupKind;
    type Input = GroupInput;
    type Output = NoResult;

    fn name(input: &GroupInput) -> Option<&str> {
        Some(&input.name)
    }

    /// Errors: `NoSuchEntity`, `DeleteConflict`.
    async fn run(
        call: &Call<'_>,
        input: GroupInput,
        _: Target<GroupKind>,
    ) -> Result<NoResult, QueryError> {
        let account = call.account()?.id;
        let deleted = call.cx.store.delete_group(account, input.name).await;
        deleted.map_err(iam_error)?;
        Ok(NoResult)
    }
}
