//! One record per request: what was asked, by whom, what came of it, and which policy decided.
//!
//! Records are `tracing` events of the target `buckler::audit`. They hold names, never secrets,
//! and never the text of a body.

use std::net::{IpAddr, SocketAddr};

use buckler_policy::Deny;
use buckler_s3::{Operation, RequestHead, Route, Routed, S3Error};
use http::StatusCode;

use super::caller::Caller;
use crate::http::answer_ids::AnswerIds;

/// The record of one request while it is made.
#[derive(Debug)]
pub(crate) struct Audit {
    request_id: String,
    peer: Option<SocketAddr>,
    /// `aws:SourceIp`: the client behind a trusted proxy.
    source_ip: Option<IpAddr>,
    operation: Option<Operation>,
    /// A call of another service: `iam:CreateUser`.
    call: Option<String>,
    caller: Option<String>,
    /// The key that a form names, which is not in its path.
    form_key: Option<String>,
    code: Option<&'static str>,
}

impl Audit {
    pub(crate) fn new(
        ids: &AnswerIds,
        peer: Option<SocketAddr>,
        source_ip: Option<IpAddr>,
    ) -> Self {
        Self {
            request_id: ids.request_id.clone(),
            peer,
            source_ip,
            operation: None,
            call: None,
            caller: None,
            form_key: None,
            code: None,
        }
    }

    /// The operation, once it is known.
    pub(crate) fn operation(&self) -> Option<Operation> {
        self.operation
    }

    pub(crate) fn routed(&mut self, route: &Route) {
        if let Routed::Operation(operation) = route.routed {
            self.operation = Some(operation);
        }
    }

    /// A call to IAM or STS, once it is known.
    pub(crate) fn called(&mut self, service: &str, operation: &str) {
        self.call = Some(format!("{service}:{operation}"));
    }

    /// The code that a call is refused with.
    pub(crate) fn refused_with(&mut self, code: &'static str) {
        self.code = Some(code);
    }

    pub(crate) fn authenticated(&mut self, caller: &Caller) {
        self.caller = caller.arn().map(str::to_owned);
    }

    /// The key that a form names.
    pub(crate) fn form_key(&mut self, key: &str) {
        self.form_key = Some(key.to_owned());
    }

    pub(crate) fn failed(&mut self, error: &S3Error) {
        self.code = Some(error.code.name());
    }

    fn operation_name(&self) -> &str {
        match (self.operation, &self.call) {
            (Some(operation), _) => operation.name(),
            (None, Some(call)) => call,
            (None, None) => "-",
        }
    }

    /// Writes the record.
    pub(crate) fn write(&self, head: &RequestHead<'_>, status: StatusCode) {
        tracing::info!(
            target: "buckler::audit",
            request_id = self.request_id,
            peer = self.peer.map(tracing::field::display),
            source_ip = self.source_ip.map(tracing::field::display),
            operation = self.operation_name(),
            method = head.method.as_str(),
            path = head.raw_path,
            form_key = self.form_key.as_deref(),
            caller = self.caller.as_deref().unwrap_or("anonymous"),
            status = status.as_u16(),
            code = self.code.unwrap_or("-"),
        );
    }
}

/// Notes why a permission was refused: the same value that the client's message is made from.
pub(crate) fn refused(deny: &Deny) {
    if !tracing::enabled!(target: "buckler::audit", tracing::Level::INFO) {
        return;
    }
    tracing::info!(
        target: "buckler::audit",
        action = deny.action,
        resource = %deny.resource,
        reason = %deny.reason,
        "refused"
    );
}
