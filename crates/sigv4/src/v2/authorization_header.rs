//! `Authorization: AWS <access key id>:<signature>`.

use time::OffsetDateTime;

use super::{SignatureV2, Signed};
use crate::error::SecurityToken;
use crate::presentation::{Covered, DeclaredPayload};
use crate::{AuthError, Endpoint, Method, Presentation, Request, Version, time_window, timestamp};

/// Reads and judges a request signed in its header; `credentials` is what follows `AWS `.
///
/// In order: that it is taken at all, its form, the date, the skew.
pub(crate) fn read(
    authorization: &str,
    credentials: &str,
    request: &Request<'_>,
    endpoint: &Endpoint<'_>,
    now: OffsetDateTime,
) -> Result<Presentation, AuthError> {
    let SignatureV2::Accepted { host_bucket } = endpoint.signature_v2 else {
        return Err(AuthError::SignatureVersion2);
    };
    let authorization = || authorization.to_owned();
    if credentials.starts_with(' ') {
        let authorization = authorization();
        return Err(AuthError::AuthorizationNotTwoWords { authorization });
    }
    let (access_key_id, signature) = match credentials.split_once(':') {
        Some((id, signature)) if !signature.is_empty() && !signature.contains(':') => {
            (id, signature)
        }
        _ => {
            let authorization = authorization();
            return Err(AuthError::KeyAndSignatureExpected { authorization });
        }
    };
    let amz_date = request.header_text("x-amz-date");
    let has_amz_date = amz_date.is_some();
    let date = amz_date
        .or_else(|| request.header_text("date"))
        .unwrap_or_default();
    let signed_at = timestamp::parse_any(&date).ok_or(AuthError::DateMissing)?;
    time_window::judge_skew(signed_at, &date, now)?;
    Ok(Presentation {
        method: Method::Header,
        version: Version::V2,
        access_key_id: access_key_id.to_owned(),
        signed_at: Some(signed_at),
        covered: Covered::RequestV2(Signed {
            // With `x-amz-date` the date is among the lines of `x-amz-*`.
            date: if has_amz_date { String::new() } else { date },
            host_bucket: host_bucket.map(str::to_owned),
        }),
        signature: signature.to_owned(),
        payload: DeclaredPayload::beside_v2(request)?,
        security_token: request
            .header_text("x-amz-security-token")
            .map(SecurityToken::new),
        expires_seconds: None,
    })
}
