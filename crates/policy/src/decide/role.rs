//! Who may assume a role. Source: facts: authorization.md 7.6, 5.3.

use super::{
    Allow, Caller, Decision, Deny, Granted, PolicyType, Refused, ResourceName,
    authorize::{from_outside, same_account, with_question},
    layers::{Layers, Question},
};
use crate::{AccountId, CompiledPolicy, Context};

/// All that a role itself says about who may assume it.
#[derive(Clone, Copy, Debug)]
pub struct RoleSecurity<'a> {
    /// The role's ARN, with its path.
    pub arn: &'a str,
    /// The account it belongs to.
    pub account: AccountId,
    /// Its trust policy; `None` if there is no such role, which is refused in the same words.
    pub trust_policy: Option<&'a CompiledPolicy>,
}

/// Decides an action on a role that its trust policy speaks about: `sts:AssumeRole`, `sts:AssumeRoleWithWebIdentity`,
/// `sts:TagSession`, `sts:SetSourceIdentity`.
///
/// Everything else that is done with a role, `iam:GetRole` say, is [`authorize_action`](super::authorize_action)'s.
///
/// The trust policy has to allow. A caller of the role's account whom it names by ARN needs no identity policy; one whom it
/// names by account does. A caller of another account always does. Holders of a provider's token
/// ([`CallerKind::Federated`](super::CallerKind::Federated)) and services need the trust policy alone. Root users
/// cannot assume roles. Boundary and session policies limit as they do for buckets.
///
/// ```
/// use buckler_policy::*;
///
/// let trust = parse_trust_policy(
///     br#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sts:AssumeRole",
///          "Principal":{"AWS":"arn:aws:iam::111122223333:user/alice"},
///          "Condition":{"StringEquals":{"sts:ExternalId":"7"}}}}"#,
/// )?;
/// let trust = CompiledPolicy::compile(&trust);
/// let account = CallerAccount {
///     id: AccountId::parse("111122223333")?,
///     canonical_id: CanonicalId::parse(&"1f".repeat(32))?,
/// };
/// let role = RoleSecurity {
///     arn: "arn:aws:iam::111122223333:role/reader",
///     account: account.id,
///     trust_policy: Some(&trust),
/// };
/// let alice = Caller::new(CallerKind::User {
///     account,
///     arn: "arn:aws:iam::111122223333:user/alice",
///     unique_id: "AIDAALICE000000000000",
/// });
/// let assume = |context: ContextMap| authorize_on_role(&alice, &role, "sts:AssumeRole", &context);
///
/// assert!(assume(ContextMap::new().with("sts:ExternalId", "7")).is_allow());
/// assert_eq!(
///     assume(ContextMap::new()).access_denied_message(&alice),
///     "User: arn:aws:iam::111122223333:user/alice is not authorized to perform: sts:AssumeRole \
///      on resource: arn:aws:iam::111122223333:role/reader"
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn authorize_on_role<'a>(
    caller: &Caller<'a>,
    role: &RoleSecurity<'a>,
    action: &'a str,
    context: &dyn Context,
) -> Decision<'a> {
    with_question(
        caller,
        action,
        role.arn,
        context,
        |question| match on_role(question, role) {
            Ok(by) => Decision::Allow(Allow { by }),
            Err(reason) => Decision::Deny(Deny {
                reason,
                action,
                resource: ResourceName::Arn(role.arn),
                resource_owner: Some(role.account),
            }),
        },
    )
}

fn on_role<'a>(
    question: &Question<'_, 'a>,
    role: &RoleSecurity<'a>,
) -> Result<Granted<'a>, Refused<'a>> {
    let caller = question.caller;
    if caller.is_root() {
        return Err(Refused::RootCannotAssumeRoles);
    }
    let layers = &mut Layers::default();
    question.ask(role.trust_policy, layers)?;
    let by = if caller.is_of(&role.account) {
        same_account(caller, layers)?
    } else {
        from_outside(caller, layers, None)?
    };
    // AWS: unlike other resource-based policies, a trust policy has to allow, whatever identity policies of the account
    // say; that it names the account is enough. Source: IAM User Guide, "Policy evaluation for requests within a single
    // account".
    match layers.resource.allow {
        Some(_) => Ok(by),
        None => Err(Refused::Implicit(PolicyType::ResourceBased)),
    }
}
