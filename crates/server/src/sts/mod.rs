//! The work of STS's operations.

pub(crate) mod get_access_key_info;
pub(crate) mod get_caller_identity;
pub(crate) mod get_federation_token;
pub(crate) mod get_session_token;
mod issue;
mod request_tags;
pub(crate) mod restrictions;
