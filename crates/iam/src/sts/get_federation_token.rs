//! `GetFederationToken`: temporary credentials under a name of the caller's choice.

use buckler_s3::xml::Writer;

use super::{SessionAnswer, SessionRequest};
use crate::query::{FromInput, Input, QueryError, WriteResult};

/// What is asked.
#[derive(Debug, Clone)]
pub struct GetFederationTokenInput {
    /// `Name`, 2 to 32 characters.
    pub name: String,
    /// The session.
    pub session: SessionRequest,
}

impl FromInput for GetFederationTokenInput {
    fn from_input(input: &Input) -> Result<Self, QueryError> {
        Ok(Self {
            name: input.required("Name")?.to_owned(),
            session: SessionRequest::read(input)?,
        })
    }
}

/// What is answered.
#[derive(Debug, Clone)]
pub struct GetFederationTokenOutput {
    /// The credentials.
    pub session: SessionAnswer,
    /// `ID:NAME`.
    pub user_id: String,
    /// `arn:aws:sts::ID:federated-user/NAME`.
    pub arn: String,
}

impl WriteResult for GetFederationTokenOutput {
    fn write(&self, writer: &mut Writer) {
        self.session.write(writer);
        writer.open("FederatedUser");
        writer.text("FederatedUserId", &self.user_id);
        writer.text("Arn", &self.arn);
        writer.close("FederatedUser");
        self.session.write_packed_size(writer);
    }
}
