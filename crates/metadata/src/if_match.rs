//! `If-Match`, as writes and deletions share it.

use buckler_s3::ETag;

use crate::Unmet;

/// What the current object must be. Source: facts: s3-behaviour.md 8.1, 8.2.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IfMatch {
    /// `*`: there is one.
    Any,
    /// It has this entity tag.
    Tag(ETag),
    /// A tag that no object has: weak ones, lists, and what is no tag at all.
    Nothing,
}

impl IfMatch {
    /// Judges the entity tag of the object that is there, if there is one.
    pub(crate) fn unmet_by(&self, live: Option<&str>) -> Option<Unmet> {
        match (self, live) {
            (_, None) => Some(Unmet::NoSuchKey),
            (Self::Any, Some(_)) => None,
            (Self::Tag(etag), Some(live)) if live == etag.as_str() => None,
            (Self::Tag(_) | Self::Nothing, Some(_)) => Some(Unmet::IfMatch),
        }
    }
}
