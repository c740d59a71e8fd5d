//! `ListOpenIDConnectProviders`: all of them at once, as on AWS.

use buckler_iam::query::{QueryError, WriteResult};
use buckler_metadata::OidcProviderRow;
use buckler_s3::xml::Writer;

use crate::error::query::store_error;
use crate::query::authorize::Authorized;
use crate::query::call::Call;
use crate::query::operation::{Need, Needs, QueryOperation};

/// `ListOpenIDConnectProviders`.
pub(crate) struct ListOpenIdConnectProviders;

impl QueryOperation for ListOpenIdConnectProviders {
    type Input = ();
    type Subject = ();
    type Output = ListOutput;

    async fn load(_: &Call<'_>, (): &()) -> Result<(), QueryError> {
        Ok(())
    }

    fn needs(call: &Call<'_>, (): &(), (): &()) -> Needs {
        let account = call.caller.account_text().unwrap_or_default();
        Need::on(call, format!("arn:aws:iam::{account}:oidc-provider/*")).into()
    }

    async fn run(call: &Call<'_>, _: Authorized<Self>) -> Result<ListOutput, QueryError> {
        let providers = call.cx.store.oidc_providers(&call.account()?.id).await;
        let providers = providers.map_err(store_error)?;
        Ok(ListOutput {
            arns: providers.iter().map(OidcProviderRow::arn).collect(),
        })
    }
}

/// What is answered.
pub(crate) struct ListOutput {
    arns: Vec<String>,
}

impl WriteResult for ListOutput {
    fn write(&self, writer: &mut Writer) {
        writer.open("OpenIDConnectProviderList");
        for arn in &self.arns {
            writer.open("member");
            writer.text("Arn", arn);
            writer.close("member");
        }
        writer.close("OpenIDConnectProviderList");
    }
}
