//! One error as it is answered.

use std::borrow::Cow;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, StatusCode};

use super::{Detail, ErrorCode};
use crate::xml::Writer;

/// An error answer: what the client may read, nothing of what the log says.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}: {message}", code.name())]
pub struct S3Error {
    /// The code, which also has the status.
    pub code: ErrorCode,
    /// The message, to the letter; the code's own unless said otherwise.
    pub message: Cow<'static, str>,
    /// The extra elements.
    pub detail: Detail,
    /// Headers to send with it (`Allow`, `x-amz-delete-marker`, `x-amz-bucket-region` ...).
    pub headers: Vec<(HeaderName, HeaderValue)>,
}

impl S3Error {
    /// An error with the code's own message and no extra elements.
    pub const fn new(code: ErrorCode) -> Self {
        Self {
            code,
            message: Cow::Borrowed(code.default_message()),
            detail: Detail::None,
            headers: Vec::new(),
        }
    }

    /// Replaces the message.
    #[must_use]
    pub fn with_message(mut self, message: impl Into<Cow<'static, str>>) -> Self {
        self.message = message.into();
        self
    }

    /// Replaces the extra elements.
    #[must_use]
    pub fn with_detail(mut self, detail: Detail) -> Self {
        self.detail = detail;
        self
    }

    /// Adds a header; its name is lower case. One whose value cannot be a header value is left out.
    #[must_use]
    pub fn with_header(mut self, name: &'static str, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.push((HeaderName::from_static(name), value));
        }
        self
    }

    /// The HTTP status.
    pub const fn status(&self) -> StatusCode {
        self.code.status()
    }

    /// The body. `with_declaration` is false for the operations of facts: s3-behaviour.md 1.3; the codes that go without
    /// the declaration are known here.
    pub fn to_xml(&self, request_id: &str, host_id: &str, with_declaration: bool) -> Bytes {
        let mut writer = if with_declaration && self.code.has_declaration() {
            Writer::with_declaration()
        } else {
            Writer::bare()
        };
        writer.open("Error");
        writer.text("Code", self.code.name());
        // AWS: quotation marks are not escaped here, as in other documents (raw answers in public reports).
        writer.sentence("Message", &self.message);
        for (name, value) in self.detail.elements() {
            writer.text(name, &value);
        }
        writer.text("RequestId", request_id);
        writer.text("HostId", host_id);
        writer.close("Error");
        writer.finish()
    }
}

/// The shapes that many places need.
impl S3Error {
    /// `InvalidArgument` with `ArgumentName` and, where AWS shows it, `ArgumentValue`.
    pub fn invalid_argument(
        message: impl Into<Cow<'static, str>>,
        name: &'static str,
        value: Option<&str>,
    ) -> Self {
        Self::new(ErrorCode::InvalidArgument)
            .with_message(message)
            .with_detail(Detail::Argument {
                name,
                value: value.map(str::to_owned),
            })
    }

    /// `InvalidRequest` with a message.
    pub fn invalid_request(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorCode::InvalidRequest).with_message(message)
    }

    /// `NotImplemented` about a header.
    pub fn header_not_implemented(name: &str) -> Self {
        Self::new(ErrorCode::NotImplemented).with_detail(Detail::Header {
            name: name.to_owned(),
            additional_message: None,
        })
    }

    /// `NotImplemented` about a query parameter.
    pub fn query_not_implemented(name: &str) -> Self {
        Self::new(ErrorCode::NotImplemented)
            .with_message(
                "A query parameter you provided implies functionality that is not implemented",
            )
            .with_detail(Detail::QueryParameter(name.to_owned()))
    }

    /// `MethodNotAllowed` with `Method`, `ResourceType` and the header `Allow`.
    pub fn method_not_allowed(
        method: &http::Method,
        resource_type: &'static str,
        allow: &str,
    ) -> Self {
        Self::new(ErrorCode::MethodNotAllowed)
            .with_detail(Detail::Method {
                method: method.as_str().to_owned(),
                resource_type,
            })
            .with_header("allow", allow)
    }

    /// `InvalidRequest` for the list of uploads asked of a key.
    pub fn uploads_of_key() -> Self {
        Self::invalid_request("Key is not expected for the GET method ?uploads subresource")
    }

    /// `MalformedXML`.
    pub const fn malformed_xml() -> Self {
        Self::new(ErrorCode::MalformedXML)
    }

    /// `NoSuchBucket` with the bucket's name.
    pub fn no_such_bucket(bucket: &crate::BucketName) -> Self {
        Self::of_bucket(ErrorCode::NoSuchBucket, bucket)
    }

    /// An error of a code whose only extra element is `BucketName`.
    pub fn of_bucket(code: ErrorCode, bucket: &crate::BucketName) -> Self {
        Self::new(code).with_detail(Detail::BucketName(bucket.as_str().to_owned()))
    }

    /// `NoSuchKey` with the key.
    pub fn no_such_key(key: &crate::ObjectKey) -> Self {
        Self::new(ErrorCode::NoSuchKey).with_detail(Detail::Key(key.as_str().to_owned()))
    }

    /// `PreconditionFailed` with the condition that did not hold.
    pub fn precondition_failed(condition: &'static str) -> Self {
        Self::new(ErrorCode::PreconditionFailed).with_detail(Detail::Condition(condition))
    }
}
