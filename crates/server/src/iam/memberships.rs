//! Who is in which group.

use buckler_iam::ops::{
    GroupKind, IdentityPageInput, Listing, MembershipInput, ShownGroup, UserKind,
};
use buckler_iam::query::{NoResult, QueryError};
use buckler_metadata::Membership;

use super::on_identity::OnIdentity;
use super::shown;
use super::target::Target;
use crate::error::query::{iam_error, store_error};
use crate::query::call::Call;

/// `AddUserToGroup`.
pub(crate) struct AddUserToGroup;
/// `RemoveUserFromGroup`.
pub(crate) struct RemoveUserFromGroup;
/// `ListGroupsForUser`.
pub(crate) struct ListGroupsForUser;

impl OnIdentity for AddUserToGroup {
    type Kind = GroupKind;
    type Input = MembershipInput;
    type Output = NoResult;

    fn name(input: &MembershipInput) -> Option<&str> {
        Some(&input.name)
    }

    /// Errors: `NoSuchEntity`, `LimitExceeded`.
    async fn run(
        call: &Call<'_>,
        input: MembershipInput,
        _: Target<GroupKind>,
    ) -> Result<NoResult, QueryError> {
        let membership = membership(call, input)?;
        let added = call.cx.store.add_user_to_group(membership).await;
        added.map_err(iam_error)?;
        Ok(NoResult)
    }
}

impl OnIdentity for RemoveUserFromGroup {
    type Kind = GroupKind;
    type Input = MembershipInput;
    type Output = NoResult;

    fn name(input: &MembershipInput) -> Option<&str> {
        Some(&input.name)
    }

    /// Errors: `NoSuchEntity`.
    async fn run(
        call: &Call<'_>,
        input: MembershipInput,
        _: Target<GroupKind>,
    ) -> Result<NoResult, QueryError> {
        let membership = membership(call, input)?;
        let removed = call.cx.store.remove_user_from_group(membership).await;
        removed.map_err(iam_error)?;
        Ok(NoResult)
    }
}

fn membership(call: &Call<'_>, input: MembershipInput) -> Result<Membership, QueryError> {
    Ok(Membership {
        account: call.account()?.id,
        user: input.user_name,
        group: input.name,
    })
}

impl OnIdentity for ListGroupsForUser {
    type Kind = UserKind;
    type Input = IdentityPageInput<UserKind>;
    type Output = Listing<ShownGroup>;

    fn name(input: &Self::Input) -> Option<&str> {
        Some(&input.identity)
    }

    /// Errors: `NoSuchEntity`.
    async fn run(
        call: &Call<'_>,
        input: Self::Input,
        target: Target<UserKind>,
    ) -> Result<Self::Output, QueryError> {
        let user = target.found()?;
        let groups = call.cx.store.groups_of_user(&user.unique_id).await;
        let page = input
            .page
            .of_all(groups.map_err(store_error)?, |row| row.name.clone());
        Ok(Listing {
            element: "Groups",
            page: page.map(|row| shown::group(&row)),
        })
    }
}
