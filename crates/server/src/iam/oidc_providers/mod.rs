//! OpenID Connect providers. Source: IAM API Reference, the operations of these names.

pub(crate) mod change;
pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod get;
pub(crate) mod list;
pub(crate) mod tags;
mod target;
