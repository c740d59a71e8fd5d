//! Policies and requests made up from a small vocabulary, so that they often meet.

mod acls;
mod conditions;
mod contexts;
mod documents;
mod operators;
mod principals;
mod requests;
mod texts;

pub(crate) use documents::{bucket_policy, identity_policy};
pub(crate) use operators::{operators, values};
pub(crate) use requests::request;
