//! The first half of authentication: everything that is judged before a key is looked up.

use time::OffsetDateTime;

use crate::{
    AuthError, Endpoint, Presented, Request, anonymous, authorization_header, presigned, query, v2,
};

/// Reads what a request presents to prove its sender, and judges all of it but the signature.
///
/// In order: one mechanism only; its form; the time; the scope (region, service, terminal, day); what
/// `x-amz-content-sha256` says; headers that had to be signed. What AWS judges next is the caller's: the key, its
/// token, and then [`crate::Presentation::verify`].
///
/// # Errors
/// The first thing found wrong, with AWS's message. Source: facts: s3-behaviour.md 3.1 and 3.2.
pub fn read(
    request: &Request<'_>,
    endpoint: &Endpoint<'_>,
    now: OffsetDateTime,
) -> Result<Presented, AuthError> {
    let authorization = authorization(request)?;
    let in_query = QuerySignature::find(request.raw_query);
    match (authorization, in_query) {
        (None, None) => anonymous::read(request).map(|payload| Presented::Anonymous { payload }),
        (Some(authorization), None) => {
            authorization_header::read(&authorization, request, endpoint, now)
                .map(Presented::Signed)
        }
        (None, Some(QuerySignature::Version4)) => {
            presigned::read(request, endpoint, now).map(Presented::Signed)
        }
        (None, Some(QuerySignature::Version2)) => {
            v2::read_query(request, endpoint, now).map(Presented::Signed)
        }
        (None, Some(QuerySignature::Both)) => Err(AuthError::OneMechanismOnly {
            authorization: None,
        }),
        (Some(authorization), Some(_)) => Err(AuthError::OneMechanismOnly {
            authorization: Some(authorization),
        }),
    }
}

/// The one `Authorization` header; an empty one is none.
fn authorization(request: &Request<'_>) -> Result<Option<String>, AuthError> {
    if request
        .headers
        .get_all(http::header::AUTHORIZATION)
        .iter()
        .count()
        > 1
    {
        return Err(AuthError::RepeatedAuthorization);
    }
    Ok(request
        .header_text("authorization")
        .filter(|text| !text.is_empty()))
}

/// Which signature a query carries.
#[derive(Clone, Copy)]
enum QuerySignature {
    Version2,
    Version4,
    Both,
}

impl QuerySignature {
    /// A single parameter that only a signature has is enough: the rest is then missing, not absent.
    fn find(raw_query: &str) -> Option<Self> {
        let has = |names: &[&str]| {
            query::parameters(raw_query)
                .any(|parameter| names.iter().any(|name| parameter.is_named(name)))
        };
        let version_4 = has(&["X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Signature"]);
        // AWS: `AWSAccessKeyId` alone is no signature.
        match (has(&["Signature"]), version_4) {
            (true, true) => Some(Self::Both),
            (true, false) => Some(Self::Version2),
            (false, true) => Some(Self::Version4),
            (false, false) => None,
        }
    }
}
