//! The `response-*` parameters of reads. Source: facts: s3-behaviour.md 6.4.

use crate::answer::latin1;
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
pub struct ResponseOverrides(Vec<(&'static str, Vec<u8>)>);

impl ResponseOverrides {
    /// Reads the parameters.
    ///
    /// # Errors
    /// `InvalidArgument` for a text beyond ISO-8859-1, as which the header is sent.
    ///
    /// AWS: seen in many reports, among them guardian/grid 1716, and recorded by LocalStack's tests.
    pub fn from_query(query: &Query) -> Result<Self, S3Error> {
        let mut overrides = Self::default();
        for (name, header) in NAMES {
            let Some(text) = query.get(name) else {
                continue;
            };
            let value = latin1(text).ok_or_else(|| {
                S3Error::invalid_argument(
                    "Header value cannot be represented using ISO-8859-1.",
                    name,
                    Some(text),
                )
            })?;
            overrides.0.push((header, value));
        }
        Ok(overrides)
    }

    /// Names of headers, lower case, and their values, in ISO-8859-1.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &[u8])> {
        self.0.iter().map(|(name, value)| (*name, &**value))
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
