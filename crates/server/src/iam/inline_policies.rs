//! Inline policies of users, groups and roles: four operations for each.
//!
//! Source: AWS IAM API Reference, "PutUserPolicy" and its twins.

use std::marker::PhantomData;

use buckler_iam::ops::{
    DocumentOutput, IdentityPageInput, InlinePolicyInput, Listing, PutInlinePolicyInput,
    check_identity_policy,
};
use buckler_iam::query::{NoResult, QueryError};
use buckler_metadata::{EntityKind, IdentityKind};

use super::kinds::Kind;
use super::on_identity::OnIdentity;
use super::target::Target;
use crate::error::query::{iam_error, no_such_entity, store_error};
use crate::query::call::Call;
use crate::query::operation::Need;

/// `PutUserPolicy` and its twins.
pub(crate) struct Put<K>(PhantomData<K>);
/// `GetUserPolicy` and its twins.
pub(crate) struct Get<K>(PhantomData<K>);
/// `DeleteUserPolicy` and its twins.
pub(crate) struct Delete<K>(PhantomData<K>);
/// `ListUserPolicies` and its twins.
pub(crate) struct List<K>(PhantomData<K>);

impl<K: Kind> OnIdentity for Put<K> {
    type Kind = K;
    type Input = PutInlinePolicyInput<K>;
    type Output = NoResult;

    fn name(input: &Self::Input) -> Option<&str> {
        Some(&input.identity)
    }

    fn with_keys(need: Need, _: &Self::Input, target: &Target<K>) -> Need {
        need.with("iam:PermissionsBoundary", target.boundary())
    }

    /// Errors: `NoSuchEntity`, `MalformedPolicyDocument`, `LimitExceeded`.
    async fn run(
        call: &Call<'_>,
        input: Self::Input,
        target: Target<K>,
    ) -> Result<NoResult, QueryError> {
        let identity = target.identity(call)?;
        target.found()?;
        check_identity_policy(&input.document)?;
        let store = &call.cx.store;
        let put = store.put_identity_policy(identity, input.name, input.document);
        put.await.map_err(iam_error)?;
        Ok(NoResult)
    }
}

impl<K: Kind> OnIdentity for Get<K> {
    type Kind = K;
    type Input = InlinePolicyInput<K>;
    type Output = DocumentOutput<K>;

    fn name(input: &Self::Input) -> Option<&str> {
        Some(&input.identity)
    }

    /// Errors: `NoSuchEntity` for the identity or the policy.
    async fn run(
        call: &Call<'_>,
        input: Self::Input,
        target: Target<K>,
    ) -> Result<Self::Output, QueryError> {
        let row = target.found()?;
        let policies = call.cx.store.inline_policies(K::unique_id(&row)).await;
        let found = policies
            .map_err(store_error)?
            .into_iter()
            .find(|(name, _)| *name == input.name);
        let (name, document) = found.ok_or_else(|| no_such_entity(entity::<K>(), &input.name))?;
        Ok(DocumentOutput::new(
            K::name(&row).to_owned(),
            name,
            document,
        ))
    }
}

/// What an inline policy of this kind of identity is called.
fn entity<K: Kind>() -> EntityKind {
    match K::KIND {
        IdentityKind::User => EntityKind::UserPolicy,
        IdentityKind::Group => EntityKind::GroupPolicy,
        IdentityKind::Role => EntityKind::RolePolicy,
    }
}

impl<K: Kind> OnIdentity for Delete<K> {
    type Kind = K;
    type Input = InlinePolicyInput<K>;
    type Output = NoResult;

    fn name(input: &Self::Input) -> Option<&str> {
        Some(&input.identity)
    }

    fn with_keys(need: Need, _: &Self::Input, target: &Target<K>) -> Need {
        need.with("iam:PermissionsBoundary", target.boundary())
    }

    /// Errors: `NoSuchEntity` for the identity or the policy.
    async fn run(
        call: &Call<'_>,
        input: Self::Input,
        target: Target<K>,
    ) -> Result<NoResult, QueryError> {
        let identity = target.identity(call)?;
        let deleted = call
            .cx
            .store
            .delete_identity_policy(identity, input.name)
            .await;
        deleted.map_err(iam_error)?;
        Ok(NoResult)
    }
}

impl<K: Kind> OnIdentity for List<K> {
    type Kind = K;
    type Input = IdentityPageInput<K>;
    type Output = Listing<String>;

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
        let policies = call.cx.store.inline_policies(K::unique_id(&row)).await;
        let names = policies.map_err(store_error)?;
        let names = names.into_iter().map(|(name, _)| name).collect();
        Ok(Listing {
            element: "PolicyNames",
            page: input.page.of_all(names, Clone::clone),
        })
    }
}
