//! `DecodeAuthorizationMessage`: why a call was refused.

use buckler_s3::xml::Writer;

use crate::query::{FromInput, Input, QueryError, WriteResult};

/// What is asked.
#[derive(Debug, Clone)]
pub struct DecodeAuthorizationMessageInput {
    /// `EncodedMessage`.
    pub encoded: String,
}

impl FromInput for DecodeAuthorizationMessageInput {
    fn from_input(input: &Input) -> Result<Self, QueryError> {
        Ok(Self {
            encoded: input.required("EncodedMessage")?.to_owned(),
        })
    }
}

/// What is answered.
#[derive(Debug, Clone)]
pub struct DecodeAuthorizationMessageOutput {
    /// The message, a JSON document.
    pub message: String,
}

impl WriteResult for DecodeAuthorizationMessageOutput {
    fn write(&self, writer: &mut Writer) {
        writer.text("DecodedMessage", &self.message);
    }
}
