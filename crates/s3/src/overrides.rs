//! The `response-*` parameters of reads. Source: facts: s3-behaviour.md 6.4.

use crate::{Query, S3Error};

const NAMES: [(&str, &str); 6] = [
    ("response-content-type", "content-type"),
    ("response-content-language", "content-language"),
    ("response-expires", "expires"),
    ("response-cache-control", "cache-control"),
    ("response-content-disposition", "content-disposition"),
    ("response-content-encoding", "content-encoding"),
];

/// Headers of the answer that the request replaces.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ResponseOverrides(Vec<(&'static str, String)>);

impl ResponseOverrides {
    /// Reads the parameters.
    pub fn from_query(query: &Query) -> Self {
        let pairs = NAMES
            .iter()
            .filter_map(|(name, header)| query.get(name).map(|value| (*header, value.to_owned())));
        Self(pairs.collect())
    }

    /// Names of headers, lower case, and their values.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.0.iter().map(|(name, value)| (*name, value.as_str()))
    }

    /// Refuses any for an anonymous caller.
    ///
    /// # Errors
    /// `InvalidRequest`.
    pub fn refuse_anonymous(&self) -> Result<(), S3Error> {
        if self.0.is_empty() {
            return Ok(());
        }
        Err(S3Error::invalid_request(
            "Request specific response headers cannot be used for anonymous GET requests.",
        ))
    }
}
