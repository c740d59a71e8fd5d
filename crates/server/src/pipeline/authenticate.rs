//! Who sends the request: from its signature to a [`Caller`].

use buckler_s3::{RequestHead, S3Error};
use buckler_sigv4::{
    AuthError, ChunkSigner, Endpoint, Payload, Presentation, Presented, SecretKey, SecurityToken,
    SigningKey,
};
use time::OffsetDateTime;

use super::caller::Caller;
use super::credentials::Credentials;
use crate::context::Context;
use crate::error::auth_error;

/// The service that scopes must name.
const SERVICE: &str = "s3";
/// A secret that no key has: a request with an unknown key is verified against it, so that it
/// takes the same path in time as one with a bad signature.
const NOBODYS_SECRET: &str = "no access key has this secret key 000000";

/// A request whose sender is known, or known to be anonymous.
#[derive(Debug)]
pub(crate) struct Authenticated {
    pub(crate) caller: Caller,
    pub(crate) payload: Payload,
    /// Verifies the chunks of a signed streaming payload.
    pub(crate) signer: Option<ChunkSigner>,
}

/// Verifies the signature and resolves the key's identity.
///
/// # Errors
///
/// Everything of facts: s3-behaviour.md 3, in its order; authorization.md 7.7 for tokens.
pub(crate) async fn authenticate(
    cx: &Context,
    head: &RequestHead<'_>,
    now: OffsetDateTime,
) -> Result<Authenticated, S3Error> {
    let request = buckler_sigv4::Request {
        method: head.method.as_str(),
        raw_path: head.raw_path,
        raw_query: head.raw_query,
        headers: head.headers,
    };
    let endpoint = Endpoint {
        region: &cx.config.region,
        service: SERVICE,
    };
    match buckler_sigv4::read(&request, &endpoint, now).map_err(|error| auth_error(&error))? {
        Presented::Anonymous { payload } => Ok(Authenticated {
            caller: Caller::anonymous(),
            payload: payload.unwrap_or(Payload::Unsigned),
            signer: None,
        }),
        Presented::Signed(presentation) => verify(cx, &request, presentation, now)
            .await
            .map_err(S3Error::from),
    }
}

/// Why a sender is not proven. Each service has its own words for the first.
#[derive(Debug)]
pub(crate) enum Unproven {
    /// The request does not prove it.
    Refused(Box<AuthError>),
    /// The server could not find out.
    Failed(S3Error),
}

impl From<AuthError> for Unproven {
    fn from(error: AuthError) -> Self {
        Self::Refused(Box::new(error))
    }
}

impl From<S3Error> for Unproven {
    fn from(error: S3Error) -> Self {
        Self::Failed(error)
    }
}

impl From<Unproven> for S3Error {
    fn from(error: Unproven) -> Self {
        match error {
            Unproven::Refused(error) => auth_error(&error),
            Unproven::Failed(error) => error,
        }
    }
}

/// Verifies the signature of any service, and resolves the key's identity.
///
/// # Errors
///
/// [`Unproven`].
pub(crate) async fn verify(
    cx: &Context,
    request: &buckler_sigv4::Request<'_>,
    presentation: Presentation,
    now: OffsetDateTime,
) -> Result<Authenticated, Unproven> {
    let id = presentation.access_key_id().to_owned();
    let token = presentation.security_token().map(str::to_owned);
    let Some(credentials) = Credentials::find(cx, &id, token.as_deref(), now).await? else {
        let nobody = signing_key(NOBODYS_SECRET, &presentation);
        drop(presentation.verify(request, &nobody));
        return Err(AuthError::InvalidAccessKeyId { access_key_id: id }.into());
    };
    let key = signing_key(credentials.secret().expose(), &presentation);
    let (method, signed_at) = (presentation.method(), presentation.signed_at());
    let verified = presentation.verify(request, &key)?;
    if let Some(token) = token.filter(|_| credentials.are_long_term()) {
        // A long-term key has no token (facts: authorization.md 7.7).
        let token = SecurityToken::new(token);
        return Err(AuthError::InvalidToken { token }.into());
    }
    let (identity, session) = credentials.into_identity(cx)?;
    Ok(Authenticated {
        caller: Caller::signed(identity, session, method, signed_at),
        payload: verified.payload(),
        signer: verified.chunk_signer(),
    })
}

fn signing_key(secret: &str, presentation: &Presentation) -> SigningKey {
    SigningKey::derive(&SecretKey::new(secret.to_owned()), presentation.scope())
}
