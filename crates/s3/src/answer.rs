//! An answer as the server sends it.

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderName};
use http::{HeaderMap, HeaderValue, StatusCode};

/// Headers that the answer to a read mostly has, with those of the server.
const HEADERS_USUAL: usize = 12;

/// Status, headers and body of a success. The server adds `x-amz-request-id`, `x-amz-id-2`, `Date` and `Server`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// Headers of the operation. `Content-Length` stands here only where it does not follow from the body.
    pub headers: HeaderMap,
    /// The body; empty for streamed ones.
    pub body: Bytes,
}

/// Writes an operation's output.
pub trait IntoAnswer {
    /// The answer, with AWS's headers and element order.
    fn into_answer(self) -> Answer;
}

impl IntoAnswer for Answer {
    fn into_answer(self) -> Answer {
        self
    }
}

impl Answer {
    /// An answer without a body and headers.
    ///
    /// PERF: with room for those of a read, so that the map is not laid out anew as they come.
    pub fn empty(status: StatusCode) -> Self {
        Self {
            status,
            headers: HeaderMap::with_capacity(HEADERS_USUAL),
            body: Bytes::new(),
        }
    }

    /// 200 with an XML document and `Content-Type: application/xml`.
    pub fn xml(body: Bytes) -> Self {
        let mut answer = Self::untyped_xml(body);
        answer
            .headers
            .insert(CONTENT_TYPE, HeaderValue::from_static("application/xml"));
        answer
    }

    /// 200 with an XML document and no `Content-Type`, as several operations answer. Source: facts: s3-behaviour.md 1.1.
    pub fn untyped_xml(body: Bytes) -> Self {
        Self {
            body,
            ..Self::empty(StatusCode::OK)
        }
    }

    /// Adds a header; its name is lower case. A value that cannot stand in a header (line breaks) is left out.
    #[must_use]
    pub fn with(self, name: &'static str, value: &str) -> Self {
        self.with_bytes(name, value.as_bytes())
    }

    /// As [`Answer::with`], for a text whose characters are bytes. One with others is sent in UTF-8.
    #[must_use]
    pub fn with_latin1(self, name: &'static str, value: &str) -> Self {
        if value.is_ascii() {
            return self.with(name, value);
        }
        match latin1(value) {
            Some(bytes) => self.with_bytes(name, &bytes),
            None => self.with(name, value),
        }
    }

    /// As [`Answer::with`], for a value in whatever encoding.
    #[must_use]
    pub fn with_bytes(mut self, name: &'static str, value: &[u8]) -> Self {
        if let Ok(value) = HeaderValue::from_bytes(value) {
            self.headers.insert(HeaderName::from_static(name), value);
        }
        self
    }

    /// Adds a header when there is a value.
    #[must_use]
    pub fn with_optional(self, name: &'static str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// Adds `x-amz-version-id` when there is one to show.
    #[must_use]
    pub fn with_version(self, version_id: Option<&crate::VersionId>) -> Self {
        self.with_optional("x-amz-version-id", version_id.map(crate::VersionId::as_str))
    }

    /// Adds `x-amz-server-side-encryption: AES256`, which every write and read shows. Source: facts: s3-behaviour.md 5.1, 6.1.
    #[must_use]
    pub fn with_encryption(self) -> Self {
        self.with("x-amz-server-side-encryption", "AES256")
    }
}

/// The text in ISO-8859-1, if it can be.
pub(crate) fn latin1(text: &str) -> Option<Vec<u8>> {
    text.chars()
        .map(|character| u8::try_from(character).ok())
        .collect()
}
