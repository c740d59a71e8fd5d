//! What a row of the table says about how an operation is recognised.

use http::HeaderMap;

use super::Operation;
use crate::Query;
use crate::request::header;

/// Whether an operation is on the service, a bucket or an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Level {
    /// The service.
    Service,
    /// A bucket.
    Bucket,
    /// An object.
    Object,
}

/// What distinguishes operations of the same method and subresource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum When {
    /// Nothing else has this method and subresource.
    Always,
    /// `x-amz-copy-source` is there.
    Copy,
    /// `x-amz-copy-source` is not there.
    NotCopy,
    /// The parameter `id` is there.
    Id,
    /// The parameter `id` is not there.
    NoId,
    /// `list-type=2`.
    ListType2,
    /// No `list-type`, or another.
    NotListType2,
    /// Another name of an operation that is recognised instead: the model keeps the names of before 2015.
    OldName(Operation),
    /// Not of this kind of endpoint, or answered before it gets here: `CreateSession`, `ListDirectoryBuckets`,
    /// `RenameObject`, `WriteGetObjectResponse`.
    Elsewhere,
}

/// One operation.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) operation: Operation,
    pub(crate) method: &'static str,
    pub(crate) level: Level,
    /// The subresource; empty for the plain bucket or object.
    pub(crate) selector: &'static str,
    pub(crate) when: When,
}

impl When {
    /// Whether the request is the one, among those of this method and subresource.
    pub(crate) fn holds(self, query: &Query, headers: &HeaderMap) -> bool {
        match self {
            Self::Always => true,
            Self::Copy => header(headers, "x-amz-copy-source").is_some(),
            Self::NotCopy => header(headers, "x-amz-copy-source").is_none(),
            Self::Id => query.contains("id"),
            Self::NoId => !query.contains("id"),
            Self::ListType2 => query.get("list-type") == Some("2"),
            Self::NotListType2 => query.get("list-type") != Some("2"),
            Self::OldName(_) | Self::Elsewhere => false,
        }
    }

    /// Whether requests are ever routed to the row.
    pub(crate) const fn is_routable(self) -> bool {
        !matches!(self, Self::OldName(_) | Self::Elsewhere)
    }
}
