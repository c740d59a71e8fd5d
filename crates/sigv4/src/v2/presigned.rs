//! `?AWSAccessKeyId=…&Expires=…&Signature=…`.

use time::OffsetDateTime;

use super::{SignatureV2, Signed};
use crate::error::SecurityToken;
use crate::presentation::{Covered, DeclaredPayload};
use crate::{AuthError, Endpoint, Method, Presentation, Request, Version, query};

/// Reads and judges a request signed in its query.
///
/// In order: that it is taken at all, its parameters, the form of `Expires`, and whether it is over. There is no longest
/// life: AWS served a URL that was good for ten years.
pub(crate) fn read(
    request: &Request<'_>,
    endpoint: &Endpoint<'_>,
    now: OffsetDateTime,
) -> Result<Presentation, AuthError> {
    let SignatureV2::Accepted { host_bucket } = endpoint.signature_v2 else {
        return Err(AuthError::SignatureVersion2);
    };
    let required =
        |name| query::first(request.raw_query, name).ok_or(AuthError::QueryParametersMissingV2);
    let signature = required("Signature")?;
    let expires = required("Expires")?;
    let access_key_id = required("AWSAccessKeyId")?;
    let Some(expires_at) = parse_expires(&expires) else {
        return Err(AuthError::ExpiresNoDate { value: expires });
    };
    if now > expires_at {
        return Err(AuthError::RequestExpired {
            expires_seconds: None,
            expires_at,
            server_time: now,
        });
    }
    Ok(Presentation {
        method: Method::Query,
        version: Version::V2,
        access_key_id,
        signed_at: None,
        covered: Covered::RequestV2(Signed {
            date: expires,
            host_bucket: host_bucket.map(str::to_owned),
        }),
        signature,
        payload: DeclaredPayload::beside_v2(request)?,
        security_token: token(request).map(SecurityToken::new),
        expires_seconds: None,
    })
}

/// Seconds since 1970, to the greatest of 32 bits with a sign, as digits with or without a sign.
///
/// AWS: below zero it takes what fits 64 bits, and answers some of that with a 500; all of it is over long since.
fn parse_expires(text: &str) -> Option<OffsetDateTime> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let seconds: i64 = text.parse().ok()?;
    if seconds > i64::from(i32::MAX) {
        return None;
    }
    // Before the first year that can be written it is over as well.
    Some(OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH))
}

/// The token is a parameter like all `x-amz-*` of such a URL, in any letter case; or a header.
fn token(request: &Request<'_>) -> Option<String> {
    const NAME: &str = "x-amz-security-token";
    let in_query = query::parameters(request.raw_query).find(|parameter| {
        let name: Vec<u8> = query::decode(parameter.name).collect();
        name.eq_ignore_ascii_case(NAME.as_bytes())
    });
    match in_query {
        Some(parameter) => {
            let value: Vec<u8> = query::decode(parameter.value).collect();
            Some(String::from_utf8_lossy(&value).into_owned())
        }
        None => request.header_text(NAME),
    }
}
