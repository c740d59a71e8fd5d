//! `DeleteOpenIDConnectProvider`: the same answer whether or not it was there.

use buckler_iam::query::{NoResult, QueryError};

use super::target::{ProviderArn, TargetProvider};
use crate::error::query::store_error;
use crate::query::authorize::Authorized;
use crate::query::call::Call;
use crate::query::operation::{Needs, QueryOperation};

/// `DeleteOpenIDConnectProvider`.
pub(crate) struct DeleteOpenIdConnectProvider;

impl QueryOperation for DeleteOpenIdConnectProvider {
    type Input = ProviderArn;
    type Subject = TargetProvider;
    type Output = NoResult;

    async fn load(call: &Call<'_>, arn: &ProviderArn) -> Result<TargetProvider, QueryError> {
        TargetProvider::load(call, arn).await
    }

    fn needs(call: &Call<'_>, _: &ProviderArn, provider: &TargetProvider) -> Needs {
        provider.need(call).into()
    }

    async fn run(call: &Call<'_>, authorized: Authorized<Self>) -> Result<NoResult, QueryError> {
        if let Ok(provider) = authorized.subject.found() {
            let deleted = call
                .cx
                .store
                .delete_oidc_provider(provider.account_id, provider.name);
            deleted.await.map_err(store_error)?;
        }
        Ok(NoResult)
    }
}
