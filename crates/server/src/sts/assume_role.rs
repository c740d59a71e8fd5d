//! `AssumeRole`: a session of a role, for a user or for another role's session.
//!
//! Source: AWS STS API Reference, "AssumeRole"; facts: authorization.md 7.6.

use buckler_iam::query::{QueryError, QueryErrorCode};
use buckler_iam::sts::{AssumeRoleInput, AssumeRoleOutput, AssumedRoleUser, inherited_tags};
use buckler_iam::{RoleOrigin, Session, SessionPrincipal, SessionTag};

use super::get_session_token::no_such_factor;
use super::issue::{Lifetime, check_managed_policies, issue};
use super::role::{RoleSessionKeys, TargetRole, duration_seconds};
use crate::pipeline::caller_session::CallerSession;
use crate::query::authorize::Authorized;
use crate::query::call::Call;
use crate::query::operation::{Needs, QueryOperation};

/// What passing a source identity needs.
const SET_SOURCE_IDENTITY: &str = "sts:SetSourceIdentity";
/// What passing session tags needs, inherited ones among them.
const TAG_SESSION: &str = "sts:TagSession";

/// `AssumeRole`.
pub(crate) struct AssumeRole;

/// The role, and what the new session has from the caller's.
#[derive(Debug)]
pub(crate) struct Assumption {
    role: TargetRole,
    tags: Vec<SessionTag>,
    source_identity: Option<String>,
}

impl QueryOperation for AssumeRole {
    type Input = AssumeRoleInput;
    type Subject = Assumption;
    type Output = AssumeRoleOutput;

    async fn load(call: &Call<'_>, input: &Self::Input) -> Result<Assumption, QueryError> {
        let of_caller = call.caller.session().map(CallerSession::facts);
        let inherited = of_caller.map_or(&[][..], |session| &session.tags);
        let source_identity = of_caller.and_then(|session| session.source_identity.as_ref());
        Ok(Assumption {
            role: TargetRole::load(call, &input.role).await?,
            tags: inherited_tags(inherited, &input.session.tags)?,
            source_identity: input.source_identity.as_ref().or(source_identity).cloned(),
        })
    }

    fn needs(call: &Call<'_>, input: &Self::Input, subject: &Assumption) -> Needs {
        let keys = RoleSessionKeys {
            session_name: &input.session_name,
            external_id: input.external_id.as_deref(),
            source_identity: subject.source_identity.as_deref(),
            tags: &subject.tags,
        };
        let mut needs = vec![subject.role.need(&call.operation.action(), &keys)];
        if !subject.tags.is_empty() {
            needs.push(subject.role.need(TAG_SESSION, &keys));
        }
        if subject.source_identity.is_some() {
            needs.push(subject.role.need(SET_SOURCE_IDENTITY, &keys));
        }
        Needs::All(needs)
    }

    /// Errors: `ValidationError` for too long a session; `PackedPolicyTooLarge`; `AccessDenied` for
    /// another source identity than the caller's, and for a second factor, which nobody has here.
    async fn run(
        call: &Call<'_>,
        authorized: Authorized<Self>,
    ) -> Result<Self::Output, QueryError> {
        let (input, subject) = (authorized.input, authorized.subject);
        refuse_other_source_identity(call, &input)?;
        if input.has_mfa {
            return Err(no_such_factor());
        }
        if input.has_provided_contexts {
            return Err(QueryError::new(
                QueryErrorCode::NotImplemented,
                "ProvidedContexts is not implemented.",
            ));
        }
        let role = subject.role.found()?;
        let origin = if call.caller.is_role_session() {
            RoleOrigin::Chained
        } else {
            RoleOrigin::Principal
        };
        let is_chained = origin == RoleOrigin::Chained;
        let seconds = duration_seconds(&role, &input.session, is_chained)?;
        check_managed_policies(call, &role.account_id, &input.session.policies).await?;
        let lifetime = Lifetime::of_seconds(call, seconds);
        let user = AssumedRoleUser::of(
            &role.account_id,
            &role.unique_id,
            &role.name,
            &input.session_name,
        );
        let session = Session {
            account_id: role.account_id,
            principal: SessionPrincipal::Role {
                role_id: role.unique_id,
                session_name: input.session_name,
                origin,
            },
            issued_at: lifetime.issued_at,
            expires_at: lifetime.expires_at,
            mfa_at: call
                .caller
                .session()
                .and_then(|session| session.facts().mfa_at),
            source_identity: subject.source_identity,
            policies: input.session.policies,
            tags: subject.tags,
        };
        Ok(AssumeRoleOutput {
            session: issue(call, &session)?,
            user,
            source_identity: session.source_identity,
        })
    }
}

/// A source identity cannot be changed once it is set.
/// Source: IAM User Guide, "Monitor and control actions taken with assumed roles".
fn refuse_other_source_identity(
    call: &Call<'_>,
    input: &AssumeRoleInput,
) -> Result<(), QueryError> {
    let of_caller = call
        .caller
        .session()
        .and_then(|session| session.facts().source_identity.as_ref());
    match (of_caller, &input.source_identity) {
        (Some(of_caller), Some(asked)) if of_caller != asked => Err(QueryError::new(
            QueryErrorCode::AccessDenied,
            "The source identity of the calling session cannot be changed.",
        )),
        _ => Ok(()),
    }
}
