//! `GetFederationToken`: temporary credentials under a name of the caller's choice, within what the
//! caller may do and what the session's policies let through.
//!
//! Source: AWS STS API Reference, "GetFederationToken".

use buckler_iam::query::QueryError;
use buckler_iam::sts::{GetFederationTokenInput, GetFederationTokenOutput};
use buckler_iam::{Session, SessionPrincipal};

use super::get_session_token::duration_seconds;
use super::issue::{Lifetime, check_managed_policies, issue};
use super::request_tags::with_tags;
use crate::query::authorize::Authorized;
use crate::query::call::Call;
use crate::query::operation::{Need, Needs, QueryOperation};

/// What passing session tags needs.
const TAG_SESSION: &str = "sts:TagSession";

/// `GetFederationToken`.
pub(crate) struct GetFederationToken;

impl QueryOperation for GetFederationToken {
    type Input = GetFederationTokenInput;
    /// The federated user's ARN.
    type Subject = String;
    type Output = GetFederationTokenOutput;

    async fn load(call: &Call<'_>, input: &Self::Input) -> Result<String, QueryError> {
        let account = &call.account()?.id;
        Ok(format!(
            "arn:aws:sts::{account}:federated-user/{}",
            input.name
        ))
    }

    fn needs(call: &Call<'_>, input: &Self::Input, arn: &String) -> Needs {
        let tags = &input.session.tags;
        let mut needs = vec![with_tags(Need::on(call, arn), tags)];
        if !tags.is_empty() {
            needs.push(with_tags(Need::of_action(TAG_SESSION, arn), tags));
        }
        Needs::All(needs)
    }

    /// Errors: `PackedPolicyTooLarge`; `ValidationError` for a managed policy that is not there.
    async fn run(
        call: &Call<'_>,
        authorized: Authorized<Self>,
    ) -> Result<Self::Output, QueryError> {
        let (input, arn) = (authorized.input, authorized.subject);
        let account_id = call.account()?.id;
        check_managed_policies(call, &account_id, &input.session.policies).await?;
        let seconds = duration_seconds(call, input.session.duration_seconds);
        let lifetime = Lifetime::of_seconds(call, seconds);
        let user_id = format!("{account_id}:{}", input.name);
        let session = Session {
            account_id,
            principal: SessionPrincipal::FederatedUser {
                issuer: call.session_owner()?,
                name: input.name,
            },
            issued_at: lifetime.issued_at,
            expires_at: lifetime.expires_at,
            mfa_at: None,
            source_identity: None,
            policies: input.session.policies,
            tags: input.session.tags,
        };
        Ok(GetFederationTokenOutput {
            session: issue(call, &session)?,
            user_id,
            arn,
        })
    }
}
