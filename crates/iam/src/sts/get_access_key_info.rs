//! `GetAccessKeyInfo`: which account an access key belongs to.

use buckler_policy::AccountId;
use buckler_s3::xml::Writer;

use crate::query::{FromInput, Input, QueryError, WriteResult};

/// What is asked.
#[derive(Debug, Clone)]
pub struct GetAccessKeyInfoInput {
    /// `AccessKeyId`.
    pub access_key_id: String,
}

impl FromInput for GetAccessKeyInfoInput {
    fn from_input(input: &Input) -> Result<Self, QueryError> {
        Ok(Self {
            access_key_id: input.required("AccessKeyId")?.to_owned(),
        })
    }
}

/// What is answered.
#[derive(Debug, Clone)]
pub struct GetAccessKeyInfoOutput {
    /// The account.
    pub account: AccountId,
}

impl WriteResult for GetAccessKeyInfoOutput {
    fn write(&self, writer: &mut Writer) {
        writer.text("Account", self.account.as_str());
    }
}
