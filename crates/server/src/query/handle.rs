//! The steps of one call.

use axum::body::Body;
use buckler_iam::query::{Operation, Parameters, QueryError, Service, WriteResult};
use buckler_s3::RequestHead;
use http::Response;

use super::call::Call;
use super::form::Form;
use super::identify::Candidate;
use super::{authenticate, dispatch, form, respond};
use crate::context::Context;
use crate::http::answer_ids::AnswerIds;
use crate::http::trusted_proxies::Client;
use crate::pipeline::audit::Audit;
use crate::pipeline::caller::Caller;
use crate::pipeline::header_texts::HeaderTexts;
use crate::pipeline::incoming_body::IncomingBody;
use crate::pipeline::respond::close_unless;
use crate::sts::restrictions;

/// A request that may be a call, with what is needed to answer it.
pub(crate) struct Incoming<'r> {
    pub(crate) cx: &'r Context,
    pub(crate) head: &'r RequestHead<'r>,
    pub(crate) candidate: Candidate,
    pub(crate) client: Client,
    pub(crate) ids: &'r AnswerIds,
}

/// Answers a call; `None` if it turns out to be none, with its body read.
pub(crate) async fn handle(
    incoming: &Incoming<'_>,
    body: &mut IncomingBody,
    audit: &mut Audit,
) -> Option<Response<Body>> {
    let request_id = incoming.ids.uuid();
    let read = read(incoming, body).await;
    let (service, outcome) = match read {
        Ok(None) => return None,
        Ok(Some((service, form, parameters))) => {
            let outcome = answer(incoming, service, &form, &parameters, audit).await;
            (service, outcome)
        }
        Err((service, error)) => (service, Err(error)),
    };
    Some(match outcome {
        Ok((operation, result)) => {
            let mut response = respond::success(operation, &*result, &request_id);
            close_unless(body.reuse(), &mut response);
            response
        }
        Err(error) => {
            let mut response = respond::error(service, &error, &request_id);
            close_unless(body.drain().await, &mut response);
            audit.refused_with(error.code.name());
            response
        }
    })
}

/// Reads the form and finds the service; `None` for a form without a signature that names no action.
async fn read(
    incoming: &Incoming<'_>,
    body: &mut IncomingBody,
) -> Result<Option<(Service, Form, Parameters)>, (Service, QueryError)> {
    let signed_for = match incoming.candidate {
        Candidate::Signed(service) => Some(service),
        Candidate::Unsigned => None,
    };
    let in_form = |error| (signed_for.unwrap_or(Service::Iam), error);
    let form = form::read(incoming.head, body).await.map_err(in_form)?;
    let parameters = Parameters::parse(&form.text).map_err(in_form)?;
    if signed_for.is_none() && parameters.get("Action").is_none() {
        return Ok(None);
    }
    let service = signed_for
        .or_else(|| parameters.service())
        .unwrap_or(Service::Iam);
    Ok(Some((service, form, parameters)))
}

async fn answer(
    incoming: &Incoming<'_>,
    service: Service,
    form: &Form,
    parameters: &Parameters,
    audit: &mut Audit,
) -> Result<(Operation, Box<dyn WriteResult + Send>), QueryError> {
    let cx = incoming.cx;
    let operation = parameters.operation(service)?;
    audit.called(operation.service().name(), operation.name());
    let now = cx.clock.now();
    let is_signed = incoming.candidate != Candidate::Unsigned;
    let caller = if operation.is_unsigned() && !is_signed {
        Caller::anonymous()
    } else {
        authenticate::authenticate(cx, service, incoming.head, form, now).await?
    };
    audit.authenticated(&caller);
    restrictions::judge(&caller, operation)?;
    let call = Call {
        cx,
        operation,
        caller: &caller,
        headers: &HeaderTexts::new(incoming.head.headers),
        client: incoming.client,
        now,
    };
    let result = dispatch::dispatch(&call, parameters).await?;
    Ok((operation, result))
}
