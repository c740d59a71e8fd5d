//! Issuing a session: its times, the policies it names, its credentials.

use buckler_iam::query::{QueryError, QueryErrorCode};
use buckler_iam::sts::SessionAnswer;
use buckler_iam::{Session, SessionPolicies, TokenError, managed_policy_document};
use buckler_policy::AccountId;
use time::{Duration, OffsetDateTime};

use crate::error::query::{internal, store_error};
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

/// Wants every managed policy that a session names to be there: AWS's own, or of the account that
/// the session belongs to.
///
/// # Errors
///
/// `ValidationError`; those of the store.
pub(super) async fn check_managed_policies(
    call: &Call<'_>,
    account: &AccountId,
    policies: &SessionPolicies,
) -> Result<(), QueryError> {
    for arn in &policies.managed_arns {
        let is_awss = managed_policy_document(arn).is_some();
        if !is_awss && !is_of_account(call, account, arn).await? {
            return Err(QueryError::validation(format!(
                "Policy {arn} does not exist or is not attachable."
            )));
        }
    }
    Ok(())
}

async fn is_of_account(
    call: &Call<'_>,
    account: &AccountId,
    arn: &str,
) -> Result<bool, QueryError> {
    let found = call.cx.store.managed_policy(arn).await;
    let found = found.map_err(store_error)?;
    Ok(found.is_some_and(|policy| policy.account_id == *account))
}

/// Makes the credentials of a session.
///
/// # Errors
///
/// `PackedPolicyTooLarge`.
pub(super) fn issue(call: &Call<'_>, session: &Session) -> Result<SessionAnswer, QueryError> {
    let credentials = session
        .issue(&call.cx.master_keys)
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
