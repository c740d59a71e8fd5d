//! `AssumeRole`: a session of a role.

use buckler_s3::xml::Writer;

use super::{AssumedRoleUser, RoleArn, SessionAnswer, SessionRequest};
use crate::query::{FromInput, Input, QueryError, WriteResult};

/// What is asked.
#[derive(Debug, Clone)]
pub struct AssumeRoleInput {
    /// `RoleArn`.
    pub role: RoleArn,
    /// `RoleSessionName`, 2 to 64 characters.
    pub session_name: String,
    /// `ExternalId`.
    pub external_id: Option<String>,
    /// `SourceIdentity`.
    pub source_identity: Option<String>,
    /// Whether a second factor is presented.
    pub has_mfa: bool,
    /// Whether the caller brings contexts of AWS services, which are not there.
    pub has_provided_contexts: bool,
    /// The session.
    pub session: SessionRequest,
}

impl FromInput for AssumeRoleInput {
    fn from_input(input: &Input) -> Result<Self, QueryError> {
        let owned = |name| input.text(name).map(str::to_owned);
        Ok(Self {
            role: RoleArn::parse(input.required("RoleArn")?)?,
            session_name: input.required("RoleSessionName")?.to_owned(),
            external_id: owned("ExternalId"),
            source_identity: owned("SourceIdentity"),
            has_mfa: input.text("SerialNumber").is_some() || input.text("TokenCode").is_some(),
            has_provided_contexts: !input.list("ProvidedContexts").is_empty(),
            session: SessionRequest::read(input)?,
        })
    }
}

/// What is answered.
#[derive(Debug, Clone)]
pub struct AssumeRoleOutput {
    /// The credentials.
    pub session: SessionAnswer,
    /// Whom they stand for.
    pub user: AssumedRoleUser,
    /// `SourceIdentity` of the session.
    pub source_identity: Option<String>,
}

impl WriteResult for AssumeRoleOutput {
    fn write(&self, writer: &mut Writer) {
        writer.optional("SourceIdentity", self.source_identity.as_deref());
        self.user.write(writer);
        self.session.write(writer);
        self.session.write_packed_size(writer);
    }
}
