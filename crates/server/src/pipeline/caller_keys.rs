//! The condition keys that are about the caller, the same for every service. Facts: authorization.md 4.3, 7.4.

use buckler_policy::{ConditionKey, Values};
use time::OffsetDateTime;

use super::caller::Caller;
use super::caller_session::CallerSession;

/// The value of a key that is about the caller; `None` for a key that is not.
pub(crate) fn caller_key<'a>(
    caller: &'a Caller,
    key: &ConditionKey,
    now: OffsetDateTime,
) -> Option<Values<'a>> {
    use ConditionKey as K;
    Some(match key {
        K::PrincipalArn => Values::text(caller.principal_arn()),
        K::PrincipalAccount => Values::text(caller.account_text()),
        K::PrincipalType => caller.principal_type().into(),
        K::PrincipalIsAWSService if !caller.is_anonymous() => false.into(),
        K::Userid => caller.user_id().into(),
        K::Username => Values::text(caller.user_name()),
        K::PrincipalTag(name) => Values::text(caller.principal_tag(name)),
        _ => return session_key(caller.session()?, key, now),
    })
}

/// Keys that only temporary credentials have. Facts: authorization.md 4.3.
fn session_key<'a>(
    session: &'a CallerSession,
    key: &ConditionKey,
    now: OffsetDateTime,
) -> Option<Values<'a>> {
    use ConditionKey as K;
    let facts = session.facts();
    Some(match key {
        K::TokenIssueTime => facts.issued_at.into(),
        K::MultiFactorAuthPresent => facts.mfa_at.is_some().into(),
        K::MultiFactorAuthAge => session.mfa_age_seconds(now)?.into(),
        K::SourceIdentity => Values::text(facts.source_identity.as_deref()),
        K::FederatedProvider => Values::text(session.provider_arn()),
        K::Other(name) => session.provider_key(name)?.into(),
        _ => return None,
    })
}
