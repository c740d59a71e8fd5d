//! One call on its way.

use buckler_iam::Owner;
use buckler_iam::query::{Operation, QueryError};
use buckler_metadata::AccountRow;
use time::OffsetDateTime;

use crate::context::Context;
use crate::error::query::internal;
use crate::http::trusted_proxies::Client;
use crate::pipeline::caller::Caller;
use crate::pipeline::header_texts::HeaderTexts;

/// A call, and what is known of it beyond its parameters.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Call<'r> {
    pub(crate) cx: &'r Context,
    pub(crate) operation: Operation,
    pub(crate) caller: &'r Caller,
    pub(crate) headers: &'r HeaderTexts<'r>,
    pub(crate) client: Client,
    pub(crate) now: OffsetDateTime,
}

impl<'r> Call<'r> {
    /// The account of the caller, in which the call works.
    ///
    /// # Errors
    ///
    /// `InternalFailure` for a caller without one: calls that take no signature do not ask.
    pub(crate) fn account(&self) -> Result<&'r AccountRow, QueryError> {
        self.caller
            .account()
            .ok_or_else(|| internal("a caller without an account", &self.operation.name()))
    }

    /// The root or user that asks for a session of its own.
    ///
    /// # Errors
    ///
    /// `InternalFailure` for a caller of another kind: such calls are refused before.
    pub(crate) fn session_owner(&self) -> Result<Owner, QueryError> {
        self.caller.owner().ok_or_else(|| {
            internal(
                "a session of another kind of caller",
                &self.operation.name(),
            )
        })
    }
}
