//! `DeleteObjectTagging`: removes all tags of one version of an object.
//!
//! Source: Amazon S3 API Reference, "`DeleteObjectTagging`"; facts: s3-behaviour.md 13.

use http::StatusCode;

use crate::{Answer, IntoAnswer, VersionId};

pub use super::VersionInput as Input;

/// Done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// The version that lost its tags, in a bucket with versions.
    pub version_id: Option<VersionId>,
}

impl IntoAnswer for Output {
    fn into_answer(self) -> Answer {
        Answer::empty(StatusCode::NO_CONTENT).with_version(self.version_id.as_ref())
    }
}
