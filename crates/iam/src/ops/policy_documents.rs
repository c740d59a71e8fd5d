//! Policy documents in calls: checked when they come, URL-encoded when they go.
//!
//! IAM keeps the text as it was sent. Source: facts: authorization.md 7.1, 7.3.

use buckler_policy::{PolicyError, parse_identity_policy};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::query::{QueryError, QueryErrorCode};

/// RFC 3986: all but the unreserved characters.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// A document as answers carry it.
pub fn url_encoded(document: &str) -> String {
    utf8_percent_encode(document, RESERVED).to_string()
}

/// Wants a document to be a valid identity policy.
///
/// # Errors
/// `MalformedPolicyDocument`.
pub fn check_identity_policy(document: &str) -> Result<(), QueryError> {
    parse_identity_policy(document.as_bytes())
        .map(drop)
        .map_err(|fault| malformed_policy(&fault))
}

/// 400 `MalformedPolicyDocument`, in AWS's words.
pub fn malformed_policy(fault: &PolicyError) -> QueryError {
    QueryError::new(QueryErrorCode::MalformedPolicyDocument, fault.to_string())
}
