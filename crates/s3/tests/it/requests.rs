//! Requests for tests, from one line of text.

use buckler_s3::{FromRequest, Request, RequestHead, Route, S3Error, route};
use http::{HeaderMap, HeaderName, HeaderValue, Method};

/// A request that owns its parts.
pub(crate) struct Sample {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) headers: HeaderMap,
}

/// `METHOD uri` and headers as `name: value`.
pub(crate) fn sample(line: &str, headers: &[(&str, &str)]) -> Sample {
    let (method, uri) = line.split_once(' ').unwrap();
    let (path, query) = uri.split_once('?').unwrap_or((uri, ""));
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        map.append(
            HeaderName::from_bytes(name.as_bytes()).unwrap(),
            HeaderValue::from_bytes(value.as_bytes()).unwrap(),
        );
    }
    Sample {
        method: Method::from_bytes(method.as_bytes()).unwrap(),
        path: path.to_owned(),
        query: query.to_owned(),
        headers: map,
    }
}

impl Sample {
    pub(crate) fn head(&self) -> RequestHead<'_> {
        RequestHead {
            method: &self.method,
            raw_path: &self.path,
            raw_query: &self.query,
            headers: &self.headers,
        }
    }

    pub(crate) fn route(&self) -> Result<Route, S3Error> {
        route(
            &self.head(),
            &["s3.example.com".to_owned(), "localhost".to_owned()],
        )
    }

    /// Routes the request and reads the input of an operation from it.
    pub(crate) fn input<I: FromRequest>(&self) -> Result<I, S3Error> {
        let route = self.route()?;
        I::from_request(&Request {
            head: self.head(),
            target: &route.target,
            query: &route.query,
        })
    }
}

/// Reads an input from one line.
pub(crate) fn input<I: FromRequest>(line: &str, headers: &[(&str, &str)]) -> Result<I, S3Error> {
    sample(line, headers).input()
}

/// Code and message of an error.
#[track_caller]
pub(crate) fn refused<T: std::fmt::Debug>(result: Result<T, S3Error>) -> (String, String) {
    let error = result.expect_err("must be refused");
    (error.code.name().to_owned(), error.message.into_owned())
}
