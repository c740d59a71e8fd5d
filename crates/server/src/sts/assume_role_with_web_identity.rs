//! `AssumeRoleWithWebIdentity`: a session of a role, for whoever a provider vouches for.
//!
//! The call has no signature: the token is the proof. It is judged before the decision, because the
//! decision is about what it says.
//!
//! Source: AWS STS API Reference, "AssumeRoleWithWebIdentity"; IAM User Guide, "OIDC federation".

use buckler_iam::query::{QueryError, QueryErrorCode};
use buckler_iam::sts::{
    AssumeRoleWithWebIdentityInput, AssumeRoleWithWebIdentityOutput, AssumedRoleUser,
};
use buckler_iam::{
    Claims, ProviderUrl, RoleOrigin, Session, SessionPrincipal, UnverifiedToken, WebIdentity,
    WebIdentityFault,
};
use buckler_metadata::OidcProviderRow;

use super::issue::{Lifetime, check_managed_policies, issue};
use super::role::{RoleSessionKeys, TargetRole, duration_seconds};
use crate::error::query::store_error;
use crate::query::authorize::Authorized;
use crate::query::call::Call;
use crate::query::operation::{Need, Needs, QueryOperation};

const SET_SOURCE_IDENTITY: &str = "sts:SetSourceIdentity";
const TAG_SESSION: &str = "sts:TagSession";
/// Longest claims that become part of a session, in characters.
/// Source: AWS STS API Reference, "AssumeRoleWithWebIdentity" (`webIdentitySubjectType`).
const CLAIM_CHARS_MAX: usize = 255;
/// Shortest and longest source identity, in characters. Facts: authorization.md 7.5.
const SOURCE_IDENTITY_CHARS: std::ops::RangeInclusive<usize> = 2..=64;

/// `AssumeRoleWithWebIdentity`.
pub(crate) struct AssumeRoleWithWebIdentity;

/// The role, and what the provider says of the caller.
#[derive(Debug)]
pub(crate) struct Vouched {
    role: TargetRole,
    provider: OidcProviderRow,
    claims: Claims,
}

impl QueryOperation for AssumeRoleWithWebIdentity {
    type Input = AssumeRoleWithWebIdentityInput;
    type Subject = Vouched;
    type Output = AssumeRoleWithWebIdentityOutput;

    /// Errors: `InvalidIdentityToken`, `ExpiredTokenException`, `IDPCommunicationError`,
    /// `IDPRejectedClaim`.
    async fn load(call: &Call<'_>, input: &Self::Input) -> Result<Vouched, QueryError> {
        if input.provider_id.is_some() {
            return Err(QueryError::new(
                QueryErrorCode::NotImplemented,
                "ProviderId is not implemented.",
            ));
        }
        let token = UnverifiedToken::read(&input.token).map_err(|error| fault(&error))?;
        let provider = provider_of(call, &token, input).await?;
        let claims = verified(call, &token, &provider).await?;
        bounded(&claims)?;
        Ok(Vouched {
            role: TargetRole::load(call, &input.role).await?,
            provider,
            claims,
        })
    }

    fn needs(call: &Call<'_>, input: &Self::Input, subject: &Vouched) -> Needs {
        let claims = &subject.claims;
        let keys = RoleSessionKeys {
            session_name: &input.session_name,
            external_id: None,
            source_identity: claims.source_identity.as_deref(),
            tags: &claims.tags,
        };
        let need = |action: &str| {
            let need = subject.role.need(action, &keys);
            with_claims(need, &subject.provider.name, claims).by_provider(subject.provider.arn())
        };
        let mut needs = vec![need(&call.operation.action())];
        if !claims.tags.is_empty() {
            needs.push(need(TAG_SESSION));
        }
        if claims.source_identity.is_some() {
            needs.push(need(SET_SOURCE_IDENTITY));
        }
        Needs::All(needs)
    }

    /// Errors: `ValidationError` for too long a session; `PackedPolicyTooLarge`.
    async fn run(
        call: &Call<'_>,
        authorized: Authorized<Self>,
    ) -> Result<Self::Output, QueryError> {
        let (input, subject) = (authorized.input, authorized.subject);
        let (claims, provider) = (subject.claims, subject.provider);
        let role = subject.role.found()?;
        let seconds = duration_seconds(&role, &input.session, false)?;
        check_managed_policies(call, &role.account_id, &input.session.policies).await?;
        let lifetime = Lifetime::of_seconds(call, seconds);
        let user = AssumedRoleUser::of(
            &role.account_id,
            &role.unique_id,
            &role.name,
            &input.session_name,
        );
        let audience = claims.audience().to_owned();
        let session = Session {
            account_id: role.account_id,
            principal: SessionPrincipal::Role {
                role_id: role.unique_id,
                session_name: input.session_name,
                origin: RoleOrigin::WebIdentity(WebIdentity {
                    provider_arn: provider.arn(),
                    subject: claims.subject.clone(),
                    audience: audience.clone(),
                }),
            },
            issued_at: lifetime.issued_at,
            expires_at: lifetime.expires_at,
            mfa_at: None,
            source_identity: claims.source_identity,
            policies: input.session.policies,
            tags: claims.tags,
        };
        Ok(AssumeRoleWithWebIdentityOutput {
            session: issue(call, &session)?,
            user,
            subject: claims.subject,
            audience,
            provider: provider.arn(),
            source_identity: session.source_identity,
        })
    }
}

