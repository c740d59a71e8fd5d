//! Which operation a request is. Source: facts: s3-behaviour.md 2.

mod address;
mod early;
pub(crate) mod percent;
mod route;
mod selector;

pub use address::bucket_of_host;
pub use route::{Route, Routed, route};
