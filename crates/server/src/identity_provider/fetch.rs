//! Fetching a provider's keys: its discovery document, and the key set that this names.
//!
//! The address is chosen by whoever may create providers, so that the answer is bounded in size and
//! time, redirects are not followed, and nothing of an answer is ever shown to a caller.

use std::time::Duration;

use buckler_iam::{ProviderKeys, ProviderTransport, ProviderUrl};
use bytes::Bytes;
use http::{HeaderValue, Request, StatusCode, Uri, header};
use http_body_util::{BodyExt as _, Empty, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde::Deserialize;
use thiserror::Error;

use super::trust::Trust;
use crate::ca_certificates::CaCertificates;

/// Longest time for both documents together.
const FETCH_TIME: Duration = Duration::from_secs(10);
/// Largest document, in bytes.
const DOCUMENT_BYTES_MAX: usize = 256 * 1024;

/// Keys that could not be had.
#[derive(Debug, Error)]
pub(crate) enum FetchError {
    /// TLS cannot be set up.
    #[error("TLS cannot be set up: {0}")]
    Tls(#[from] rustls::Error),
    /// No answer in time.
    #[error("no answer in {} seconds", FETCH_TIME.as_secs())]
    TimedOut,
    /// The connection failed.
    #[error("the connection failed: {}", with_causes(.0))]
    Connection(#[from] hyper_util::client::legacy::Error),
    /// The answer broke off or is too large.
    #[error("the answer cannot be read: {0}")]
    Answer(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Another status than 200.
    #[error("the answer has status {0}")]
    Status(StatusCode),
    /// The discovery document is not one of this provider.
    #[error("the discovery document is not one of this provider")]
    Discovery,
    /// The key set is none.
    #[error("the key set cannot be read")]
    KeySet,
    /// Too many fetches are under way.
    #[error("too many fetches are under way")]
    Busy,
}

/// An error with all that it says came of: what was wrong with a certificate stands at the end.
fn with_causes(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}

/// Fetches over HTTP.
#[derive(Debug)]
pub(super) struct Fetcher {
    transport: ProviderTransport,
    trust: Trust,
}

/// One fetch.
struct Fetch {
    client: Client<HttpsConnector<HttpConnector>, Empty<Bytes>>,
    transport: ProviderTransport,
}

/// What of a discovery document is of use. Source: OpenID Connect Discovery 1.0, 3.
#[derive(Deserialize)]
struct Discovery {
    issuer: String,
    jwks_uri: String,
}

impl Fetcher {
    /// A fetcher that trusts the machine's certificates and the operator's.
    pub(super) fn new(transport: ProviderTransport, ca_certificates: &CaCertificates) -> Self {
        Self {
            transport,
            trust: Trust::new(ca_certificates),
        }
    }

    /// The keys of a provider, as they are now. If nobody who is trusted vouches for its certificate, `thumbprints` do.
    ///
    /// # Errors
    ///
    /// [`FetchError`].
    pub(super) async fn keys(
        &self,
        provider: &ProviderUrl,
        thumbprints: &[String],
    ) -> Result<ProviderKeys, FetchError> {
        let connector =
            HttpsConnectorBuilder::new().with_tls_config(self.trust.config(thumbprints)?);
        let connector = match self.transport {
            ProviderTransport::Https => connector.https_only(),
            ProviderTransport::HttpToo => connector.https_or_http(),
        };
        let client = Client::builder(TokioExecutor::new())
            .pool_max_idle_per_host(0)
            .build(connector.enable_http1().build());
        let fetch = Fetch {
            client,
            transport: self.transport,
        };
        tokio::time::timeout(FETCH_TIME, fetch.keys(provider))
            .await
            .map_err(|_| FetchError::TimedOut)?
    }
}

impl Fetch {
    async fn keys(&self, provider: &ProviderUrl) -> Result<ProviderKeys, FetchError> {
        let document = self.get(&provider.discovery()).await?;
        let found: Discovery =
            serde_json::from_slice(&document).map_err(|_| FetchError::Discovery)?;
        if found.issuer.trim_end_matches('/') != provider.issuer() {
            return Err(FetchError::Discovery);
        }
        let set = self.get(&found.jwks_uri).await?;
        ProviderKeys::parse(&set).ok_or(FetchError::KeySet)
    }

    async fn get(&self, address: &str) -> Result<Bytes, FetchError> {
        let uri: Uri = address.parse().map_err(|_| FetchError::Discovery)?;
        if self.transport == ProviderTransport::Https && uri.scheme_str() != Some("https") {
            return Err(FetchError::Discovery);
        }
        let mut request = Request::new(Empty::new());
        *request.uri_mut() = uri;
        request
            .headers_mut()
            .insert(header::ACCEPT, HeaderValue::from_static("application/json"));
        let answer = self.client.request(request).await?;
        if answer.status() != StatusCode::OK {
            return Err(FetchError::Status(answer.status()));
        }
        let body = Limited::new(answer.into_body(), DOCUMENT_BYTES_MAX);
        let body = body.collect().await.map_err(FetchError::Answer)?;
        Ok(body.to_bytes())
    }
}