/// The provider of the role's account that a token says it is from.
async fn provider_of(
    call: &Call<'_>,
    token: &UnverifiedToken<'_>,
    input: &AssumeRoleWithWebIdentityInput,
) -> Result<OidcProviderRow, QueryError> {
    let unknown = || {
        QueryError::new(
            QueryErrorCode::InvalidIdentityToken,
            format!(
                "No OpenIDConnect provider found in your account for {}",
                token.issuer()
            ),
        )
    };
    let transport = call.cx.provider_keys.transport();
    let url = ProviderUrl::parse(token.issuer(), transport).map_err(|_| unknown())?;
    call.cx
        .store
        .oidc_provider(input.role.account(), url.name())
        .await
        .map_err(store_error)?
        .filter(|provider| provider.issuer == url.issuer())
        .ok_or_else(unknown)
}

async fn verified(
    call: &Call<'_>,
    token: &UnverifiedToken<'_>,
    provider: &OidcProviderRow,
) -> Result<Claims, QueryError> {
    let cache = &call.cx.provider_keys;
    let url = ProviderUrl::parse(&provider.issuer, cache.transport());
    let unreachable = |error: &dyn std::fmt::Display| {
        tracing::warn!(%error, provider = provider.issuer, "the keys of a provider could not be fetched");
        QueryError::new(
            QueryErrorCode::IDPCommunicationError,
            "Unable to communicate with the identity provider.",
        )
    };
    let url = url.map_err(|error| unreachable(&error))?;
    let keys = cache
        .keys(&url, &provider.thumbprints, token.key_id(), call.now)
        .await;
    let keys = keys.map_err(|error| unreachable(&error))?;
    token
        .verify(&keys, &provider.client_ids, call.now)
        .map_err(|error| fault(&error))
}

fn fault(fault: &WebIdentityFault) -> QueryError {
    let code = match fault {
        WebIdentityFault::Expired { .. } => QueryErrorCode::ExpiredTokenException,
        WebIdentityFault::NotAToken
        | WebIdentityFault::MissingClaim(_)
        | WebIdentityFault::Audience
        | WebIdentityFault::NoKey
        | WebIdentityFault::Signature
        | WebIdentityFault::NotYetValid => QueryErrorCode::InvalidIdentityToken,
    };
    QueryError::new(code, fault.to_string())
}

/// Wants the claims that become part of the session to fit in it.
fn bounded(claims: &Claims) -> Result<(), QueryError> {
    let rejected = |name: &str| {
        QueryError::new(
            QueryErrorCode::IDPRejectedClaim,
            format!("The claim {name} of the token cannot be used."),
        )
    };
    let fits = |text: &str| text.chars().count() <= CLAIM_CHARS_MAX;
    if !fits(&claims.subject) {
        return Err(rejected("sub"));
    }
    if !fits(claims.audience()) {
        return Err(rejected("aud"));
    }
    if let Some(identity) = &claims.source_identity
        && !is_source_identity(identity)
    {
        return Err(rejected("https://aws.amazon.com/source_identity"));
    }
    let is_tag = |key: &str, value: &str| {
        (1..=128).contains(&key.chars().count())
            && value.chars().count() <= 256
            && !key.to_lowercase().starts_with("aws:")
    };
    if claims.tags.len() > buckler_iam::SESSION_TAGS_MAX
        || !claims.tags.iter().all(|tag| is_tag(&tag.key, &tag.value))
    {
        return Err(rejected("https://aws.amazon.com/tags"));
    }
    Ok(())
}

fn is_source_identity(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_+=,.@-".contains(&byte);
    SOURCE_IDENTITY_CHARS.contains(&text.len()) && text.bytes().all(allowed)
}

/// `HOST/PATH:sub` and its like. Source: IAM User Guide, "Available keys for AWS OIDC federation".
fn with_claims(need: Need, provider: &str, claims: &Claims) -> Need {
    let key = |claim: &str| format!("{provider}:{claim}");
    let many = |texts: &[String]| texts.to_vec();
    need.with(&key("sub"), Some(&claims.subject))
        .with(&key("aud"), Some(claims.audience()))
        .with_many(&key("oaud"), many(&claims.audiences))
        .with(&key("azp"), claims.authorized_party.as_deref())
        .with(&key("email"), claims.email.as_deref())
        .with_many(&key("amr"), many(&claims.methods))
}
