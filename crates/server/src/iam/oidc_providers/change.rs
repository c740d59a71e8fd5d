//! The operations that change one thing of a provider.

use std::marker::PhantomData;

use buckler_iam::query::{FromInput, Input, NoResult, QueryError};
use buckler_metadata::{OIDC_TAGS_MAX, OidcProviderChange, OidcProviderRefusal};

use super::create::{thumbprints, too_many_client_ids};
use super::tags::{given_tags, request_tag_keys};
use super::target::{ProviderArn, TargetProvider, not_found};
use crate::error::query::{internal, store_error};
use crate::query::authorize::Authorized;
use crate::query::call::Call;
use crate::query::operation::{Needs, QueryOperation};

/// An operation that is one change.
pub(crate) struct Change<C>(PhantomData<C>);

/// What such an operation reads from its parameters.
pub(crate) trait ReadChange: Send + Sync + 'static {
    /// The change.
    ///
    /// # Errors
    ///
    /// What AWS checks beyond its model.
    fn read(input: &Input) -> Result<OidcProviderChange, QueryError>;
}

/// `AddClientIDToOpenIDConnectProvider`.
pub(crate) struct AddClientId;

impl ReadChange for AddClientId {
    fn read(input: &Input) -> Result<OidcProviderChange, QueryError> {
        let id = input.required("ClientID")?.to_owned();
        Ok(OidcProviderChange::AddClientId(id))
    }
}

/// `RemoveClientIDFromOpenIDConnectProvider`.
pub(crate) struct RemoveClientId;

impl ReadChange for RemoveClientId {
    fn read(input: &Input) -> Result<OidcProviderChange, QueryError> {
        let id = input.required("ClientID")?.to_owned();
        Ok(OidcProviderChange::RemoveClientId(id))
    }
}

/// `UpdateOpenIDConnectProviderThumbprint`.
pub(crate) struct UpdateThumbprint;

impl ReadChange for UpdateThumbprint {
    fn read(input: &Input) -> Result<OidcProviderChange, QueryError> {
        thumbprints(input).map(OidcProviderChange::Thumbprints)
    }
}

/// `TagOpenIDConnectProvider`.
pub(crate) struct Tag;

impl ReadChange for Tag {
    fn read(input: &Input) -> Result<OidcProviderChange, QueryError> {
        given_tags(input).map(OidcProviderChange::Tag)
    }
}

/// `UntagOpenIDConnectProvider`.
pub(crate) struct Untag;

impl ReadChange for Untag {
    fn read(input: &Input) -> Result<OidcProviderChange, QueryError> {
        let keys = input.texts("TagKeys").map(str::to_owned).collect();
        Ok(OidcProviderChange::Untag(keys))
    }
}

/// A provider and what is to become of it.
pub(crate) struct ChangeInput<C> {
    arn: ProviderArn,
    change: OidcProviderChange,
    of: PhantomData<C>,
}

impl<C: ReadChange> FromInput for ChangeInput<C> {
    fn from_input(input: &Input) -> Result<Self, QueryError> {
        Ok(Self {
            arn: ProviderArn::from_input(input)?,
            change: C::read(input)?,
            of: PhantomData,
        })
    }
}

impl<C: ReadChange> QueryOperation for Change<C> {
    type Input = ChangeInput<C>;
    type Subject = TargetProvider;
    type Output = NoResult;

    async fn load(call: &Call<'_>, input: &Self::Input) -> Result<TargetProvider, QueryError> {
        TargetProvider::load(call, &input.arn).await
    }

    fn needs(call: &Call<'_>, input: &Self::Input, provider: &TargetProvider) -> Needs {
        let need = provider.need(call);
        match &input.change {
            OidcProviderChange::Tag(tags) => request_tag_keys(need, tags),
            OidcProviderChange::Untag(keys) => need.with_many("aws:TagKeys", keys.clone()),
            OidcProviderChange::AddClientId(_)
            | OidcProviderChange::RemoveClientId(_)
            | OidcProviderChange::Thumbprints(_) => need,
        }
        .into()
    }

    /// Errors: `NoSuchEntity`, `LimitExceeded`.
    async fn run(call: &Call<'_>, authorized: Authorized<Self>) -> Result<NoResult, QueryError> {
        let change = authorized.input.change;
        let arn = authorized.subject.arn.text.clone();
        let provider = authorized.subject.found()?;
        let updated =
            call.cx
                .store
                .update_oidc_provider(provider.account_id, provider.name, change);
        updated
            .await
            .map_err(store_error)?
            .map_err(|refusal| match refusal {
                OidcProviderRefusal::NoSuchProvider => not_found(&arn),
                OidcProviderRefusal::TooManyClientIds => too_many_client_ids(),
                OidcProviderRefusal::TooManyTags => QueryError::limit_exceeded(format!(
                    "Cannot exceed quota for TagsPerOpenIdConnectProvider: {OIDC_TAGS_MAX}"
                )),
                other => internal("a change of a provider was refused", &other),
            })?;
        Ok(NoResult)
    }
}
