//! Calls to IAM and STS, on the endpoint of S3: identify, authenticate, validate, load, authorize, execute, respond,
//! audit.
//!
//! The wire is `buckler_iam::query`; the work of each operation is in `crate::iam` and `crate::sts`.

pub(crate) mod authenticate;
pub(crate) mod authorize;
pub(crate) mod call;
pub(crate) mod context_keys;
mod dispatch;
pub(crate) mod form;
mod handle;
pub(crate) mod identify;
pub(crate) mod operation;
mod respond;

pub use dispatch::QUERY_OPERATIONS;
pub(crate) use handle::{Incoming, handle};
