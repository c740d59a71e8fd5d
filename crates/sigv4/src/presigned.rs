//! Signatures in the query of a presigned URL.

use time::OffsetDateTime;

use crate::credential::{Algorithm, Credential};
use crate::error::SecurityToken;
use crate::presentation::{Covered, DeclaredPayload};
use crate::signed_headers::SignedHeaders;
use crate::{
    AuthError, Endpoint, Method, Payload, Presentation, Request, query, time_window, timestamp,
};

/// Reads and judges a presigned request.
pub(crate) fn read(
    request: &Request<'_>,
    endpoint: &Endpoint<'_>,
    now: OffsetDateTime,
) -> Result<Presentation, AuthError> {
    let parameters = Parameters::find(request.raw_query)?;
    let algorithm = Algorithm::parse(&parameters.algorithm).ok_or(AuthError::QueryAlgorithm)?;
    let credential = Credential::parse(&parameters.credential, algorithm)
        .map_err(|fault| fault.of(Method::Query))?;
    let signed_at = timestamp::parse_basic(&parameters.date).ok_or(AuthError::QueryDateForm)?;
    let expires_seconds = time_window::parse_expires(&parameters.expires)?;
    time_window::judge_window(signed_at, expires_seconds, now)?;
    credential.judge(endpoint, signed_at, Method::Query)?;
    let signed_headers = SignedHeaders::parse(&parameters.signed_headers);
    let names = signed_headers.missing(request.headers);
    if !names.is_empty() {
        return Err(AuthError::HeadersNotSigned { names });
    }
    if algorithm == Algorithm::Ecdsa {
        let region_set = query::first(request.raw_query, "X-Amz-Region-Set");
        let region_set = region_set.filter(|set| !set.is_empty());
        let region_set = region_set.ok_or(AuthError::QueryRegionSetMissing)?;
        endpoint.judge_region_set(region_set)?;
    }
    Ok(Presentation {
        method: Method::Query,
        access_key_id: credential.access_key_id().to_owned(),
        version: credential.version(),
        signed_at: Some(signed_at),
        covered: Covered::Request {
            timestamp: parameters.date,
            signed_headers,
        },
        signature: parameters.signature,
        payload: payload(request, endpoint),
        security_token: query::first(request.raw_query, "X-Amz-Security-Token")
            .or_else(|| request.header_text("x-amz-security-token"))
            .map(SecurityToken::new),
        expires_seconds: Some(expires_seconds),
    })
}

/// The six parameters, decoded.
struct Parameters {
    algorithm: String,
    credential: String,
    signature: String,
    date: String,
    signed_headers: String,
    expires: String,
}

impl Parameters {
    fn find(raw_query: &str) -> Result<Self, AuthError> {
        let required =
            |name| query::first(raw_query, name).ok_or(AuthError::QueryParametersMissing);
        Ok(Self {
            algorithm: required("X-Amz-Algorithm")?,
            credential: required("X-Amz-Credential")?,
            signature: required("X-Amz-Signature")?,
            date: required("X-Amz-Date")?,
            signed_headers: required("X-Amz-SignedHeaders")?,
            expires: required("X-Amz-Expires")?,
        })
    }
}

/// A URL is made before its body is known, so that the payload is unsigned; a header that says otherwise takes
/// that place in the canonical request, and the signature then fits only if its maker foresaw it.
///
/// AWS: a value that is no token at all is `SignatureDoesNotMatch` here too, not `InvalidArgument`.
/// Source: facts: s3-behaviour.md 3.2.
fn payload(request: &Request<'_>, endpoint: &Endpoint<'_>) -> DeclaredPayload {
    match request.header_text("x-amz-content-sha256") {
        Some(hash) => DeclaredPayload {
            payload: Payload::from_header(&hash).unwrap_or(Payload::Unsigned),
            hash,
            in_header: true,
        },
        None if endpoint.is_s3() => DeclaredPayload::unsigned(),
        None => DeclaredPayload::of_no_body(),
    }
}
