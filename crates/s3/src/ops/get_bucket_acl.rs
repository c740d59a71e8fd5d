//! `GetBucketAcl`: the ACL of a bucket.
//!
//! Source: Amazon S3 API Reference, "`GetBucketAcl`"; facts: s3-behaviour.md 14.

use buckler_policy::CanonicalId;

use crate::acl::document;
use crate::{Answer, Grant, IntoAnswer};

pub use super::BucketInput as Input;

/// The ACL as it counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// The bucket's owner.
    pub owner: CanonicalId,
    /// The grants, in the order in which they were set.
    pub grants: Vec<Grant>,
}

impl IntoAnswer for Output {
    fn into_answer(self) -> Answer {
        Answer::xml(document::write(&self.owner, &self.grants))
    }
}
