//! The steps of one operation, in the order in which AWS takes them
//! (facts: s3-behaviour.md 2.2, "General order of checks").

use std::borrow::Cow;

use buckler_s3::{ErrorCode, Operation as Name, Request, RequestHead, Route, S3Error};
use buckler_sigv4::Payload;
use http::HeaderMap;
use time::OffsetDateTime;

use super::audit::Audit;
use super::authenticate::{Authenticated, authenticate};
use super::authorize::authorize;
use super::caller::{Caller, Proof};
use super::context_keys::{RequestFacts, RequestTags};
use super::header_texts::HeaderTexts;
use super::incoming_body::IncomingBody;
use super::load::{Loading, Subject as _, target_bucket};
use super::payload::UnreadPayload;
use super::presigned_headers::with_parameters;
use super::respond::Reply;
use crate::context::Context;
use crate::http::trusted_proxies::Client;
use crate::operation::{BodyUse, Operation};

/// One request on its way.
pub(crate) struct Exchange<'r> {
    pub(crate) cx: &'r Context,
    pub(crate) head: &'r RequestHead<'r>,
    pub(crate) route: &'r Route,
    pub(crate) body: &'r mut IncomingBody,
    pub(crate) client: Client,
    pub(crate) audit: &'r mut Audit,
}

/// Takes a request through all steps of its operation.
///
/// # Errors
///
/// The answer of the first step that refuses it.
pub(crate) async fn carry_out<O: Operation>(
    exchange: Exchange<'_>,
    operation: Name,
) -> Result<Reply, S3Error> {
    let Exchange {
        cx,
        head,
        route,
        body,
        client,
        audit,
    } = exchange;
    let now = cx.clock.now();
    let authenticated = authenticate(cx, head, now).await?;
    let Authenticated {
        caller,
        payload,
        signer,
    } = authenticated;
    audit.authenticated(&caller);

    let headers = if caller.proof().is_some_and(Proof::is_presigned) {
        with_parameters(head.headers, &route.query)
    } else {
        Cow::Borrowed(head.headers)
    };
    let request = Request {
        head: RequestHead {
            headers: &headers,
            ..*head
        },
        target: &route.target,
        query: &route.query,
    };
    // AWS: a body beside a presigned URL of GetObject is ignored, as recorded.
    let body_use = match caller.proof() {
        Some(proof) if proof.is_presigned() && operation == Name::GetObject => BodyUse::Ignored,
        _ => O::BODY,
    };
    if let Err(refusal) = check_body(body_use, payload, head.headers, body) {
        // A bucket that is not there is answered first.
        if operation != Name::CreateBucket && route.target.bucket().is_some() {
            target_bucket(cx, &request).await?;
        }
        return Err(refusal);
    }
    let payload = UnreadPayload::new(body, payload, signer, head.headers);
    let identified = Identified {
        request,
        operation,
        caller: &caller,
        client,
        now,
    };
    decide::<O>(cx, identified, payload).await
}

/// A request whose operation and sender are known.
pub(crate) struct Identified<'r> {
    pub(crate) request: Request<'r>,
    pub(crate) operation: Name,
    pub(crate) caller: &'r Caller,
    pub(crate) client: Client,
    pub(crate) now: OffsetDateTime,
}

/// Loads what the request is about, decides, and does the work.
///
/// # Errors
///
/// The answer of the first step that refuses it.
pub(crate) async fn decide<O: Operation>(
    cx: &Context,
    identified: Identified<'_>,
    mut payload: UnreadPayload<'_>,
) -> Result<Reply, S3Error> {
    let Identified {
        request,
        operation,
        caller,
        client,
        now,
    } = identified;
    let loading = Loading {
        cx,
        request: &request,
        operation,
        caller,
        payload: &mut payload,
    };
    let (input, subject) = O::Subject::load(loading).await?;

    let tags = O::request_tags(&input, &subject).cloned();
    let encryption = O::inherited_encryption(&input, &subject).map(str::to_owned);
    let location_constraint = O::location_constraint(&input, &subject).map(str::to_owned);
    let facts = RequestFacts {
        request,
        operation,
        caller,
        headers: HeaderTexts::new(request.head.headers),
        client,
        now,
        region: &cx.config.region,
        request_tags: tags.as_ref().map(RequestTags::new),
        inherited_encryption: encryption.as_deref(),
        location_constraint: location_constraint.as_deref(),
    };
    let authorized = authorize::<O>(&facts, input, subject, payload)?;
    O::run(cx, authorized).await.map(Into::into)
}

/// What of a body is refused from the head alone.
fn check_body(
    body_use: BodyUse,
    payload: Payload,
    headers: &HeaderMap,
    body: &IncomingBody,
) -> Result<(), S3Error> {
    if payload.is_streaming() && body_use != BodyUse::Chunks {
        // Facts: s3-behaviour.md 3.3: after the signature.
        return Err(S3Error::streaming_not_accepted());
    }
    let has_body = headers.contains_key(http::header::TRANSFER_ENCODING)
        || content_length(headers).is_some_and(|bytes| bytes > 0);
    if body_use == BodyUse::None && has_body && !body.is_at_end() {
        return Err(S3Error::new(ErrorCode::UnexpectedContent));
    }
    Ok(())
}

fn content_length(headers: &HeaderMap) -> Option<u64> {
    headers
        .get(http::header::CONTENT_LENGTH)?
        .to_str()
        .ok()?
        .parse()
        .ok()
}
