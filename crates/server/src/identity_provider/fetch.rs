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

/// Longest time for both documents together.
const FETCH_TIME: Duration = Duration::from_secs(10);
/// Largest document, in bytes.
const DOCUMENT_BYTES_MAX: usize = 256 * 1024;

/// Keys that could not be had.
#[derive(Debug, Error)]
pub(crate) enum FetchError {
    /// The machine's certificates cannot be read.
    #[error("the trusted certificates of this machine cannot be read: {0}")]
    Certificates(#[source] std::io::Error),
    /// No answer in time.
    #[error("no answer in {} seconds", FETCH_TIME.as_secs())]
    TimedOut,
    /// The connection failed.
    #[error("the connection failed: {0}")]
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

/// Fetches over HTTP.
#[derive(Debug, Clone)]
pub(super) struct Fetcher {
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
    /// A fetcher that trusts the machine's certificates.
    ///
    /// # Errors
    ///
    /// [`FetchError::Certificates`].
    pub(super) fn new(transport: ProviderTransport) -> Result<Self, FetchError> {
        let connector = HttpsConnectorBuilder::new()
            .with_native_roots()
            .map_err(FetchError::Certificates)?;
        let connector = match transport {
            ProviderTransport::Https => connector.https_only(),
            ProviderTransport::HttpToo => connector.https_or_http(),
        };
        let client = Client::builder(TokioExecutor::new())
            .pool_max_idle_per_host(0)
            .build(connector.enable_http1().build());
        Ok(Self { client, transport })
    }

    /// The keys of a provider, as they are now.
    ///
    /// # Errors
    ///
    /// [`FetchError`].
    pub(super) async fn keys(&self, provider: &ProviderUrl) -> Result<ProviderKeys, FetchError> {
        tokio::time::timeout(FETCH_TIME, self.fetch(provider))
            .await
            .map_err(|_| FetchError::TimedOut)?
    }

    async fn fetch(&self, provider: &ProviderUrl) -> Result<ProviderKeys, FetchError> {
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
