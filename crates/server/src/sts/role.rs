//! The role that a call wants to assume: whether it is there, whom it trusts, and how it is asked.

use std::sync::Arc;

use buckler_iam::SessionTag;
use buckler_iam::query::{QueryError, QueryErrorCode};
use buckler_iam::sts::{RoleArn, SessionRequest};
use buckler_metadata::RoleRow;
use buckler_policy::CompiledPolicy;

use super::request_tags::with_tags;
use crate::error::query::{internal, store_error};
use crate::query::call::Call;
use crate::query::operation::Need;

/// How long a session lasts that does not say, in seconds. Facts: authorization.md 7.5.
const ROLE_SESSION_SECONDS: i64 = 3_600;
/// How long one lasts at most that another role's session asked for, in seconds.
const CHAINED_SESSION_SECONDS_MAX: i64 = 3_600;

/// A role as a call names it.
#[derive(Debug)]
pub(crate) struct TargetRole {
    arn: RoleArn,
    row: Option<RoleRow>,
    trust: Option<Arc<CompiledPolicy>>,
}

/// What a session of a role is asked for with, as conditions see it.
#[derive(Debug)]
pub(super) struct RoleSessionKeys<'i> {
    pub(super) session_name: &'i str,
    pub(super) external_id: Option<&'i str>,
    pub(super) source_identity: Option<&'i str>,
    pub(super) tags: &'i [SessionTag],
}

impl TargetRole {
    /// Looks the role up. One that is not there is refused by the decision, in the same words.
    ///
    /// # Errors
    ///
    /// Those of the store.
    pub(super) async fn load(call: &Call<'_>, arn: &RoleArn) -> Result<Self, QueryError> {
        let row = call
            .cx
            .store
            .role_by_arn(arn.as_str())
            .await
            .map_err(store_error)?;
        let trust = match &row {
            None => None,
            Some(role) => Some(
                call.cx
                    .policies
                    .trust(&role.trust.bound)
                    .map_err(|error| internal("a stored trust policy cannot be read", &error))?,
            ),
        };
        Ok(Self {
            arn: arn.clone(),
            row,
            trust,
        })
    }

    /// An action that the role's trust policy decides.
    pub(super) fn need(&self, action: &str, keys: &RoleSessionKeys<'_>) -> Need {
        let account = *self.arn.account();
        let need = Need::of_action(action, self.arn.as_str())
            .of_role(account, self.trust.clone())
            .with("sts:RoleSessionName", Some(keys.session_name))
            .with("sts:ExternalId", keys.external_id)
            .with("sts:SourceIdentity", keys.source_identity)
            .with("aws:ResourceAccount", Some(account.as_str()));
        let mut need = with_tags(need, keys.tags);
        for tag in self.row.iter().flat_map(|role| role.tags.iter()) {
            for family in ["aws:ResourceTag", "iam:ResourceTag"] {
                need = need.with(&format!("{family}/{}", tag.key), Some(&tag.value));
            }
        }
        need
    }

    /// The role, which a decision has found to be there.
    ///
    /// # Errors
    ///
    /// `AccessDenied`.
    pub(super) fn found(self) -> Result<RoleRow, QueryError> {
        self.row
            .ok_or_else(|| QueryError::new(QueryErrorCode::AccessDenied, "Access Denied"))
    }
}

/// How long a session of the role lasts.
///
/// # Errors
///
/// `ValidationError` for more than the role allows, and for more than an hour from another role's
/// session.
pub(super) fn duration_seconds(
    role: &RoleRow,
    request: &SessionRequest,
    is_chained: bool,
) -> Result<i64, QueryError> {
    let seconds = request.duration_seconds.unwrap_or(ROLE_SESSION_SECONDS);
    if is_chained && seconds > CHAINED_SESSION_SECONDS_MAX {
        return Err(QueryError::validation(
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining",
        ));
    }
    if seconds > role.max_session_seconds {
        return Err(QueryError::validation(
            "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
        ));
    }
    Ok(seconds)
}
