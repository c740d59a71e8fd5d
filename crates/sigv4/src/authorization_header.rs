//! Signatures in the `Authorization` header.

use time::OffsetDateTime;

use crate::credential::Credential;
use crate::error::SecurityToken;
use crate::presentation::{Covered, DeclaredPayload};
use crate::signed_headers::SignedHeaders;
use crate::{
    AuthError, Endpoint, Method, Payload, Presentation, Request, Version, time_window, timestamp,
    v2,
};

/// Reads and judges a header-signed request.
pub(crate) fn read(
    authorization: &str,
    request: &Request<'_>,
    endpoint: &Endpoint<'_>,
    now: OffsetDateTime,
) -> Result<Presentation, AuthError> {
    let (scheme, rest) = scheme_and_rest(authorization)?;
    if scheme == Scheme::Version2 {
        return v2::read_header(authorization, rest, request, endpoint, now);
    }
    let components = Components::parse(rest)?;
    let credential =
        Credential::parse(components.credential).map_err(|fault| fault.of(Method::Header))?;
    let signed_at = signed_at(request).ok_or(AuthError::DateMissing)?;
    time_window::judge_skew(signed_at, &timestamp::basic(signed_at), now)?;
    credential.judge(endpoint, signed_at, Method::Header)?;
    let payload = payload(request, endpoint)?;
    let signed_headers = SignedHeaders::parse(components.signed_headers);
    let names = signed_headers.missing(request.headers);
    if !names.is_empty() {
        return Err(AuthError::HeadersNotSigned { names });
    }
    Ok(Presentation {
        method: Method::Header,
        access_key_id: credential.access_key_id().to_owned(),
        version: Version::V4(credential.scope()),
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
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scheme {
    Version2,
    Version4,
}

fn scheme_and_rest(authorization: &str) -> Result<(Scheme, &str), AuthError> {
    let Some((scheme, rest)) = authorization.split_once(' ') else {
        return Err(AuthError::AuthorizationNotTwoWords {
            authorization: authorization.to_owned(),
        });
    };
    match scheme {
        "AWS4-HMAC-SHA256" => Ok((Scheme::Version4, rest)),
        "AWS" => Ok((Scheme::Version2, rest)),
        _ => Err(AuthError::UnsupportedAuthorizationType {
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

fn payload(request: &Request<'_>, endpoint: &Endpoint<'_>) -> Result<DeclaredPayload, AuthError> {
    let Some(value) = request.header_text("x-amz-content-sha256") else {
        return if endpoint.is_s3() {
            Err(AuthError::PayloadHashMissing)
        } else {
            Ok(DeclaredPayload::of_no_body())
        };
    };
    match Payload::from_header(&value) {
        Some(payload) => Ok(DeclaredPayload {
            payload,
            hash: value,
            in_header: true,
        }),
        None => Err(AuthError::PayloadHashInvalid { value }),
    }
}
