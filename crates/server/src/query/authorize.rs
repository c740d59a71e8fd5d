//! The one step that grants a call.
//!
//! It asks the policy engine for every permission that the operation needs, and only it makes an [`Authorized`],
//! without which no operation runs.

use buckler_iam::query::{QueryError, QueryErrorCode};
use buckler_iam::{AUTHORIZATION_MESSAGE_BYTES_MAX, encode_authorization_message};
use buckler_policy::{
    Caller, CallerKind, Decision, Deny, ResourceName, RoleSecurity, authorize_action,
    authorize_on_role, explain_action, explain_on_role,
};

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
    let provider = need.role.as_ref().and_then(|role| role.provider.as_deref());
    let caller = match provider {
        Some(provider) => Caller::new(CallerKind::Federated { provider }),
        None => call.caller.for_policy(),
    };
    let keys = Keys {
        call,
        subject: &need.keys,
    };
    let decision = match security_of(need) {
        None => authorize_action(&caller, &need.action, &need.resource, &keys),
        Some(role) => authorize_on_role(&caller, &role, &need.action, &keys),
    };
    match decision {
        Decision::Allow(_) => Ok(()),
        Decision::Deny(deny) => {
            audit::refused(&deny);
            // AWS: a refusal of IAM names some resources in words of its own.
            let shown = Deny {
                resource: ResourceName::Arn(&need.shown),
                ..deny
            };
            let message = shown.message(&caller);
            let mut refusal = QueryError::new(QueryErrorCode::AccessDenied, message);
            refusal.authorization_message = authorization_message(call, &caller, need, &keys);
            Err(refusal)
        }
    }
}

/// The role that a permission is about, if its trust policy decides.
fn security_of(need: &Need) -> Option<RoleSecurity<'_>> {
    let role = need.role.as_ref()?;
    Some(RoleSecurity {
        arn: &need.resource,
        account: role.account,
        trust_policy: role.policy.as_deref(),
    })
}

/// Why the permission is refused, sealed for the caller's account. Nothing is told of another account's role, nor to
/// callers without an account.
fn authorization_message(
    call: &Call<'_>,
    caller: &Caller<'_>,
    need: &Need,
    keys: &Keys<'_>,
) -> Option<String> {
    let account = caller.account()?.id;
    let why = match security_of(need) {
        None => explain_action(caller, &need.action, &need.resource, keys),
        Some(role) if role.account == account => explain_on_role(caller, &role, &need.action, keys),
        Some(_) => return None,
    };
    let message = why.authorization_message(AUTHORIZATION_MESSAGE_BYTES_MAX);
    encode_authorization_message(&call.cx.master_keys, &account, &message)
}

/// An operation that forgets to say what it needs is refused, not let through.
fn nothing_allows() -> QueryError {
    QueryError::new(QueryErrorCode::AccessDenied, "Access Denied")
}
