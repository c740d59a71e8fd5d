//! Signature Version 2: HMAC-SHA1 over a few lines of the request. Old clients still speak it.
//!
//! It signs the method, two headers, the date, `x-amz-*` and the resource with its sub-resources: neither the body nor
//! the parameters of listings. That is why it is taken only where the endpoint says so ([`SignatureV2`]).
//!
//! Source: Amazon S3 User Guide, "Signing and authenticating REST requests" (Signature Version 2); where AWS's answers of
//! September 2026 say more (they were published with brekkylab/backlot), those.

mod ambiguity;
mod authorization_header;
mod key;
mod presigned;
mod string_to_sign;
mod sub_resources;

pub(crate) use ambiguity::is_ambiguous;
pub(crate) use authorization_header::read as read_header;
pub(crate) use key::sign;
pub(crate) use presigned::read as read_query;
pub(crate) use string_to_sign::{Signed, other_spelling, string_to_sign};

/// Whether an endpoint takes Signature Version 2.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignatureV2<'a> {
    /// Refused as in AWS's regions that never had it.
    Refused,
    /// Taken.
    Accepted {
        /// The bucket that the request's host names (virtual-host style), which is part of what is signed.
        host_bucket: Option<&'a str>,
    },
}
