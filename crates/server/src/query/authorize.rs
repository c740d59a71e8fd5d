//! The one step that grants a call.
//!
//! It asks the policy engine for every permission that the operation needs, and only it makes an [`Authorized`],
//! without which no operation runs.

use buckler_iam::query::{QueryError, QueryErrorCode};
use buckler_policy::{Decision, Deny, ResourceName, authorize_action};

use super::call::Call;
use super::context_keys::Keys;
use super::operation::{Need, Needs, QueryOperation};
use crate::pipeline::audit;

/// A call that may be carried out.
#[derive(Debug)]
pub(crate) struct Authorized<O: QueryOperation> {
    /// What is asked.
    pub(crate) input: O::Input,
    /// What was loaded for the decision.
    pub(crate) subject: O::Subject,
    _only_here: Seal,
}

#[derive(Debug)]
struct Seal;

/// Judges everything that the operation needs.
///
/// # Errors
///
/// `AccessDenied` in the form of facts: authorization.md 6, 7.3.
pub(crate) fn authorize<O: QueryOperation>(
    call: &Call<'_>,
    input: O::Input,
    subject: O::Subject,
) -> Result<Authorized<O>, QueryError> {
    match O::needs(call, &input, &subject) {
        Needs::Nothing => {}
        Needs::All(needs) if needs.is_empty() => return Err(nothing_allows()),
        Needs::All(needs) => needs.iter().try_for_each(|need| judge(call, need))?,
    }
    Ok(Authorized {
        input,
        subject,
        _only_here: Seal,
    })
}

/// Judges one permission.
fn judge(call: &Call<'_>, need: &Need) -> Result<(), QueryError> {
    let caller = call.caller.for_policy();
    let keys = Keys {
        call,
        subject: &need.keys,
    };
    match authorize_action(&caller, &need.action, &need.resource, &keys) {
        Decision::Allow(_) => Ok(()),
        Decision::Deny(deny) => {
            audit::refused(&deny);
            // AWS: a refusal of IAM names some resources in words of its own.
            let shown = Deny {
                resource: ResourceName::Arn(&need.shown),
                ..deny
            };
            let message = shown.message(&caller);
            Err(QueryError::new(QueryErrorCode::AccessDenied, message))
        }
    }
}

/// An operation that forgets to say what it needs is refused, not let through.
fn nothing_allows() -> QueryError {
    QueryError::new(QueryErrorCode::AccessDenied, "Access Denied")
}
