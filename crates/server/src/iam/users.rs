//! Users. Source: AWS IAM API Reference, "CreateUser" and its neighbours.

use buckler_iam::new_user_id;
use buckler_iam::ops::{
    CreateUserInput, ListInput, Listing, OptionalUserInput, ShownUser, Single, UpdateUserInput,
    UserInput, UserKind,
};
use buckler_iam::query::{NoResult, QueryError};
use buckler_metadata::{NameList, Renaming, UserRow};

use super::managed_policies::check_attachable;
use super::on_identity::OnIdentity;
use super::shown;
use super::target::{Target, arn, with_request_tags};
use crate::error::query::{iam_error, internal, store_error};
use crate::query::authorize::Authorized;
use crate::query::call::Call;
use crate::query::operation::{Need, Needs, QueryOperation};

const ELEMENT: &str = "User";

/// `CreateUser`.
pub(crate) struct CreateUser;
/// `GetUser`.
pub(crate) struct GetUser;
/// `ListUsers`.
pub(crate) struct ListUsers;
/// `UpdateUser`.
pub(crate) struct UpdateUser;
/// `DeleteUser`.
pub(crate) struct DeleteUser;

impl QueryOperation for CreateUser {
    type Input = CreateUserInput;
    type Subject = ();
    type Output = Single<ShownUser>;

    async fn load(_: &Call<'_>, _: &CreateUserInput) -> Result<(), QueryError> {
        Ok(())
    }

    fn needs(call: &Call<'_>, input: &CreateUserInput, (): &()) -> Needs {
        let need = Need::on(call, arn(call, "user", &input.path, &input.name));
        with_request_tags(need, &input.tags)
            .with("iam:PermissionsBoundary", input.boundary_arn.as_deref())
            .into()
    }

    /// Errors: `EntityAlreadyExists`, `LimitExceeded`; `NoSuchEntity` for the boundary.
    async fn run(
        call: &Call<'_>,
        authorized: Authorized<Self>,
    ) -> Result<Self::Output, QueryError> {
        let input = authorized.input;
        check_attachable(input.boundary_arn.as_deref())?;
        let user = UserRow {
            unique_id: new_user_id().map_err(|error| internal("a new id", &error))?,
            account_id: call.account()?.id,
            path: input.path,
            name: input.name,
            boundary_arn: input.boundary_arn,
            tags: input.tags,
            created_at: call.now,
        };
        let shown = shown::user(&user);
        call.cx.store.create_user(user).await.map_err(iam_error)?;
        Ok(Single {
            element: ELEMENT,
            value: shown,
        })
    }
}

impl QueryOperation for GetUser {
    type Input = OptionalUserInput;
    /// `None` for the account's root, which asks about itself.
    type Subject = Option<Target<UserKind>>;
    type Output = Single<ShownUser>;

    async fn load(call: &Call<'_>, input: &OptionalUserInput) -> Result<Self::Subject, QueryError> {
        let name = input.name.as_deref().or_else(|| call.caller.user_name());
        match name {
            Some(name) => Target::load(call, name).await.map(Some),
            None if call.caller.is_root() => Ok(None),
            None => Err(QueryError::validation(
                "Must specify userName when calling with non-User credentials",
            )),
        }
    }

    fn needs(call: &Call<'_>, _: &OptionalUserInput, user: &Self::Subject) -> Needs {
        match user {
            Some(user) => user.need(call).into(),
            None => Need::on(call, call.caller.arn().unwrap_or_default()).into(),
        }
    }

    /// Errors: `NoSuchEntity`.
    async fn run(
        call: &Call<'_>,
        authorized: Authorized<Self>,
    ) -> Result<Self::Output, QueryError> {
        let value = match authorized.subject {
            Some(user) => shown::user(&user.found()?),
            None => root(call)?,
        };
        Ok(Single {
            element: ELEMENT,
            value,
        })
    }
}

/// The account's root, which has no user name.
fn root(call: &Call<'_>) -> Result<ShownUser, QueryError> {
    let account = call.account()?;
    Ok(ShownUser {
        path: "/".to_owned(),
        name: account.name.clone(),
        id: account.id.to_string(),
        arn: call.caller.arn().unwrap_or_default().to_owned(),
        created_at: call.now,
        boundary_arn: None,
        tags: Vec::new(),
    })
}

impl QueryOperation for ListUsers {
    type Input = ListInput;
    type Subject = ();
    type Output = Listing<ShownUser>;

    async fn load(_: &Call<'_>, _: &ListInput) -> Result<(), QueryError> {
        Ok(())
    }

    fn needs(call: &Call<'_>, input: &ListInput, (): &()) -> Needs {
        Need::on(call, arn(call, "user", &input.path_prefix, "")).into()
    }

    async fn run(
        call: &Call<'_>,
        authorized: Authorized<Self>,
    ) -> Result<Self::Output, QueryError> {
        let input = authorized.input;
        let list = name_list(call, &input)?;
        let rows = call.cx.store.list_users(&list).await.map_err(store_error)?;
        let page = input.page.of_read(rows, |row| row.name.clone());
        Ok(Listing {
            element: "Users",
            page: page.map(|row| shown::listed_user(&row)),
        })
    }
}

/// What to read for a page of a listing.
pub(super) fn name_list(call: &Call<'_>, input: &ListInput) -> Result<NameList, QueryError> {
    Ok(NameList {
        account: call.account()?.id,
        path_prefix: input.path_prefix.clone(),
        after: input.page.after.clone(),
        limit: input.page.limit(),
    })
}

impl QueryOperation for UpdateUser {
    type Input = UpdateUserInput;
    type Subject = Target<UserKind>;
    type Output = NoResult;

    async fn load(call: &Call<'_>, input: &UpdateUserInput) -> Result<Self::Subject, QueryError> {
        Target::load(call, &input.name).await
    }

    fn needs(call: &Call<'_>, input: &UpdateUserInput, user: &Self::Subject) -> Needs {
        let path = user.row.as_ref().map(|row| &*row.path);
        let path = input.new_path.as_deref().or(path);
        user.needs_of_renaming(call, input.new_name.as_deref(), path)
    }

    /// Errors: `NoSuchEntity`, `EntityAlreadyExists`.
    async fn run(call: &Call<'_>, authorized: Authorized<Self>) -> Result<NoResult, QueryError> {
        let input = authorized.input;
        let to = Renaming {
            name: input.new_name,
            path: input.new_path,
        };
        let account = call.account()?.id;
        let renamed = call.cx.store.rename_user(account, input.name, to).await;
        renamed.map_err(iam_error)?;
        Ok(NoResult)
    }
}

impl OnIdentity for DeleteUser {
    type Kind = UserKind;
    type Input = UserInput;
    type Output = NoResult;

    fn name(input: &UserInput) -> Option<&str> {
        Some(&input.name)
    }

    /// Errors: `NoSuchEntity`, `DeleteConflict`.
    async fn run(
        call: &Call<'_>,
        input: UserInput,
        _: Target<UserKind>,
    ) -> Result<NoResult, QueryError> {
        let account = call.account()?.id;
        let deleted = call.cx.store.delete_user(account, input.name).await;
        deleted.map_err(iam_error)?;
        Ok(NoResult)
    }
}
