//! What a request presents to prove its sender.

use core::fmt;

use time::OffsetDateTime;

use crate::error::SecurityToken;
use crate::signed_headers::SignedHeaders;
use crate::{CredentialScope, Payload};

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
    pub(crate) access_key_id: String,
    pub(crate) scope: CredentialScope,
    pub(crate) signed_at: OffsetDateTime,
    /// The time as it stands in the strings to sign.
    pub(crate) timestamp: String,
    pub(crate) signed_headers: SignedHeaders,
    pub(crate) signature: String,
    pub(crate) payload: DeclaredPayload,
    pub(crate) security_token: Option<SecurityToken>,
    pub(crate) expires_seconds: Option<u32>,
    /// The policy of a form as sent, which is the whole of what is signed there.
    pub(crate) form_policy: Option<String>,
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

    /// The scope that the signing key is to be derived for. Its region and service are the endpoint's, its day the
    /// request's.
    pub fn scope(&self) -> &CredentialScope {
        &self.scope
    }

    /// The request's time, to the second. Within 15 minutes of now, or the start of a presigned URL's window.
    pub fn signed_at(&self) -> OffsetDateTime {
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

    /// `X-Amz-Expires` of a presigned URL, 0 to 604800 seconds; `None` for a header.
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
            .field("scope", &self.scope)
            .field("signed_at", &self.signed_at)
            .field("payload", &self.payload.payload)
            .field("security_token", &self.security_token)
            .finish_non_exhaustive()
    }
}
