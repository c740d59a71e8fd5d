//! Tags of users, roles and managed policies: three operations for each.
//!
//! Source: AWS IAM API Reference, "TagUser" and its twins.

use std::marker::PhantomData;

use buckler_iam::ops::{Listing, PolicyInput, ShownTag, TagInput, TagsInput, UntagInput};
use buckler_iam::query::{NoResult, QueryError};
use buckler_metadata::{TagChange, Tagged};

use super::kinds::Kind;
use super::on_identity::OnIdentity;
use super::policy_target::{OnPolicy, PolicyTarget};
use super::target::{Target, with_request_tags};
use crate::error::query::iam_error;
use crate::query::call::Call;
use crate::query::operation::Need;

/// `TagUser` and its twin.
pub(crate) struct Tag<K>(PhantomData<K>);
/// `UntagUser` and its twin.
pub(crate) struct Untag<K>(PhantomData<K>);
/// `ListUserTags` and its twin.
pub(crate) struct List<K>(PhantomData<K>);
/// `TagPolicy`.
pub(crate) struct TagPolicy;
/// `UntagPolicy`.
pub(crate) struct UntagPolicy;
/// `ListPolicyTags`.
pub(crate) struct ListPolicyTags;

impl<K: Kind> OnIdentity for Tag<K> {
    type Kind = K;
    type Input = TagInput<K>;
    type Output = NoResult;

    fn name(input: &Self::Input) -> Option<&str> {
        Some(&input.subject)
    }

    fn with_keys(need: Need, input: &Self::Input, _: &Target<K>) -> Need {
        with_request_tags(need, &input.tags)
    }

    /// Errors: `NoSuchEntity`, `InvalidInput`, `LimitExceeded`.
    async fn run(
        call: &Call<'_>,
        input: Self::Input,
        target: Target<K>,
    ) -> Result<NoResult, QueryError> {
        let tagged = Tagged::Identity(target.identity(call)?);
        change(call, tagged, TagChange::Put(input.tags)).await
    }
}

impl<K: Kind> OnIdentity for Untag<K> {
    type Kind = K;
    type Input = UntagInput<K>;
    type Output = NoResult;

    fn name(input: &Self::Input) -> Option<&str> {
        Some(&input.subject)
    }

    fn with_keys(need: Need, input: &Self::Input, _: &Target<K>) -> Need {
        need.with_many("aws:TagKeys", input.keys.clone())
    }

    /// Errors: `NoSuchEntity`.
    async fn run(
        call: &Call<'_>,
        input: Self::Input,
        target: Target<K>,
    ) -> Result<NoResult, QueryError> {
        let tagged = Tagged::Identity(target.identity(call)?);
        change(call, tagged, TagChange::Remove(input.keys)).await
    }
}

impl<K: Kind> OnIdentity for List<K> {
    type Kind = K;
    type Input = TagsInput<K>;
    type Output = Listing<ShownTag>;

    fn name(input: &Self::Input) -> Option<&str> {
        Some(&input.subject)
    }

    /// Errors: `NoSuchEntity`.
    async fn run(
        _: &Call<'_>,
        input: Self::Input,
        target: Target<K>,
    ) -> Result<Self::Output, QueryError> {
        let row = target.found()?;
        let tags = K::tags(&row).map(ShownTag::all).unwrap_or_default();
        Ok(listing(&input.page, tags))
    }
}

impl OnPolicy for TagPolicy {
    type Input = TagInput<PolicyInput>;
    type Output = NoResult;

    fn arn(input: &Self::Input) -> &str {
        &input.subject
    }

    fn with_keys(need: Need, input: &Self::Input) -> Need {
        with_request_tags(need, &input.tags)
    }

    /// Errors: `NoSuchEntity`, `InvalidInput`, `LimitExceeded`.
    async fn run(
        call: &Call<'_>,
        input: Self::Input,
        _: PolicyTarget,
    ) -> Result<NoResult, QueryError> {
        let tagged = policy(call, input.subject)?;
        change(call, tagged, TagChange::Put(input.tags)).await
    }
}

impl OnPolicy for UntagPolicy {
    type Input = UntagInput<PolicyInput>;
    type Output = NoResult;

    fn arn(input: &Self::Input) -> &str {
        &input.subject
    }

    fn with_keys(need: Need, input: &Self::Input) -> Need {
        need.with_many("aws:TagKeys", input.keys.clone())
    }

    /// Errors: `NoSuchEntity`.
    async fn run(
        call: &Call<'_>,
        input: Self::Input,
        _: PolicyTarget,
    ) -> Result<NoResult, QueryError> {
        let tagged = policy(call, input.subject)?;
        change(call, tagged, TagChange::Remove(input.keys)).await
    }
}

impl OnPolicy for ListPolicyTags {
    type Input = TagsInput<PolicyInput>;
    type Output = Listing<ShownTag>;

    fn arn(input: &Self::Input) -> &str {
        &input.subject
    }

    /// Errors: `NoSuchEntity`.
    async fn run(
        _: &Call<'_>,
        input: Self::Input,
        target: PolicyTarget,
    ) -> Result<Self::Output, QueryError> {
        let tags = match target.found()? {
            super::policy_target::FoundPolicy::Customer(row) => ShownTag::all(&row.tags),
            super::policy_target::FoundPolicy::Aws(_) => Vec::new(),
        };
        Ok(listing(&input.page, tags))
    }
}

fn policy(call: &Call<'_>, arn: String) -> Result<Tagged, QueryError> {
    let account = call.account()?.id;
    Ok(Tagged::Policy { account, arn })
}

async fn change(call: &Call<'_>, tagged: Tagged, to: TagChange) -> Result<NoResult, QueryError> {
    let changed = call.cx.store.change_tags(tagged, to).await;
    changed.map_err(iam_error)?;
    Ok(NoResult)
}

fn listing(page: &buckler_iam::ops::PageRequest, tags: Vec<ShownTag>) -> Listing<ShownTag> {
    Listing {
        element: "Tags",
        page: page.of_all(tags, |tag| tag.key.clone()),
    }
}
