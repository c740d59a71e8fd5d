//! Signatures in the `Authorization` header.

use time::OffsetDateTime;

use crate::credential::{Algorithm, Credential};
use crate::error::SecurityToken;
use crate::presentation::{Covered, DeclaredPayload};
use crate::signed_headers::SignedHeaders;
use crate::{
    AuthError, Endpoint, Method, Payload, Presentation, Request, time_window, timestamp, v2,
};

/// Reads and judges a header-signed request.
pub(crate) fn read(
    authorization: &str,
    request: &Request<'_>,
    endpoint: &Endpoint<'_>,
    now: OffsetDateTime,
) -> Result<Presentation, AuthError> {
    let (scheme, rest) = scheme_and_rest(authorization)?;
    let algorithm = match scheme {
        Scheme::Version2 => return v2::read_header(authorization, rest, request, endpoint, now),
        Scheme::Version4(algorithm) => algorithm,
    };
    let components = Components::parse(rest)?;
    let credential = Credential::parse(components.credential, algorithm)
        .map_err(|fault| fault.of(Method::Header))?;
    let signed_at = signed_at(request).ok_or(AuthError::DateMissing)?;
    time_window::judge_skew(signed_at, &timestamp::basic(signed_at), now)?;
    credential.judge(endpoint, signed_at, Method::Header)?;
    let payload = payload(request, endpoint, algorithm)?;
    let signed_headers = SignedHeaders::parse(components.signed_headers);
    let names = signed_headers.missing(request.headers);
    if !names.is_empty() {
        return Err(AuthError::HeadersNotSigned { names });
    }
    if algorithm == Algorithm::Ecdsa {
        let region_set = request.header_text("x-amz-region-set");
        endpoint.judge_region_set(region_set.ok_or(AuthError::RegionSetMissing)?)?;
    }
    Ok(Presentation {
        method: Method::Header,
        access_key_id: credential.access_key_id().to_owned(),
        version: credential.version(),
        signed_at: Some(signed_at),
        covered: Covered::Request {
            timestamp: timestamp::basic(signed_at),
            signed_headers,
        },
        signature: components.signature.to_owned(),
        payload,
        security_token: request
            .header_text("x-amz-security-token")
            .map(SecurityToken::new),
        expires_seconds: None,
    })
}

/// Which version the first word names.
enum Scheme {
    Version2,
    Version4(Algorithm),
}

fn scheme_and_rest(authorization: &str) -> Result<(Scheme, &str), AuthError> {
    let Some((scheme, rest)) = authorization.split_once(' ') else {
        return Err(AuthError::AuthorizationNotTwoWords {
            authorization: authorization.to_owned(),
        });
    };
    if scheme == "AWS" {
        return Ok((Scheme::Version2, rest));
    }
    match Algorithm::parse(scheme) {
        Some(algorithm) => Ok((Scheme::Version4(algorithm), rest)),
        None => Err(AuthError::UnsupportedAuthorizationType {
            authorization: authorization.to_owned(),
        }),
    }
}

/// The three components of the header.
struct Components<'a> {
    credential: &'a str,
    signed_headers: &'a str,
    signature: &'a str,
}

impl<'a> Components<'a> {
    /// Reads the components in any order.
    ///
    /// AWS: another number of them, or one of them twice, has one text; one of three that is named otherwise has
    /// another, which says what is missing. Source: facts: s3-behaviour.md 3.1.
    fn parse(text: &'a str) -> Result<Self, AuthError> {
        let parts: Vec<_> = text.splitn(4, ',').map(str::trim).collect();
        let [first, second, third] = *parts.as_slice() else {
            return Err(AuthError::ThreeComponentsRequired);
        };
        let pairs = [pair(first)?, pair(second)?, pair(third)?];
        let [(first, _), (second, _), (third, _)] = pairs;
        if first == second || second == third || first == third {
            return Err(AuthError::ThreeComponentsRequired);
        }
        let value = |name: &'static str| {
            pairs
                .into_iter()
                .find(|(other, _)| *other == name)
                .map(|(_, value)| value)
                .ok_or(AuthError::ComponentMissing { name })
        };
        Ok(Self {
            credential: value("Credential")?,
            signed_headers: value("SignedHeaders")?,
            signature: value("Signature")?,
        })
    }
}

fn pair(component: &str) -> Result<(&str, &str), AuthError> {
    component
        .split_once('=')
        .ok_or_else(|| AuthError::ComponentMalformed {
            component: component.to_owned(),
        })
}

/// `x-amz-date` if it is there, else `Date`, which may also have HTTP's own form.
fn signed_at(request: &Request<'_>) -> Option<OffsetDateTime> {
    if let Some(date) = request.header_text("x-amz-date") {
        return timestamp::parse_basic(&date);
    }
    let date = request.header_text("date")?;
    timestamp::parse_any(&date)
}

/// What the body is declared to be. Chunks are signed as the request is.
fn payload(
    request: &Request<'_>,
    endpoint: &Endpoint<'_>,
    algorithm: Algorithm,
) -> Result<DeclaredPayload, AuthError> {
    let Some(value) = request.header_text("x-amz-content-sha256") else {
        return if endpoint.is_s3() {
            Err(AuthError::PayloadHashMissing)
        } else {
            Ok(DeclaredPayload::of_no_body())
        };
    };
    match Payload::from_header(&value) {
        Some(payload) if algorithm.may_sign(payload) => Ok(DeclaredPayload {
            payload,
            hash: value,
            in_header: true,
        }),
        _ => Err(AuthError::PayloadHashInvalid { value }),
    }
}
