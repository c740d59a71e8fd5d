//! `GetObjectAcl`: the ACL of one version of an object.
//!
//! Source: Amazon S3 API Reference, "`GetObjectAcl`"; facts: s3-behaviour.md 14.

use buckler_policy::CanonicalId;

use crate::acl::document;
use crate::{Answer, Grant, IntoAnswer, VersionId};

pub use super::VersionInput as Input;

/// The ACL as it counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// The object's owner.
    pub owner: CanonicalId,
    /// The grants, in the order in which they were set.
    pub grants: Vec<Grant>,
    /// The version, in a bucket with versions.
    pub version_id: Option<VersionId>,
}

impl IntoAnswer for Output {
    fn into_answer(self) -> Answer {
        Answer::xml(document::write(&self.owner, &self.grants))
            .with_version(self.version_id.as_ref())
    }
}
