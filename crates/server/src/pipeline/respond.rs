//! From an outcome to the bytes of an answer: the headers that every answer carries, and the one
//! place where an error becomes XML.

use axum::body::Body;
use buckler_s3::{IntoAnswer, S3Error};
use http::header::{self, HeaderName, HeaderValue};
use http::{HeaderMap, Response, StatusCode};

use super::incoming_body::Reuse;
use crate::http::answer_ids::AnswerIds;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-amz-request-id");
const HOST_ID: HeaderName = HeaderName::from_static("x-amz-id-2");
const SERVER: HeaderValue = HeaderValue::from_static("AmazonS3");
const XML: HeaderValue = HeaderValue::from_static("application/xml");

/// How an error is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// XML with its declaration.
    Body,
    /// XML without it. Facts: s3-behaviour.md 1.3.
    BodyWithoutDeclaration,
    /// None: the answer to HEAD.
    HeadOnly,
}

/// An answer on its way out: the protocol's part, and perhaps a body that streams.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Body,
}

impl<T: IntoAnswer> From<T> for Reply {
    fn from(output: T) -> Self {
        let answer = output.into_answer();
        Self {
            status: answer.status,
            headers: answer.headers,
            body: Body::from(answer.body),
        }
    }
}

/// The answer of an operation that succeeded.
pub(crate) fn success(reply: Reply, ids: &AnswerIds) -> Response<Body> {
    let mut response = Response::new(reply.body);
    *response.status_mut() = reply.status;
    *response.headers_mut() = reply.headers;
    stamp(response.headers_mut(), ids);
    response
}

/// The answer to a request that failed.
pub(crate) fn error(error: &S3Error, ids: &AnswerIds, form: Form) -> Response<Body> {
    let body = match form {
        Form::HeadOnly => Body::empty(),
        Form::Body => Body::from(error.to_xml(&ids.request_id, &ids.host_id, true)),
        Form::BodyWithoutDeclaration => {
            Body::from(error.to_xml(&ids.request_id, &ids.host_id, false))
        }
    };
    let mut response = Response::new(body);
    *response.status_mut() = error.status();
    let headers = response.headers_mut();
    if error.status() != StatusCode::NOT_MODIFIED {
        headers.insert(header::CONTENT_TYPE, XML);
    }
    for (name, value) in &error.headers {
        headers.insert(name, value.clone());
    }
    stamp(headers, ids);
    response
}

/// Says that the connection ends here, where bytes of the request are still under way.
pub(crate) fn close_unless(reuse: Reuse, response: &mut Response<Body>) {
    if reuse == Reuse::Impossible {
        response
            .headers_mut()
            .insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
}

fn stamp(headers: &mut HeaderMap, ids: &AnswerIds) {
    let text = |value: &str| HeaderValue::from_str(value).ok();
    if let (Some(request_id), Some(host_id)) = (text(&ids.request_id), text(&ids.host_id)) {
        headers.insert(REQUEST_ID, request_id);
        headers.insert(HOST_ID, host_id);
    }
    headers.insert(header::SERVER, SERVER);
}
