//! `GetOpenIDConnectProvider`.

use buckler_iam::query::{QueryError, WriteResult};
use buckler_metadata::OidcProviderRow;
use buckler_s3::xml::Writer;
use time::format_description::well_known::Rfc3339;

use super::tags::write_tags;
use super::target::{ProviderArn, TargetProvider};
use crate::query::authorize::Authorized;
use crate::query::call::Call;
use crate::query::operation::{Needs, QueryOperation};

/// `GetOpenIDConnectProvider`.
pub(crate) struct GetOpenIdConnectProvider;

impl QueryOperation for GetOpenIdConnectProvider {
    type Input = ProviderArn;
    type Subject = TargetProvider;
    type Output = GetOutput;

    async fn load(call: &Call<'_>, arn: &ProviderArn) -> Result<TargetProvider, QueryError> {
        TargetProvider::load(call, arn).await
    }

    fn needs(call: &Call<'_>, _: &ProviderArn, provider: &TargetProvider) -> Needs {
        provider.need(call).into()
    }

    async fn run(_: &Call<'_>, authorized: Authorized<Self>) -> Result<GetOutput, QueryError> {
        authorized.subject.found().map(GetOutput)
    }
}

/// What is answered.
pub(crate) struct GetOutput(OidcProviderRow);

impl WriteResult for GetOutput {
    fn write(&self, writer: &mut Writer) {
        let provider = &self.0;
        // AWS: without its scheme.
        writer.text("Url", &provider.name);
        write_list(writer, "ClientIDList", &provider.client_ids);
        write_list(writer, "ThumbprintList", &provider.thumbprints);
        let whole = provider.created_at.replace_nanosecond(0);
        let date = whole.unwrap_or(provider.created_at).format(&Rfc3339);
        writer.text("CreateDate", &date.unwrap_or_default());
        write_tags(writer, &provider.tags);
    }
}

fn write_list(writer: &mut Writer, name: &str, texts: &[String]) {
    writer.open(name);
    for text in texts {
        writer.text("member", text);
    }
    writer.close(name);
}
