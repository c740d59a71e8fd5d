//! The parts put together.

use super::{headers, path, query};
use crate::signed_headers::SignedHeaders;
use crate::{Method, Request};

/// Method, path, query, headers, their names and the payload's hash, a line each.
///
/// Source: AWS IAM User Guide, "Create a signed AWS API request", step "Create a canonical request".
pub(crate) fn canonical_request(
    request: &Request<'_>,
    method: Method,
    signed_headers: &SignedHeaders,
    payload_hash: &[u8],
) -> Vec<u8> {
    let mut canonical = Vec::with_capacity(512);
    canonical.extend_from_slice(request.method.as_bytes());
    canonical.push(b'\n');
    path::write(request.raw_path, &mut canonical);
    canonical.push(b'\n');
    query::write(request.raw_query, method, &mut canonical);
    canonical.push(b'\n');
    headers::write(signed_headers, request.headers, &mut canonical);
    canonical.push(b'\n');
    headers::write_names(signed_headers, &mut canonical);
    canonical.push(b'\n');
    canonical.extend_from_slice(payload_hash);
    canonical
}
