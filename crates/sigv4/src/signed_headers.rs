//! Which headers a signature covers, and which it should have covered.

use http::{HeaderMap, HeaderName};

/// Names of signed headers: lower-case, sorted, without repetition.
///
/// Source: facts: s3-behaviour.md 3.1 "Rules".
#[derive(Debug, Clone)]
pub(crate) struct SignedHeaders(Vec<HeaderName>);

impl SignedHeaders {
    /// Reads `host;x-amz-date`.
    ///
    /// What cannot be a header's name (it may come percent-decoded from a query, line feeds and all) is left
    /// out: nobody's signature covers it, so the signature will not match.
    pub(crate) fn parse(text: &str) -> Self {
        let mut names: Vec<_> = text
            .split(';')
            .filter_map(|name| HeaderName::from_bytes(name.as_bytes()).ok())
            .collect();
        names.sort_unstable_by(|a, b| a.as_str().cmp(b.as_str()));
        names.dedup();
        Self(names)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &HeaderName> {
        self.0.iter()
    }

    fn contains(&self, name: &HeaderName) -> bool {
        self.0
            .binary_search_by(|other| other.as_str().cmp(name.as_str()))
            .is_ok()
    }

    /// The headers of the request that had to be signed and were not, sorted: `host` and `x-amz-*`.
    ///
    /// `x-amz-content-sha256` need not be listed: it enters the signature as the payload's hash.
    /// Source: facts: s3-behaviour.md 3.1, authorization.md 6.1.
    pub(crate) fn missing(&self, headers: &HeaderMap) -> Vec<String> {
        let mut missing: Vec<_> = headers
            .keys()
            .filter(|name| must_be_signed(name) && !self.contains(name))
            .map(|name| name.as_str().to_owned())
            .collect();
        // `host` must be signed even when the request has none.
        if !headers.contains_key(http::header::HOST) && !self.contains(&http::header::HOST) {
            missing.push("host".to_owned());
        }
        missing.sort_unstable();
        missing
    }
}

fn must_be_signed(name: &HeaderName) -> bool {
    let name = name.as_str();
    name == "host" || (name.starts_with("x-amz-") && name != "x-amz-content-sha256")
}
