//! `GetBucketLocation`: the region of a bucket, in its oldest form.
//!
//! Source: Amazon S3 API Reference, "`GetBucketLocation`"; facts: s3-behaviour.md 4.3.

use crate::region::US_EAST_1;
use crate::xml::Writer;
use crate::{Answer, IntoAnswer, Region};

pub use super::BucketInput as Input;

/// Where the bucket is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// The bucket's region; us-east-1 is shown as an empty element.
    pub region: Region,
}

impl IntoAnswer for Output {
    fn into_answer(self) -> Answer {
        Answer::xml(if self.region.constraint() == US_EAST_1 {
            Writer::empty_document("LocationConstraint")
        } else {
            Writer::text_document("LocationConstraint", self.region.constraint())
        })
    }
}
