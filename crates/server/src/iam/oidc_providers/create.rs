//! `CreateOpenIDConnectProvider`.

use buckler_iam::ProviderUrl;
use buckler_iam::query::{FromInput, Input, QueryError, QueryErrorCode, WriteResult};
use buckler_metadata::{
    OIDC_CLIENT_IDS_MAX, OIDC_PROVIDERS_MAX, OidcProviderRefusal, OidcProviderRow,
};
use buckler_s3::TagSet;
use buckler_s3::xml::Writer;

use super::tags::{given_tags, request_tag_keys, write_tags};
use crate::error::query::{internal, store_error};
use crate::query::authorize::Authorized;
use crate::query::call::Call;
use crate::query::operation::{Need, Needs, QueryOperation};

/// Most thumbprints. Source: IAM API Reference, "CreateOpenIDConnectProvider".
const THUMBPRINTS_MAX: usize = 5;
const THUMBPRINT_DIGITS: usize = 40;

/// `CreateOpenIDConnectProvider`.
pub(crate) struct CreateOpenIdConnectProvider;

/// What is asked.
pub(crate) struct CreateInput {
    url: String,
    client_ids: Vec<String>,
    thumbprints: Vec<String>,
    tags: TagSet,
}

impl FromInput for CreateInput {
    fn from_input(input: &Input) -> Result<Self, QueryError> {
        let mut client_ids: Vec<String> = Vec::new();
        for id in input.texts("ClientIDList") {
            if !client_ids.iter().any(|other| other == id) {
                client_ids.push(id.to_owned());
            }
        }
        if client_ids.len() > OIDC_CLIENT_IDS_MAX {
            return Err(too_many_client_ids());
        }
        Ok(Self {
            url: input.required("Url")?.to_owned(),
            client_ids,
            thumbprints: thumbprints(input)?,
            tags: given_tags(input)?,
        })
    }
}

/// `ThumbprintList`: SHA-1 of certificates.
pub(super) fn thumbprints(input: &Input) -> Result<Vec<String>, QueryError> {
    let list: Vec<String> = input.texts("ThumbprintList").map(str::to_owned).collect();
    let is_thumbprint = |text: &String| {
        text.len() == THUMBPRINT_DIGITS && text.bytes().all(|byte| byte.is_ascii_hexdigit())
    };
    if list.len() > THUMBPRINTS_MAX {
        return Err(QueryError::invalid_input(
            "Thumbprint list must contain fewer than 5 entries.",
        ));
    }
    if !list.iter().all(is_thumbprint) {
        return Err(QueryError::invalid_input(
            "Thumbprint must be exactly 40 hexadecimal characters.",
        ));
    }
    Ok(list)
}

/// The answer to more client ids than a provider may have.
pub(super) fn too_many_client_ids() -> QueryError {
    QueryError::limit_exceeded(format!(
        "Cannot exceed quota for ClientIdsPerOpenIdConnectProvider: {OIDC_CLIENT_IDS_MAX}"
    ))
}

/// The new provider, before it is there.
pub(crate) struct NewProvider {
    url: Option<ProviderUrl>,
    arn: String,
}

impl QueryOperation for CreateOpenIdConnectProvider {
    type Input = CreateInput;
    type Subject = NewProvider;
    type Output = CreateOutput;

    async fn load(call: &Call<'_>, input: &CreateInput) -> Result<NewProvider, QueryError> {
        let transport = call.cx.provider_keys.transport();
        let url = ProviderUrl::parse(&input.url, transport).ok();
        let name = url.as_ref().map_or("*", ProviderUrl::name);
        let account = call.account()?.id;
        Ok(NewProvider {
            arn: format!("arn:aws:iam::{account}:oidc-provider/{name}"),
            url,
        })
    }

    fn needs(call: &Call<'_>, input: &CreateInput, new: &NewProvider) -> Needs {
        request_tag_keys(Need::on(call, new.arn.as_str()), &input.tags).into()
    }

    /// Errors: `InvalidInput`, `EntityAlreadyExists`, `LimitExceeded`.
    async fn run(
        call: &Call<'_>,
        authorized: Authorized<Self>,
    ) -> Result<CreateOutput, QueryError> {
        let (input, new) = (authorized.input, authorized.subject);
        let url = new
            .url
            .ok_or_else(|| QueryError::invalid_input("Invalid Open ID Connect Provider URL"))?;
        let row = OidcProviderRow {
            account_id: call.account()?.id,
            name: url.name().to_owned(),
            issuer: url.issuer(),
            client_ids: input.client_ids,
            thumbprints: input.thumbprints,
            tags: input.tags.clone(),
            created_at: call.now,
        };
        let created = call.cx.store.create_oidc_provider(row).await;
        created
            .map_err(store_error)?
            .map_err(|refusal| match refusal {
                OidcProviderRefusal::AlreadyExists => QueryError::new(
                    QueryErrorCode::EntityAlreadyExists,
                    format!("Provider with url {} already exists.", url.issuer()),
                ),
                OidcProviderRefusal::TooManyProviders => QueryError::limit_exceeded(format!(
                    "Cannot exceed quota for OpenIdConnectProvidersPerAccount: {OIDC_PROVIDERS_MAX}"
                )),
                other => internal("a new provider was refused", &other),
            })?;
        Ok(CreateOutput {
            arn: new.arn,
            tags: input.tags,
        })
    }
}

/// What is answered.
pub(crate) struct CreateOutput {
    arn: String,
    tags: TagSet,
}

impl WriteResult for CreateOutput {
    fn write(&self, writer: &mut Writer) {
        writer.text("OpenIDConnectProviderArn", &self.arn);
        write_tags(writer, &self.tags);
    }
}
