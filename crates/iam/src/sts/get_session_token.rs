//! `GetSessionToken`: temporary credentials of the caller itself.

use buckler_s3::xml::Writer;

use super::SessionAnswer;
use crate::query::{FromInput, Input, QueryError, WriteResult};

/// What is asked.
#[derive(Debug, Clone)]
pub struct GetSessionTokenInput {
    /// `DurationSeconds`, 900 to 129,600.
    pub duration_seconds: Option<i64>,
    /// Whether a second factor is presented.
    pub has_mfa: bool,
}

impl FromInput for GetSessionTokenInput {
    fn from_input(input: &Input) -> Result<Self, QueryError> {
        Ok(Self {
            duration_seconds: input.integer("DurationSeconds"),
            has_mfa: input.text("SerialNumber").is_some() || input.text("TokenCode").is_some(),
        })
    }
}

/// What is answered.
#[derive(Debug, Clone)]
pub struct GetSessionTokenOutput(pub SessionAnswer);

impl WriteResult for GetSessionTokenOutput {
    fn write(&self, writer: &mut Writer) {
        self.0.write(writer);
    }
}
