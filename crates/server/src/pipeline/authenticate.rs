//! Who sends the request: from its signature to a [`Caller`].

use std::sync::Arc;

use buckler_s3::{RequestHead, S3Error};
use buckler_sigv4::{
    AuthError, ChunkSigner, Endpoint, Method, Payload, Presentation, Presented, SecretKey,
    SecurityToken, SigningKey, VerifiedRequest,
};
use time::OffsetDateTime;

use super::caller::Caller;
use super::credentials::Credentials;
use super::sender::Sender;
use crate::context::Context;
use crate::error::auth_error;

/// The service that scopes must name.
pub(crate) const SERVICE: &str = "s3";
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
    let known = cx
        .kept_sender(&id)
        .filter(|sender| sender.goes_with(token.as_deref(), now));
    if let Some(sender) = known {
        let key = sender.signing_key(presentation.scope());
        return match prove(presentation, request, &key) {
            Ok(proven) => {
                proven.note_use(cx, now);
                Ok(proven.by(&sender))
            }
            Err(error) => {
                // The same path in time as for a key that is not known, or the difference would tell.
                drop(cx.store.credential(&id).await);
                Err(error.into())
            }
        };
    }
    let Some(credentials) = Credentials::find(cx, &id, token.as_deref(), now).await? else {
        let nobody = SecretKey::new(NOBODYS_SECRET.to_owned());
        let nobody = SigningKey::derive(&nobody, presentation.scope());
        drop(presentation.verify(request, &nobody));
        return Err(AuthError::InvalidAccessKeyId { access_key_id: id }.into());
    };
    let secret = SecretKey::new(credentials.secret().expose().to_owned());
    let key = SigningKey::derive(&secret, presentation.scope());
    let proven = prove(presentation, request, &key)?;
    if let Some(token) = token.as_ref().filter(|_| credentials.are_long_term()) {
        // A long-term key has no token (facts: authorization.md 7.7).
        let token = SecurityToken::new(token.clone());
        return Err(AuthError::InvalidToken { token }.into());
    }
    let (identity, session) = credentials.into_identity(cx)?;
    let sender = Arc::new(Sender::new(identity, session, token, secret));
    cx.keep_sender(id, &sender);
    proven.note_use(cx, now);
    Ok(proven.by(&sender))
}

/// A request with the right signature.
struct Proven {
    method: Method,
    signed_at: OffsetDateTime,
    verified: VerifiedRequest,
}

fn prove(
    presentation: Presentation,
    request: &buckler_sigv4::Request<'_>,
    key: &SigningKey,
) -> Result<Proven, AuthError> {
    let (method, signed_at) = (presentation.method(), presentation.signed_at());
    let verified = presentation.verify(request, key)?;
    Ok(Proven {
        method,
        signed_at,
        verified,
    })
}

impl Proven {
    /// Notes that a long-term key was used.
    fn note_use(&self, cx: &Context, now: OffsetDateTime) {
        let presentation = self.verified.presentation();
        if presentation.security_token().is_none() {
            let (id, scope) = (presentation.access_key_id(), presentation.scope());
            cx.last_used.note(id, scope.service(), scope.region(), now);
        }
    }

    fn by(self, sender: &Sender) -> Authenticated {
        Authenticated {
            caller: Caller::signed(sender, self.method, self.signed_at),
            payload: self.verified.payload(),
            signer: self.verified.chunk_signer(),
        }
    }
}
