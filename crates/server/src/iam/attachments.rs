//! Managed policies attached to users, groups and roles: three operations for each.
//!
//! Source: AWS IAM API Reference, "AttachUserPolicy" and its twins.

use std::marker::PhantomData;

use buckler_iam::ops::{AttachInput, AttachedInput, Listing, ShownAttachment};
use buckler_iam::query::{NoResult, QueryError};

use super::kinds::Kind;
use super::managed_policies::check_attachable;
use super::on_identity::OnIdentity;
use super::target::Target;
use crate::error::query::{iam_error, store_error};
use crate::query::call::Call;
use crate::query::operation::Need;

/// `AttachUserPolicy` and its twins.
pub(crate) struct Attach<K>(PhantomData<K>);
/// `DetachUserPolicy` and its twins.
pub(crate) struct Detach<K>(PhantomData<K>);
/// `ListAttachedUserPolicies` and its twins.
pub(crate) struct List<K>(PhantomData<K>);

impl<K: Kind> OnIdentity for Attach<K> {
    type Kind = K;
    type Input = AttachInput<K>;
    type Output = NoResult;

    fn name(input: &Self::Input) -> Option<&str> {
        Some(&input.identity)
    }

    fn with_keys(need: Need, input: &Self::Input, target: &Target<K>) -> Need {
        need.with("iam:PolicyARN", Some(&input.arn))
            .with("iam:PermissionsBoundary", target.boundary())
    }

    /// Errors: `NoSuchEntity` for the identity or the policy; `LimitExceeded`.
    async fn run(
        call: &Call<'_>,
        input: Self::Input,
        target: Target<K>,
    ) -> Result<NoResult, QueryError> {
        let identity = target.identity(call)?;
        target.found()?;
        check_attachable(Some(&input.arn))?;
        let attached = call.cx.store.attach_to_identity(identity, input.arn).await;
        attached.map_err(iam_error)?;
        Ok(NoResult)
    }
}

impl<K: Kind> OnIdentity for Detach<K> {
    type Kind = K;
    type Input = AttachInput<K>;
    type Output = NoResult;

    fn name(input: &Self::Input) -> Option<&str> {
        Some(&input.identity)
    }

    fn with_keys(need: Need, input: &Self::Input, target: &Target<K>) -> Need {
        need.with("iam:PolicyARN", Some(&input.arn))
            .with("iam:PermissionsBoundary", target.boundary())
    }

    /// Errors: `NoSuchEntity` for the identity, or for a policy that is not attached.
    async fn run(
        call: &Call<'_>,
        input: Self::Input,
        target: Target<K>,
    ) -> Result<NoResult, QueryError> {
        let identity = target.identity(call)?;
        let detached = call
            .cx
            .store
            .detach_from_identity(identity, input.arn)
            .await;
        detached.map_err(iam_error)?;
        Ok(NoResult)
    }
}

impl<K: Kind> OnIdentity for List<K> {
    type Kind = K;
    type Input = AttachedInput<K>;
    type Output = Listing<ShownAttachment>;

    fn name(input: &Self::Input) -> Option<&str> {
        Some(&input.identity)
    }

    /// Errors: `NoSuchEntity`.
    async fn run(
        call: &Call<'_>,
        input: Self::Input,
        target: Target<K>,
    ) -> Result<Self::Output, QueryError> {
        let row = target.found()?;
        let attached = call.cx.store.attached_policies(K::unique_id(&row)).await;
        let policies: Vec<_> = attached
            .map_err(store_error)?
            .into_iter()
            .map(ShownAttachment::of_arn)
            .filter(|policy| policy.path().starts_with(&input.path_prefix))
            .collect();
        Ok(Listing {
            element: "AttachedPolicies",
            page: input.page.of_all(policies, |policy| policy.name.clone()),
        })
    }
}
