//! Who sends a call: from its signature to a [`Caller`].

use buckler_iam::query::{QueryError, Service};
use buckler_s3::{Query, RequestHead, US_EAST_1};
use buckler_sigv4::{Endpoint, Payload, Presented, read};
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
    let endpoint = Endpoint {
        region: region(cx, head),
        service: service.name(),
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

/// The region that the scope must name. AWS has IAM in `us-east-1` alone, and SDKs sign for it there or, with an
/// endpoint of their own, for the region that they are set to.
fn region<'a>(cx: &'a Context, head: &RequestHead<'_>) -> &'a str {
    let names_us_east_1 = |credential: &str| credential.split('/').nth(2) == Some(US_EAST_1);
    let in_header = head
        .headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.split_once("Credential="))
        .is_some_and(|(_, credential)| names_us_east_1(credential));
    let in_query = Query::parse(head.raw_query)
        .is_ok_and(|query| query.get("X-Amz-Credential").is_some_and(names_us_east_1));
    if in_header || in_query {
        US_EAST_1
    } else {
        &cx.config.region
    }
}
