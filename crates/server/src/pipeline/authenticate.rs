//! Who sends the request: from its signature to a [`Caller`].

use std::sync::Arc;

use buckler_s3::{RequestHead, S3Error, bucket_of_host};
use buckler_sigv4::{
    AuthError, ChunkSigner, Endpoint, Payload, Presentation, Presented, SecretKey, SecurityToken,
    SignatureV2, VerifiedRequest, VerifyingKey, Version,
};
use time::OffsetDateTime;

use super::caller::{Caller, Proof};
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
    let host_bucket = signed_host_bucket(cx, head);
    let endpoint = endpoint(cx, host_bucket.as_deref());
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

/// The endpoint of S3, as signatures must name it. `host_bucket` is that of [`signed_host_bucket`].
pub(crate) fn endpoint<'r>(cx: &'r Context, host_bucket: Option<&'r str>) -> Endpoint<'r> {
    Endpoint {
        region: &cx.config.region,
        service: SERVICE,
        signature_v2: if cx.config.accepts_signature_v2 {
            SignatureV2::Accepted { host_bucket }
        } else {
            SignatureV2::Refused
        },
    }
}

/// The bucket of the host where it is part of what is signed: with Signature Version 2, if that is taken.
fn signed_host_bucket(cx: &Context, head: &RequestHead<'_>) -> Option<String> {
    if !cx.config.accepts_signature_v2 {
        return None;
    }
    bucket_of_host(head.headers, &cx.config.domains)
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
        let version = presentation.version().clone();
        let key = sender.verifying_key(&version);
        return match prove(presentation, request, &key) {
            Ok(proven) => {
                proven.note_use(cx, now);
                Ok(proven.by(&sender))
            }
            Err(error) => {
                // The same path in time as for a key that is not known, or the difference would tell.
                drop(cx.store.credential(&id).await);
                drop(nobodys_key(&version));
                Err(error.into())
            }
        };
    }
    let Some(credentials) = Credentials::find(cx, &id, token.as_deref(), now).await? else {
        let nobody = nobodys_key(presentation.version());
        drop(presentation.verify(request, &nobody));
        return Err(AuthError::InvalidAccessKeyId { access_key_id: id }.into());
    };
    let secret = SecretKey::new(credentials.secret().expose().to_owned());
    let key = VerifyingKey::derive(&secret, presentation.version());
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

fn nobodys_key(version: &Version) -> VerifyingKey {
    VerifyingKey::derive(&SecretKey::new(NOBODYS_SECRET.to_owned()), version)
}

/// A request with the right signature.
struct Proven {
    proof: Proof,
    verified: VerifiedRequest,
}

fn prove(
    presentation: Presentation,
    request: &buckler_sigv4::Request<'_>,
    key: &VerifyingKey,
) -> Result<Proven, AuthError> {
    let verified = presentation.verify(request, key)?;
    Ok(Proven {
        proof: Proof::of(verified.presentation()),
        verified,
    })
}

impl Proven {
    /// Notes that a long-term key was used.
    fn note_use(&self, cx: &Context, now: OffsetDateTime) {
        let presentation = self.verified.presentation();
        if presentation.security_token().is_none() {
            let (service, region) = match presentation.version() {
                Version::V2 => (SERVICE, cx.config.region.as_str()),
                Version::V4(scope) => (scope.service(), scope.region()),
                Version::V4A(scope) => (scope.service(), cx.config.region.as_str()),
            };
            let id = presentation.access_key_id();
            cx.last_used.note(id, service, region, now);
        }
    }

    fn by(self, sender: &Sender) -> Authenticated {
        Authenticated {
            caller: Caller::signed(sender, self.proof),
            payload: self.verified.payload(),
            signer: self.verified.chunk_signer(),
        }
    }
}
