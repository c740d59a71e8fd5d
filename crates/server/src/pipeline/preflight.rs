//! `OPTIONS`: the browser's question whether another site may call. No bucket has a CORS
//! configuration yet, so the answer is always no, in AWS's words.
//!
//! Source: facts: s3-behaviour.md 15.2. Authentication is never checked.

use buckler_s3::{Detail, ErrorCode, S3Error, Target};
use http::header;

use super::respond::Reply;
use super::serve::Exchange;
use crate::error::store_error;

/// The methods that a preflight may ask about.
const METHODS: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"];

/// Answers a preflight.
///
/// # Errors
///
/// Always: `BadRequest`, `NoSuchBucket` or `AccessForbidden`.
pub(super) async fn preflight(exchange: Exchange<'_>) -> Result<Reply, S3Error> {
    let headers = exchange.head.headers;
    if !headers.contains_key(header::ORIGIN) {
        return Err(bad_request(
            "Insufficient information. Origin request header needed.",
        ));
    }
    let method = headers
        .get(header::ACCESS_CONTROL_REQUEST_METHOD)
        .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
    if let Some(method) = method.as_deref().filter(|method| !METHODS.contains(method)) {
        return Err(bad_request(format!(
            "Invalid Access-Control-Request-Method: {method}"
        )));
    }
    let (cx, target) = (exchange.cx, &exchange.route.target);
    if let Some(bucket) = target.bucket()
        && cx
            .store
            .bucket(bucket)
            .await
            .map_err(store_error)?
            .is_none()
    {
        return Err(S3Error::no_such_bucket(bucket).with_message("CORSResponse: Bucket not found"));
    }
    Err(S3Error::new(ErrorCode::AccessForbidden)
        .with_message("CORSResponse: CORS is not enabled for this bucket.")
        .with_detail(Detail::Method {
            method: method.unwrap_or_else(|| "OPTIONS".to_owned()),
            resource_type: match target {
                Target::Object(..) => "OBJECT",
                Target::Bucket(_) | Target::Service => "BUCKET",
            },
        }))
}

fn bad_request(message: impl Into<std::borrow::Cow<'static, str>>) -> S3Error {
    S3Error::new(ErrorCode::BadRequest).with_message(message)
}
