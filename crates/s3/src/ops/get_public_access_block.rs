//! `GetPublicAccessBlock`: the settings of Block Public Access.
//!
//! Source: Amazon S3 API Reference, "`GetPublicAccessBlock`"; facts: s3-behaviour.md 1.1 and 21.

use crate::xml::Writer;
use crate::{Answer, IntoAnswer, PublicAccessBlock};

pub use super::BucketInput as Input;

/// The settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Output {
    /// The bucket's own settings.
    pub settings: PublicAccessBlock,
}

impl IntoAnswer for Output {
    fn into_answer(self) -> Answer {
        let mut writer = Writer::document("PublicAccessBlockConfiguration");
        writer.boolean("BlockPublicAcls", self.settings.block_public_acls);
        writer.boolean("IgnorePublicAcls", self.settings.ignore_public_acls);
        writer.boolean("BlockPublicPolicy", self.settings.block_public_policy);
        writer.boolean(
            "RestrictPublicBuckets",
            self.settings.restrict_public_buckets,
        );
        writer.close("PublicAccessBlockConfiguration");
        Answer::untyped_xml(writer.finish())
    }
}
