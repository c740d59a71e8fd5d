//! What a request presents to prove its sender.

use core::fmt;

use time::OffsetDateTime;

use crate::error::SecurityToken;
use crate::payload::EMPTY_SHA256;
use crate::signed_headers::SignedHeaders;
use crate::{AuthError, Payload, Request, Version, v2};

/// The outcome of [`crate::read`].
#[derive(Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "made once per request and taken apart at once; a box would only add an allocation"
)]
pub enum Presented {
    /// Nothing is presented: no `Authorization`, or an empty one, and no presigned query.
    Anonymous {
        /// What `x-amz-content-sha256` says, if it is there.
        payload: Option<Payload>,
    },
    /// A signature, in form and of now, but not yet verified.
    Signed(Presentation),
}

/// Where the signature stands. Source: Amazon S3 condition key `s3:authType`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Method {
    /// In the `Authorization` header: `REST-HEADER`.
    Header,
    /// In the query of a presigned URL: `REST-QUERY-STRING`.
    Query,
    /// In a field of a browser's form: `POST`.
    Form,
}

impl Method {
    /// The value of the condition key `s3:authType`.
    pub const fn auth_type(self) -> &'static str {
        match self {
            Self::Header => "REST-HEADER",
            Self::Query => "REST-QUERY-STRING",
            Self::Form => "POST",
        }
    }
}

/// A claim to have been signed by a key: everything about it that can be judged without the key was found good.
///
/// Nothing in it may be believed before [`verify`](Self::verify).
pub struct Presentation {
    pub(crate) method: Method,
    pub(crate) version: Version,
    pub(crate) access_key_id: String,
    pub(crate) signed_at: Option<OffsetDateTime>,
    pub(crate) covered: Covered,
    pub(crate) signature: String,
    pub(crate) payload: DeclaredPayload,
    pub(crate) security_token: Option<SecurityToken>,
    pub(crate) expires_seconds: Option<u32>,
}

/// What a signature is over.
pub(crate) enum Covered {
    /// The request, by Version 4.
    Request {
        /// The time as it stands in the strings to sign.
        timestamp: String,
        signed_headers: SignedHeaders,
    },
    /// The request, by Version 2.
    RequestV2(v2::Signed),
    /// The policy of a form as sent, and nothing else.
    Policy(String),
}

/// The payload and the text that stands for it in the canonical request.
pub(crate) struct DeclaredPayload {
    pub(crate) payload: Payload,
    pub(crate) hash: String,
    /// False when the request does not say and the body itself is to be hashed.
    pub(crate) in_header: bool,
}

impl Presentation {
    /// The id of the access key that is to be looked up. Of any length the header allows.
    pub fn access_key_id(&self) -> &str {
        &self.access_key_id
    }

    /// The version, and what the key is to be derived for. The region and service of a scope are the endpoint's, its day
    /// the request's.
    pub fn version(&self) -> &Version {
        &self.version
    }

    /// The request's time, to the second. Within 15 minutes of now, or the start of a presigned URL's window. `None`
    /// where the signature does not say: a URL or form of Version 2.
    pub fn signed_at(&self) -> Option<OffsetDateTime> {
        self.signed_at
    }

    /// How the body is covered by the signature.
    pub fn payload(&self) -> Payload {
        self.payload.payload
    }

    /// The session token, from `x-amz-security-token` or `X-Amz-Security-Token`. Always a signed value.
    pub fn security_token(&self) -> Option<&str> {
        self.security_token.as_ref().map(SecurityToken::as_str)
    }

    /// Where the signature stands.
    pub fn method(&self) -> Method {
        self.method
    }

    /// `X-Amz-Expires` of a presigned URL, 0 to 604800 seconds; `None` for a header, and for Version 2, whose URLs name
    /// the end of their life instead.
    pub fn expires_seconds(&self) -> Option<u32> {
        self.expires_seconds
    }

    /// Says what the body's SHA-256 is, where the request itself does not.
    ///
    /// IAM and STS have no `x-amz-content-sha256`: their body must be read before the signature can be judged.
    /// Without this call such a body is taken to be empty, so that any other fails. A request that declares its
    /// payload, as every one to S3 does, is left as it is.
    #[must_use]
    pub fn with_body_hash(mut self, sha256: [u8; 32]) -> Self {
        if !self.payload.in_header {
            self.payload = DeclaredPayload::of_body(sha256);
        }
        self
    }
}

impl DeclaredPayload {
    /// Of a form, whose file no signature covers.
    pub(crate) fn unsigned() -> Self {
        Self {
            payload: Payload::Unsigned,
            hash: Payload::Unsigned.token(),
            in_header: true,
        }
    }

    /// Of a request signed by Version 2, which covers no body. Where `x-amz-content-sha256` is there all the same, the
    /// body must be what it says; chunks cannot be signed.
    pub(crate) fn beside_v2(request: &Request<'_>) -> Result<Self, AuthError> {
        let Some(value) = request.header_text("x-amz-content-sha256") else {
            return Ok(Self::unsigned());
        };
        match Payload::from_header(&value) {
            Some(payload) if !payload.has_signed_chunks() => Ok(Self {
                payload,
                hash: value,
                in_header: true,
            }),
            _ => Err(AuthError::PayloadHashInvalid { value }),
        }
    }

    /// Of a request to a service that is not S3 and hashes the body itself; as if it were empty.
    pub(crate) fn of_no_body() -> Self {
        Self::of_body(EMPTY_SHA256)
    }

    /// The hash of a body whose request does not declare it.
    pub(crate) fn of_body(sha256: [u8; 32]) -> Self {
        Self {
            payload: Payload::Signed(sha256),
            hash: hex::encode(sha256),
            in_header: false,
        }
    }
}

impl fmt::Debug for Presentation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Presentation")
            .field("method", &self.method)
            .field("access_key_id", &self.access_key_id)
            .field("version", &self.version)
            .field("signed_at", &self.signed_at)
            .field("payload", &self.payload.payload)
            .field("security_token", &self.security_token)
            .finish_non_exhaustive()
    }
}
