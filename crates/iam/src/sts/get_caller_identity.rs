//! `GetCallerIdentity`: who am I.

use buckler_s3::xml::Writer;

use crate::query::WriteResult;

/// Whose credentials the call was signed with.
#[derive(Debug, Clone)]
pub struct GetCallerIdentityOutput {
    /// `aws:userid`.
    pub user_id: String,
    /// The account.
    pub account: String,
    /// The caller's own ARN: a session's is the session's.
    pub arn: String,
}

impl WriteResult for GetCallerIdentityOutput {
    fn write(&self, writer: &mut Writer) {
        writer.text("Arn", &self.arn);
        writer.text("UserId", &self.user_id);
        writer.text("Account", &self.account);
    }
}
