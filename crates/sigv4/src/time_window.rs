//! Is the request of now?

use time::{Duration, OffsetDateTime};

use crate::AuthError;

/// How far a request's time may be from the server's. Source: facts: s3-behaviour.md 3.1.
const SKEW_MAX: Duration = Duration::minutes(15);

/// Longest life of a presigned URL, in seconds: a week. Source: facts: s3-behaviour.md 3.2.
const EXPIRES_SECONDS_MAX: u32 = 604_800;

/// A header-signed request is good for 15 minutes around its time, both ends included. `text` is the time as the refusal
/// names it.
pub(crate) fn judge_skew(
    signed_at: OffsetDateTime,
    text: &str,
    now: OffsetDateTime,
) -> Result<(), AuthError> {
    if (now - signed_at).abs() <= SKEW_MAX {
        return Ok(());
    }
    Err(AuthError::RequestTimeTooSkewed {
        request_time: text.to_owned(),
        server_time: now,
    })
}

/// A presigned URL is good from its time (less the skew) until so many seconds later, exclusive: zero is valid and
/// expired at once.
pub(crate) fn judge_window(
    signed_at: OffsetDateTime,
    expires_seconds: u32,
    now: OffsetDateTime,
) -> Result<(), AuthError> {
    let expires_at = signed_at.checked_add(Duration::seconds(expires_seconds.into()));
    let (Some(expires_at), true) = (expires_at, signed_at - now <= SKEW_MAX) else {
        return Err(AuthError::RequestNotYetValid {
            signed_at,
            // Beyond the last year that can be written it is as far as that.
            expires_at: expires_at.unwrap_or(signed_at),
            server_time: now,
        });
    };
    if now < expires_at {
        return Ok(());
    }
    Err(AuthError::RequestExpired {
        expires_seconds: Some(expires_seconds),
        expires_at,
        server_time: now,
    })
}

/// Reads `X-Amz-Expires`: seconds from 0 to 604800, both included.
pub(crate) fn parse_expires(text: &str) -> Result<u32, AuthError> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text),
    };
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(AuthError::ExpiresNotANumber);
    }
    let value = digits.parse().unwrap_or(u32::MAX);
    if negative && value > 0 {
        return Err(AuthError::ExpiresNegative);
    }
    if value > EXPIRES_SECONDS_MAX {
        return Err(AuthError::ExpiresTooLong);
    }
    Ok(value)
}
