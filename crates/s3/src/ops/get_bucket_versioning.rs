//! `GetBucketVersioning`: the versioning state of a bucket.
//!
//! Source: Amazon S3 API Reference, "`GetBucketVersioning`"; facts: s3-behaviour.md 1.1 and 11.

use crate::xml::Writer;
use crate::{Answer, IntoAnswer, MfaDelete, Versioning};

pub use super::BucketInput as Input;

/// The state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Output {
    /// The state; `None` if it was never configured.
    pub versioning: Option<Versioning>,
    /// MFA delete; `None` if it was never configured.
    pub mfa_delete: Option<MfaDelete>,
}

impl IntoAnswer for Output {
    fn into_answer(self) -> Answer {
        const ROOT: &str = "VersioningConfiguration";
        if self.versioning.is_none() && self.mfa_delete.is_none() {
            return Answer::untyped_xml(Writer::empty_document(ROOT));
        }
        let mut writer = Writer::document(ROOT);
        writer.optional("Status", self.versioning.map(Versioning::name));
        writer.optional("MfaDelete", self.mfa_delete.map(MfaDelete::name));
        writer.close(ROOT);
        Answer::untyped_xml(writer.finish())
    }
}
