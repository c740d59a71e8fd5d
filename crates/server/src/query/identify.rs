//! Which requests are calls to IAM or STS.
//!
//! The service of the credential scope decides. A request without a signature is a call only if it names an action:
//! `GET /` and `POST /` are S3's otherwise.

use buckler_iam::query::Service;
use buckler_s3::{Query, RequestHead, Routed, Target, route};
use http::{HeaderMap, Method, header};

/// A request that may be a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Candidate {
    /// Signed for this service.
    Signed(Service),
    /// Not signed; a call if its form names an action.
    Unsigned,
}

/// Looks at the head of a request; `None` if it is S3's.
pub(crate) fn candidate(head: &RequestHead<'_>, domains: &[String]) -> Option<Candidate> {
    if head.raw_path != "/" || !matches!(*head.method, Method::GET | Method::POST) {
        return None;
    }
    let query = Query::parse(head.raw_query).ok()?;
    match scope_service(head.headers, &query) {
        Scope::Of(service) => Service::from_name(&service).map(Candidate::Signed),
        Scope::Other => None,
        Scope::None => {
            let is_call = query.contains("Action") || is_form_at_service(head, domains);
            is_call.then_some(Candidate::Unsigned)
        }
    }
}

/// A form that is posted to the service itself: to a bucket's own host it is an upload.
fn is_form_at_service(head: &RequestHead<'_>, domains: &[String]) -> bool {
    let is_form = head
        .headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|kind| {
            kind.trim()
                .eq_ignore_ascii_case("application/x-www-form-urlencoded")
        });
    is_form && head.method == Method::POST && !has_bucket_host(head, domains)
}

/// Whether the host names a bucket: a `GET` of the same place is then about it.
fn has_bucket_host(head: &RequestHead<'_>, domains: &[String]) -> bool {
    let get = RequestHead {
        method: &Method::GET,
        raw_query: "",
        ..*head
    };
    !route(&get, domains).is_ok_and(|route| {
        route.target == Target::Service && matches!(route.routed, Routed::Operation(_))
    })
}

/// What a signature says of its service.
enum Scope {
    /// There is no signature.
    None,
    /// It names this service.
    Of(String),
    /// It is of a form that names none.
    Other,
}

fn scope_service(headers: &HeaderMap, query: &Query) -> Scope {
    if let Some(value) = headers.get(header::AUTHORIZATION) {
        let text = value.to_str().unwrap_or_default();
        let credential = text
            .split([' ', ','])
            .find_map(|component| component.trim().strip_prefix("Credential="));
        return credential
            .and_then(service_of)
            .map_or(Scope::Other, Scope::Of);
    }
    match query.get("X-Amz-Credential") {
        Some(credential) => service_of(credential).map_or(Scope::Other, Scope::Of),
        None if query.contains("X-Amz-Signature") || query.contains("Signature") => Scope::Other,
        None => Scope::None,
    }
}

/// The service of `KEY/DATE/REGION/SERVICE/aws4_request`, or of the same without a region (Version 4A).
fn service_of(credential: &str) -> Option<String> {
    let mut parts = credential.rsplit('/').skip(1);
    let service = parts.next()?;
    (parts.count() >= 2).then(|| service.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(
        method: &Method,
        target: &str,
        headers: &[(&'static str, &str)],
        expected: Option<Candidate>,
    ) {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(*name, value.parse().unwrap());
        }
        let head = RequestHead {
            method,
            raw_path: path,
            raw_query: query,
            headers: &map,
        };
        assert_eq!(candidate(&head, &["s3.test".to_owned()]), expected);
    }

    const FORM: (&str, &str) = (
        "content-type",
        "application/x-www-form-urlencoded; charset=utf-8",
    );

    fn signed(service: &str) -> String {
        format!(
            "AWS4-HMAC-SHA256 Credential=AK/20260101/us-east-1/{service}/aws4_request, SignedHeaders=host, Signature=0"
        )
    }

    #[test]
    fn the_service_of_the_scope_decides() {
        for (service, expected) in [
            ("iam", Some(Candidate::Signed(Service::Iam))),
            ("sts", Some(Candidate::Signed(Service::Sts))),
            ("s3", None),
        ] {
            let authorization = signed(service);
            let header = ("authorization", authorization.as_str());
            check(&Method::POST, "/", &[FORM, header], expected);
            check(&Method::GET, "/?Action=ListUsers", &[header], expected);
            check(&Method::GET, "/bucket?Action=ListUsers", &[header], None);
            let presigned = format!(
                "/?Action=X&X-Amz-Credential=AK%2F20260101%2Fus-east-1%2F{service}%2Faws4_request"
            );
            check(&Method::GET, &presigned, &[], expected);
            let without_region = authorization.replace("us-east-1/", "");
            let header = ("authorization", without_region.as_str());
            check(&Method::POST, "/", &[FORM, header], expected);
        }
    }

    #[test]
    fn without_a_signature_an_action_decides() {
        check(&Method::GET, "/?Action=X", &[], Some(Candidate::Unsigned));
        check(
            &Method::POST,
            "/",
            &[FORM, ("host", "s3.test")],
            Some(Candidate::Unsigned),
        );
        check(
            &Method::POST,
            "/",
            &[FORM, ("host", "photos.s3.test")],
            None,
        );
        check(
            &Method::POST,
            "/",
            &[("content-type", "multipart/form-data")],
            None,
        );
        check(&Method::GET, "/", &[], None);
        check(
            &Method::GET,
            "/?AWSAccessKeyId=AK&Signature=x&Expires=1",
            &[],
            None,
        );
    }
}
