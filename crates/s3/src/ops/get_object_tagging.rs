//! `GetObjectTagging`: the tags of one version of an object.
//!
//! Source: Amazon S3 API Reference, "`GetObjectTagging`"; facts: s3-behaviour.md 1.1 and 13.

use crate::{Answer, IntoAnswer, TagSet, VersionId, tagging};

pub use super::VersionInput as Input;

/// The tags.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// The tags, possibly none.
    pub tags: TagSet,
    /// The version that has them, in a bucket with versions.
    pub version_id: Option<VersionId>,
}

impl IntoAnswer for Output {
    fn into_answer(self) -> Answer {
        Answer::untyped_xml(tagging::write(&self.tags)).with_version(self.version_id.as_ref())
    }
}
