//! Issuing a session: its times, the policies it names, its credentials.

use buckler_iam::query::{QueryError, QueryErrorCode};
use buckler_iam::sts::SessionAnswer;
use buckler_iam::{Session, SessionPolicies, TokenError, managed_policy_document};
use time::{Duration, OffsetDateTime};

use crate::error::query::internal;
use crate::query::call::Call;

/// When a session begins and ends, in whole seconds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lifetime {
    pub(super) issued_at: OffsetDateTime,
    pub(super) expires_at: OffsetDateTime,
}

impl Lifetime {
    /// A lifetime from now on.
    pub(super) fn of_seconds(call: &Call<'_>, seconds: i64) -> Self {
        let issued_at = call.now.replace_nanosecond(0).unwrap_or(call.now);
        Self {
            issued_at,
            expires_at: issued_at + Duration::seconds(seconds),
        }
    }
}

/// Wants every managed policy that a session names to be there.
///
/// # Errors
///
/// `ValidationError`.
pub(super) fn check_managed_policies(policies: &SessionPolicies) -> Result<(), QueryError> {
    for arn in &policies.managed_arns {
        if managed_policy_document(arn).is_none() {
            return Err(QueryError::validation(format!(
                "Policy {arn} does not exist or is not attachable."
            )));
        }
    }
    Ok(())
}

/// Makes the credentials of a session.
///
/// # Errors
///
/// `PackedPolicyTooLarge`.
pub(super) fn issue(call: &Call<'_>, session: &Session) -> Result<SessionAnswer, QueryError> {
    let credentials = session
        .issue(&call.cx.master_key)
        .map_err(|error| match error {
            TokenError::PackedPolicyTooLarge { percent } => QueryError::new(
                QueryErrorCode::PackedPolicyTooLarge,
                format!(
                    "Packed policy consumes {percent}% of allotted space, please use smaller policy."
                ),
            ),
            TokenError::RandomnessUnavailable | TokenError::Invalid => {
                internal("a session token cannot be made", &error)
            }
        })?;
    Ok(SessionAnswer {
        credentials,
        expires_at: session.expires_at,
    })
}
