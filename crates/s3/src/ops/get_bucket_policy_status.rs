//! `GetBucketPolicyStatus`: whether the bucket policy is public.
//!
//! Source: Amazon S3 API Reference, "`GetBucketPolicyStatus`"; facts: authorization.md 1.1 and 1.7.

use crate::xml::Writer;
use crate::{Answer, IntoAnswer};

pub use super::BucketInput as Input;

/// The verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Output {
    /// Whether the policy grants public access.
    pub is_public: bool,
}

impl IntoAnswer for Output {
    fn into_answer(self) -> Answer {
        let mut writer = Writer::document("PolicyStatus");
        writer.boolean("IsPublic", self.is_public);
        writer.close("PolicyStatus");
        Answer::xml(writer.finish())
    }
}
