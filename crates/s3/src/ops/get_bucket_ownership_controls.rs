//! `GetBucketOwnershipControls`: the setting of Object Ownership.
//!
//! Source: Amazon S3 API Reference, "`GetBucketOwnershipControls`"; facts: s3-behaviour.md 1.1 and 14.

use crate::xml::Writer;
use crate::{Answer, IntoAnswer, ObjectOwnership};

pub use super::BucketInput as Input;

/// The setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Output {
    /// Its one rule.
    pub object_ownership: ObjectOwnership,
}

impl IntoAnswer for Output {
    fn into_answer(self) -> Answer {
        let mut writer = Writer::document("OwnershipControls");
        writer.open("Rule");
        writer.text("ObjectOwnership", self.object_ownership.name());
        writer.close("Rule");
        writer.close("OwnershipControls");
        Answer::untyped_xml(writer.finish())
    }
}
