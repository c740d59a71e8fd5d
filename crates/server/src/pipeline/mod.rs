//! One request, one way through: identify, authenticate, load, authorize, execute, respond, audit.

pub(crate) mod audit;
pub(crate) mod authenticate;
pub(crate) mod authorize;
pub(crate) mod caller;
pub(crate) mod caller_keys;
pub(crate) mod caller_session;
pub(crate) mod connection_keys;
pub(crate) mod context_keys;
pub(crate) mod credentials;
pub(crate) mod digests;
mod dispatch;
pub(crate) mod document;
pub(crate) mod form_file;
mod hashing;
pub(crate) mod header_texts;
pub(crate) mod incoming_body;
pub(crate) mod load;
pub(crate) mod object_lock_keys;
pub(crate) mod payload;
pub(crate) mod policies;
mod post_form;
mod preflight;
mod presigned_headers;
pub(crate) mod respond;
pub(crate) mod sender;
mod serve;
pub(crate) mod upload;

pub use dispatch::OPERATIONS;
use serve::Exchange;

use axum::body::Body;
use buckler_s3::{Detail, ErrorCode, Operation, RequestHead, S3Error};
use http::{HeaderMap, Method, Request, Response, header};

use crate::context::Context;
use crate::error::store_error;
use crate::http::answer_ids::AnswerIds;
use crate::http::guarded_io::Connection;
use crate::http::trusted_proxies::Client;
use crate::query::identify::{Candidate, candidate};
use crate::query::{self, Incoming};
use audit::Audit;
use incoming_body::{IncomingBody, Reuse};
use respond::{Form, Reply};

/// Largest block of request headers, in bytes of names, values and their punctuation.
/// Facts: s3-behaviour.md 1.4, 24.
const HEADER_SECTION_BYTES_MAX: usize = 8192;

/// Answers one request.
pub(crate) async fn handle(cx: &Context, request: Request<Body>) -> Response<Body> {
    let ids = AnswerIds::random();
    let (parts, body) = request.into_parts();
    let head = RequestHead {
        method: &parts.method,
        raw_path: parts.uri.path(),
        raw_query: parts.uri.query().unwrap_or(""),
        headers: &parts.headers,
    };
    let connection = parts.extensions.get::<Connection>();
    let mut body = IncomingBody::new(body, expects_continue(&parts.headers));
    let client = cx.config.trusted_proxies.client(
        connection.map(|connection| connection.peer.ip()),
        &parts.headers,
    );
    let peer = connection.map(|connection| connection.peer);
    let mut audit = Audit::new(&ids, peer, client.source_ip);

    if let Some(candidate) = call_candidate(cx, &head, connection) {
        let incoming = Incoming {
            cx,
            head: &head,
            candidate,
            client,
            ids: &ids,
        };
        if let Some(response) = query::handle(&incoming, &mut body, &mut audit).await {
            audit.write(&head, response.status());
            return response;
        }
    }
    let incoming = IncomingRequest {
        cx,
        head: &head,
        connection,
        client,
    };
    let outcome = answer(incoming, &mut body, &mut audit).await;
    let mut response = match outcome {
        Ok(reply) => {
            let mut response = respond::success(reply, &ids);
            respond::close_unless(body.reuse(), &mut response);
            response
        }
        Err(error) => {
            let mut response = respond::error(&error, &ids, form(&parts.method, &audit));
            respond::close_unless(body.drain().await, &mut response);
            audit.failed(&error);
            response
        }
    };
    if connection.is_some_and(Connection::has_two_lengths) {
        respond::close_unless(Reuse::Impossible, &mut response);
    }
    audit.write(&head, response.status());
    response
}

/// Whether the request may be a call to IAM or STS; one that is not sound as HTTP is left to S3 to refuse.
fn call_candidate(
    cx: &Context,
    head: &RequestHead<'_>,
    connection: Option<&Connection>,
) -> Option<Candidate> {
    let is_sound = !connection.is_some_and(Connection::has_two_lengths)
        && check_header_section(head.headers).is_ok();
    is_sound
        .then(|| candidate(head, &cx.config.domains))
        .flatten()
}

/// A request whose head has come, and how.
struct IncomingRequest<'r> {
    cx: &'r Context,
    head: &'r RequestHead<'r>,
    connection: Option<&'r Connection>,
    client: Client,
}

async fn answer(
    incoming: IncomingRequest<'_>,
    body: &mut IncomingBody,
    audit: &mut Audit,
) -> Result<Reply, S3Error> {
    let IncomingRequest {
        cx,
        head,
        connection,
        client,
    } = incoming;
    if connection.is_some_and(Connection::has_two_lengths) {
        return Err(S3Error::new(ErrorCode::BadRequest)
            .with_message("An error occurred when parsing the HTTP request."));
    }
    check_header_section(head.headers)?;
    let route = buckler_s3::route(head, &cx.config.domains)?;
    audit.routed(&route);
    let cx = cx.of_request().await.map_err(store_error)?;
    let exchange = Exchange {
        cx: &cx,
        head,
        route: &route,
        body,
        client,
        audit,
    };
    dispatch::dispatch(exchange).await
}

fn check_header_section(headers: &HeaderMap) -> Result<(), S3Error> {
    // Name, colon, space, value, and the end of the line.
    let bytes: usize = headers
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len() + 4)
        .sum();
    if bytes <= HEADER_SECTION_BYTES_MAX {
        return Ok(());
    }
    Err(S3Error::new(ErrorCode::RequestHeaderSectionTooLarge)
        .with_detail(Detail::MaxSizeAllowed(HEADER_SECTION_BYTES_MAX as u64)))
}

fn expects_continue(headers: &HeaderMap) -> bool {
    headers
        .get(header::EXPECT)
        .is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"100-continue"))
}

fn form(method: &Method, audit: &Audit) -> Form {
    if method == Method::HEAD {
        return Form::HeadOnly;
    }
    match audit.operation() {
        Some(operation) if !Operation::error_has_declaration(operation) => {
            Form::BodyWithoutDeclaration
        }
        _ => Form::Body,
    }
}
