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
        Presented::Signed(presentation) => verify(cx, &request, presentation, now).await,
    }
}

async fn verify(
    cx: &Context,
    request: &buckler_sigv4::Request<'_>,
    presentation: Presentation,
    now: OffsetDateTime,
) -> Result<Authenticated, S3Error> {
    let refuse = |error: AuthError| Err(auth_error(&error));
    let id = presentation.access_key_id().to_owned();
    let token = presentation.security_token().map(str::to_owned);
    let Some(credentials) = Credentials::find(cx, &id, token.as_deref(), now).await? else {
        let nobody = signing_key(NOBODYS_SECRET, &presentation);
        drop(presentation.verify(request, &nobody));
        return refuse(AuthError::InvalidAccessKeyId { access_key_id: id });
    };
    let key = signing_key(credentials.secret().expose(), &presentation);
    let (method, signed_at) = (presentation.method(), presentation.signed_at());
    let verified = presentation
        .verify(request, &key)
        .map_err(|error| auth_error(&error))?;
    if let Some(token) = token.filter(|_| credentials.are_long_term()) {
        // A long-term key has no token (facts: authorization.md 7.7).
        return refuse(AuthError::InvalidToken {
            token: SecurityToken::new(token),
        });
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
