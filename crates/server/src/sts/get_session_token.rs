//! `GetSessionToken`: temporary credentials of the caller itself. Policies have no say in it.
//!
//! Source: AWS STS API Reference, "GetSessionToken".

use buckler_iam::query::{QueryError, QueryErrorCode};
use buckler_iam::sts::{GetSessionTokenInput, GetSessionTokenOutput};
use buckler_iam::{Session, SessionPolicies, SessionPrincipal};

use super::issue::{Lifetime, issue};
use crate::query::authorize::Authorized;
use crate::query::call::Call;
use crate::query::operation::{Needs, QueryOperation};

/// How long a session lasts that does not say, in seconds. Facts: authorization.md 7.5.
pub(super) const OWN_SESSION_SECONDS: i64 = 43_200;
/// How long one of root's lasts at most, in seconds.
pub(super) const ROOT_SESSION_SECONDS_MAX: i64 = 3_600;

/// `GetSessionToken`.
pub(crate) struct GetSessionToken;

impl QueryOperation for GetSessionToken {
    type Input = GetSessionTokenInput;
    type Subject = ();
    type Output = GetSessionTokenOutput;

    async fn load(_: &Call<'_>, _: &Self::Input) -> Result<(), QueryError> {
        Ok(())
    }

    fn needs(_: &Call<'_>, _: &Self::Input, (): &()) -> Needs {
        Needs::Nothing
    }

    /// Errors: `AccessDenied` for a second factor, which nobody has here.
    async fn run(
        call: &Call<'_>,
        authorized: Authorized<Self>,
    ) -> Result<Self::Output, QueryError> {
        let input = authorized.input;
        if input.has_mfa {
            return Err(no_such_factor());
        }
        let owner = call.session_owner()?;
        let lifetime = Lifetime::of_seconds(call, duration_seconds(call, input.duration_seconds));
        let session = Session {
            account_id: call.account()?.id,
            principal: SessionPrincipal::Own(owner),
            issued_at: lifetime.issued_at,
            expires_at: lifetime.expires_at,
            mfa_at: None,
            source_identity: None,
            policies: SessionPolicies::default(),
            tags: Vec::new(),
        };
        issue(call, &session).map(GetSessionTokenOutput)
    }
}

/// AWS: root gets an hour, even if it asks for more.
pub(super) fn duration_seconds(call: &Call<'_>, asked: Option<i64>) -> i64 {
    let seconds = asked.unwrap_or(OWN_SESSION_SECONDS);
    if call.caller.is_root() {
        seconds.min(ROOT_SESSION_SECONDS_MAX)
    } else {
        seconds
    }
}

/// The answer to a second factor that is not the caller's.
pub(super) fn no_such_factor() -> QueryError {
    QueryError::new(
        QueryErrorCode::AccessDenied,
        "MultiFactorAuthentication failed with invalid MFA one time pass code. ",
    )
}
