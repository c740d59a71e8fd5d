//! The canonical request: the one byte string that both sides make of a request.

mod headers;
mod path;
mod query;
mod request;

pub(crate) use request::canonical_request;
