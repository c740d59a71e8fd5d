//! `AssumeRoleWithWebIdentity`: a session of a role, for whoever a provider vouches for.

use std::fmt;

use buckler_s3::xml::Writer;

use super::{AssumedRoleUser, RoleArn, SessionAnswer, SessionRequest};
use crate::query::{FromInput, Input, QueryError, WriteResult};

/// What is asked.
#[derive(Clone)]
pub struct AssumeRoleWithWebIdentityInput {
    /// `RoleArn`.
    pub role: RoleArn,
    /// `RoleSessionName`, 2 to 64 characters.
    pub session_name: String,
    /// `WebIdentityToken`, at most 20,000 characters.
    pub token: String,
    /// `ProviderId`: only of providers that do not speak OpenID Connect.
    pub provider_id: Option<String>,
    /// The session.
    pub session: SessionRequest,
}

impl FromInput for AssumeRoleWithWebIdentityInput {
    fn from_input(input: &Input) -> Result<Self, QueryError> {
        Ok(Self {
            role: RoleArn::parse(input.required("RoleArn")?)?,
            session_name: input.required("RoleSessionName")?.to_owned(),
            token: input.required("WebIdentityToken")?.to_owned(),
            provider_id: input.text("ProviderId").map(str::to_owned),
            session: SessionRequest::read(input)?,
        })
    }
}

/// The token is a secret.
impl fmt::Debug for AssumeRoleWithWebIdentityInput {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("AssumeRoleWithWebIdentityInput")
            .field("role", &self.role)
            .field("session_name", &self.session_name)
            .finish_non_exhaustive()
    }
}

/// What is answered.
#[derive(Debug, Clone)]
pub struct AssumeRoleWithWebIdentityOutput {
    /// The credentials.
    pub session: SessionAnswer,
    /// Whom they stand for.
    pub user: AssumedRoleUser,
    /// `sub` of the token.
    pub subject: String,
    /// `aud` of the token.
    pub audience: String,
    /// `iss` of the token.
    pub provider: String,
    /// `SourceIdentity` of the session.
    pub source_identity: Option<String>,
}

impl WriteResult for AssumeRoleWithWebIdentityOutput {
    fn write(&self, writer: &mut Writer) {
        writer.optional("SourceIdentity", self.source_identity.as_deref());
        writer.text("SubjectFromWebIdentityToken", &self.subject);
        writer.text("Audience", &self.audience);
        self.user.write(writer);
        self.session.write(writer);
        writer.text("Provider", &self.provider);
        self.session.write_packed_size(writer);
    }
}
