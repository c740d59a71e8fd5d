//! Who sends a call: from its signature to a [`Caller`].

use buckler_iam::query::{QueryError, Service};
use buckler_s3::{Query, RequestHead};
use buckler_sigv4::{Endpoint, Payload, Presented, SignatureV2, read};
use http::header;
use time::OffsetDateTime;

use super::form::Form;
use crate::context::Context;
use crate::error::query::{auth_error, missing_authentication, signature_mismatch, unproven};
use crate::pipeline::authenticate::verify;
use crate::pipeline::caller::Caller;

/// Verifies the signature over head and form, and resolves the key's identity.
///
/// # Errors
///
/// `MissingAuthenticationToken`, `IncompleteSignature`, `SignatureDoesNotMatch`, `InvalidClientTokenId`.
pub(crate) async fn authenticate(
    cx: &Context,
    service: Service,
    head: &RequestHead<'_>,
    form: &Form,
    now: OffsetDateTime,
) -> Result<Caller, QueryError> {
    let request = buckler_sigv4::Request {
        method: head.method.as_str(),
        raw_path: head.raw_path,
        raw_query: head.raw_query,
        headers: head.headers,
    };
    let region = region(head);
    let endpoint = Endpoint {
        region: region.as_deref().unwrap_or(&cx.config.region),
        service: service.name(),
        signature_v2: SignatureV2::Refused,
    };
    let presented = read(&request, &endpoint, now).map_err(|error| auth_error(&error, now))?;
    let Presented::Signed(presentation) = presented else {
        return Err(missing_authentication());
    };
    let presentation = presentation.with_body_hash(form.sha256);
    let authenticated = verify(cx, &request, presentation, now)
        .await
        .map_err(|error| unproven(error, now))?;
    // A hash that the request declares must be the body's. There are no unsigned bodies here.
    if authenticated.payload != Payload::Signed(form.sha256) {
        return Err(signature_mismatch());
    }
    Ok(authenticated.caller)
}

/// The region that the scope names; `None` if it has none, as with Version 4A. AWS has IAM in `us-east-1` alone; here it is one for all regions, and SDKs that are
/// given an endpoint sign for the region that they are set to.
fn region(head: &RequestHead<'_>) -> Option<String> {
    let of = |credential: &str| match *credential.split('/').collect::<Vec<_>>().as_slice() {
        [_, _, region, _, _] => Some(region.to_owned()),
        _ => None,
    };
    if let Some(value) = head.headers.get(header::AUTHORIZATION) {
        let (_, credential) = value.to_str().ok()?.split_once("Credential=")?;
        return of(credential.split(',').next()?);
    }
    let query = Query::parse(head.raw_query).ok()?;
    query.get("X-Amz-Credential").and_then(of)
}
