//! From a request's head to one operation.

use http::Method;

use super::{address, early, selector};
use crate::operation::{Level, Operation, ROWS};
use crate::{ErrorCode, Query, RequestHead, S3Error, Target};

/// What a request is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Routed {
    /// An operation.
    Operation(Operation),
    /// A method that the resource does not have. Answered after the signature was checked and before the bucket is
    /// looked up, by [`S3Error::method_not_allowed`]. Source: facts: s3-behaviour.md 2.2.
    MethodNotAllowed {
        /// AWS's name of the resource.
        resource_type: &'static str,
        /// The methods it has, for the header `Allow`.
        allow: &'static str,
    },
    /// `GET ?uploads` of a key. Answered after the bucket was looked up, by [`S3Error::uploads_of_key`].
    /// Source: facts: s3-behaviour.md 2.2.
    UploadsOfKey,
    /// `OPTIONS`: a CORS preflight, for which no credentials are looked at. Source: facts: s3-behaviour.md 15.2.
    Preflight,
}

/// A request that was recognised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// What it is.
    pub routed: Routed,
    /// What it is about. Bucket subresources asked of a key are about the bucket.
    pub target: Target,
    /// Its parameters.
    pub query: Query,
}

/// Recognises a request. `domains` are the host names below which bucket names stand (virtual-host style), without
/// ports; other hosts are path style.
///
/// # Errors
/// Everything that AWS answers before it looks at credentials: unreadable paths, keys and bucket names, conflicting
/// subresources, malformed integers, version ids where there are none. Source: facts: s3-behaviour.md 2.
pub fn route(head: &RequestHead<'_>, domains: &[String]) -> Result<Route, S3Error> {
    if !is_http_method(head.method) {
        return Err(S3Error::new(ErrorCode::BadRequest));
    }
    let target = address::target(head.raw_path, head.headers, domains)?;
    let query = Query::parse(head.raw_query)
        .map_err(|_| address::invalid_uri(&format!("{}?{}", head.raw_path, head.raw_query)))?;
    if head.method == Method::OPTIONS {
        return Ok(Route {
            routed: Routed::Preflight,
            target,
            query,
        });
    }
    let selected = selector::select(&target, &query)?;
    early::check_website_value(&selected, &query)?;
    let chosen = Chosen::of(head, &selected, &target, &query);
    early::check(head, chosen.row_operation(), &selected, &target, &query)?;
    let target = match (target, selected.level) {
        (Target::Object(bucket, _), Level::Bucket) => Target::Bucket(bucket),
        (target, _) => target,
    };
    Ok(Route {
        routed: chosen.0,
        target,
        query,
    })
}

/// What the table says.
struct Chosen(Routed);

impl Chosen {
    fn of(
        head: &RequestHead<'_>,
        selected: &selector::Selected,
        target: &Target,
        query: &Query,
    ) -> Self {
        let (name, resource_type) = match selected.name {
            // A part of an upload is a resource of its own.
            Some("uploadId")
                if query.contains("partNumber") && matches!(target, Target::Object(..)) =>
            {
                ("partNumber", "PART")
            }
            Some(name) => (name, selected.resource_type),
            None => ("", selected.resource_type),
        };
        let row = ROWS.iter().find(|row| {
            row.level == selected.level
                && row.selector == name
                && row.method == head.method.as_str()
                && row.when.holds(query, head.headers)
        });
        Self(match row {
            Some(row) => Routed::Operation(row.operation),
            None if name == "uploads"
                && selected.level == Level::Object
                && head.method == Method::GET =>
            {
                Routed::UploadsOfKey
            }
            None => Routed::MethodNotAllowed {
                resource_type,
                allow: allow(selected.level, name),
            },
        })
    }

    const fn row_operation(&self) -> Option<Operation> {
        match self.0 {
            Routed::Operation(operation) => Some(operation),
            Routed::MethodNotAllowed { .. } | Routed::UploadsOfKey | Routed::Preflight => None,
        }
    }
}

/// The methods a resource has, in the order AWS shows for an upload (`DELETE, POST, GET`).
fn allow(level: Level, selector: &str) -> &'static str {
    let has = |method: &str| {
        ROWS.iter().any(|row| {
            row.when.is_routable()
                && row.level == level
                && row.selector == selector
                && row.method == method
        })
    };
    match (
        has("DELETE"),
        has("POST"),
        has("PUT"),
        has("GET"),
        has("HEAD"),
    ) {
        (true, true, true, true, true) => "DELETE, POST, PUT, GET, HEAD",
        (true, false, true, true, true) => "DELETE, PUT, GET, HEAD",
        (true, true, true, true, false) => "DELETE, POST, PUT, GET",
        (true, false, true, true, false) => "DELETE, PUT, GET",
        (true, true, false, true, false) => "DELETE, POST, GET",
        (false, true, false, true, false) => "POST, GET",
        (false, false, true, true, false) => "PUT, GET",
        (false, true, false, false, false) => "POST",
        (false, false, true, false, false) => "PUT",
        (false, false, false, true, false) => "GET",
        _ => "",
    }
}

fn is_http_method(method: &Method) -> bool {
    [
        Method::GET,
        Method::HEAD,
        Method::PUT,
        Method::POST,
        Method::DELETE,
        Method::OPTIONS,
        Method::PATCH,
        Method::TRACE,
        Method::CONNECT,
    ]
    .contains(method)
}
