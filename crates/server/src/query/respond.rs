//! From an outcome to the bytes of an answer.

use axum::body::Body;
use buckler_iam::query::{
    Operation, QueryError, Service, WriteResult, error_document, success_document,
};
use bytes::Bytes;
use http::header::{self, HeaderName, HeaderValue};
use http::{Response, StatusCode};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-amzn-requestid");
/// Why a call was refused, sealed for `DecodeAuthorizationMessage`. AWS has such a message in the text of some services'
/// refusals; those of IAM and STS have none, and their text stays as it is.
const AUTHORIZATION_MESSAGE: HeaderName =
    HeaderName::from_static("x-buckler-authorization-message");
const XML: HeaderValue = HeaderValue::from_static("text/xml");

pub(super) fn success(
    operation: Operation,
    result: &dyn WriteResult,
    request_id: &str,
) -> Response<Body> {
    let document = success_document(operation, result, request_id);
    answer(StatusCode::OK, document, request_id)
}

pub(super) fn error(service: Service, error: &QueryError, request_id: &str) -> Response<Body> {
    let document = error_document(service, error, request_id);
    let mut response = answer(error.code.status(), document, request_id);
    if let Some(message) = &error.authorization_message
        && let Ok(value) = HeaderValue::from_str(message)
    {
        response.headers_mut().insert(AUTHORIZATION_MESSAGE, value);
    }
    response
}

fn answer(status: StatusCode, document: Bytes, request_id: &str) -> Response<Body> {
    let mut response = Response::new(Body::from(document));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, XML);
    if let Ok(id) = HeaderValue::from_str(request_id) {
        headers.insert(REQUEST_ID, id);
    }
    response
}
