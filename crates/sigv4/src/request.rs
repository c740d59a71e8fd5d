//! What of a request is signed, and where it arrived.

use http::HeaderMap;

use crate::{AuthError, SignatureV2, v4a};

/// Most headers that are looked through one by one, which costs less than to hash a name.
const FEW_HEADERS: usize = 32;

/// The head of a request as it was received: nothing decoded, nothing normalised.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// The method, in upper case as sent.
    pub method: &'a str,
    /// The path up to `?`, percent-encoded as sent.
    pub raw_path: &'a str,
    /// What follows `?`, percent-encoded as sent; empty if there is none.
    pub raw_query: &'a str,
    /// All headers. Their lengths are bounded by the caller.
    pub headers: &'a HeaderMap,
}

/// The endpoint whose region and service a credential scope must name.
#[derive(Debug, Clone, Copy)]
pub struct Endpoint<'a> {
    /// For example `us-east-1`.
    pub region: &'a str,
    /// `s3`, `iam` or `sts`. Only `s3` demands `x-amz-content-sha256`; see [`crate::Presentation::with_body_hash`].
    pub service: &'a str,
    /// Whether Signature Version 2 is taken. S3 alone has it.
    pub signature_v2: SignatureV2<'a>,
}

impl Endpoint<'_> {
    /// Judges the regions that a signature of Version 4A is good in.
    pub(crate) fn judge_region_set(&self, region_set: String) -> Result<(), AuthError> {
        if v4a::names(&region_set, self.region) {
            return Ok(());
        }
        Err(AuthError::RegionSetMismatch {
            region_set,
            region: self.region.to_owned(),
        })
    }

    /// S3 carries the payload's hash in a header of its own; the other services hash the body.
    pub(crate) fn is_s3(&self) -> bool {
        self.service == "s3"
    }
}

impl Request<'_> {
    /// The header's bytes when it is there, without surrounding white space; the first when repeated.
    pub(crate) fn header(&self, name: &str) -> Option<&[u8]> {
        let value = if self.headers.len() > FEW_HEADERS {
            self.headers.get(name)
        } else {
            let mut all = self.headers.iter();
            all.find(|(other, _)| other.as_str() == name)
                .map(|(_, value)| value)
        };
        value.map(|value| value.as_bytes().trim_ascii())
    }

    /// The same as text; bytes that are not UTF-8 become replacement characters, so that no rule matches them.
    pub(crate) fn header_text(&self, name: &str) -> Option<String> {
        self.header(name).map(|bytes| match str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => String::from_utf8_lossy(bytes).into_owned(),
        })
    }
}
