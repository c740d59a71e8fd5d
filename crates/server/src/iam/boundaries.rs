//! Permissions boundaries of users and roles.
//!
//! Source: AWS IAM API Reference, "PutUserPermissionsBoundary" and its twins.

use std::marker::PhantomData;

use buckler_iam::ops::{BoundaryInput, IdentityInput};
use buckler_iam::query::{NoResult, QueryError};

use super::kinds::Kind;
use super::managed_policies::check_attachable;
use super::on_identity::OnIdentity;
use super::target::Target;
use crate::error::query::iam_error;
use crate::query::call::Call;
use crate::query::operation::Need;

/// `PutUserPermissionsBoundary` and its twin.
pub(crate) struct Put<K>(PhantomData<K>);
/// `DeleteUserPermissionsBoundary` and its twin.
pub(crate) struct Delete<K>(PhantomData<K>);

impl<K: Kind> OnIdentity for Put<K> {
    type Kind = K;
    type Input = BoundaryInput<K>;
    type Output = NoResult;

    fn name(input: &Self::Input) -> Option<&str> {
        Some(&input.identity)
    }

    /// The boundary that is to be, not the one that is.
    fn with_keys(need: Need, input: &Self::Input, _: &Target<K>) -> Need {
        need.with("iam:PermissionsBoundary", Some(&input.arn))
    }

    /// Errors: `NoSuchEntity` for the identity or the policy.
    async fn run(
        call: &Call<'_>,
        input: Self::Input,
        target: Target<K>,
    ) -> Result<NoResult, QueryError> {
        let identity = target.identity(call)?;
        target.found()?;
        check_attachable(Some(&input.arn))?;
        let set = call.cx.store.set_boundary(identity, Some(input.arn)).await;
        set.map_err(iam_error)?;
        Ok(NoResult)
    }
}

impl<K: Kind> OnIdentity for Delete<K> {
    type Kind = K;
    type Input = IdentityInput<K>;
    type Output = NoResult;

    fn name(input: &Self::Input) -> Option<&str> {
        Some(&input.identity)
    }

    fn with_keys(need: Need, _: &Self::Input, target: &Target<K>) -> Need {
        need.with("iam:PermissionsBoundary", target.boundary())
    }

    /// Errors: `NoSuchEntity` for the identity; none for a boundary that is not there.
    async fn run(
        call: &Call<'_>,
        _: Self::Input,
        target: Target<K>,
    ) -> Result<NoResult, QueryError> {
        let identity = target.identity(call)?;
        let set = call.cx.store.set_boundary(identity, None).await;
        set.map_err(iam_error)?;
        Ok(NoResult)
    }
}
