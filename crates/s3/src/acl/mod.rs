//! Access control lists on the wire: canned ACLs, grants in headers, the document. Source: facts: s3-behaviour.md 14,
//! authorization.md 5.6.

mod canned;
pub(crate) mod document;
mod grant_header;
mod requested;

pub use canned::CannedAcl;
pub use document::AccessControlPolicy;
pub use requested::{RequestedAcl, RequestedGrant, RequestedGrantee};

/// Most grants of an ACL. Source: facts: authorization.md 5.6.
pub const GRANTS_MAX: usize = 100;
/// Most bytes of a document. Ours: a hundred grants in the longest form of SDKs have some 40 KB.
pub const ACL_DOCUMENT_BYTES_MAX: u64 = 128 * 1024;
