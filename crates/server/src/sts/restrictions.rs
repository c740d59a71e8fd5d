//! Which calls temporary credentials may not make, whatever policies say.
//!
//! Source: facts: authorization.md 7.6; AWS IAM User Guide, "Compare AWS STS credentials".

use buckler_iam::SessionPrincipal;
use buckler_iam::query::{Operation, QueryError, QueryErrorCode, Service};

use crate::pipeline::caller::Caller;
use crate::pipeline::caller_session::CallerSession;

/// Refuses a call that is not for the caller's kind of credentials.
///
/// # Errors
///
/// `InvalidClientTokenId` for calls of IAM, `AccessDenied` for calls of STS.
pub(crate) fn judge(caller: &Caller, operation: Operation) -> Result<(), QueryError> {
    let Some(session) = caller.session() else {
        return Ok(());
    };
    match operation.service() {
        Service::Iam if !may_call_iam(session) => Err(QueryError::new(
            QueryErrorCode::InvalidClientTokenId,
            "The security token included in the request is invalid",
        )),
        Service::Sts if !may_call_sts(session, operation.name()) => Err(QueryError::new(
            QueryErrorCode::AccessDenied,
            format!("Cannot call {} with session credentials", operation.name()),
        )),
        Service::Iam | Service::Sts => Ok(()),
    }
}

fn may_call_iam(session: &CallerSession) -> bool {
    let facts = session.facts();
    match &facts.principal {
        SessionPrincipal::Role { .. } => true,
        SessionPrincipal::Own(_) => facts.mfa_at.is_some(),
        SessionPrincipal::FederatedUser { .. } => false,
    }
}

fn may_call_sts(session: &CallerSession, name: &str) -> bool {
    match &session.facts().principal {
        SessionPrincipal::Role { .. } => !matches!(name, "GetFederationToken" | "GetSessionToken"),
        SessionPrincipal::Own(_) => matches!(name, "AssumeRole" | "GetCallerIdentity"),
        SessionPrincipal::FederatedUser { .. } => name == "GetCallerIdentity",
    }
}
