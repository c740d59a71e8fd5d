//! The errors of IAM and STS: code, status and message.

use http::StatusCode;

/// Declares the codes, each with its status.
macro_rules! error_codes {
    ($($name:ident = $status:ident;)+) => {
        /// An error code of IAM or STS. Source: facts: authorization.md 7.1, 7.2.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum QueryErrorCode {
            $(#[doc = concat!("`", stringify!($name), "`.")] $name,)+
        }

        impl QueryErrorCode {
            /// The code as AWS writes it.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => stringify!($name),)+ }
            }

            /// The status that goes with it.
            pub const fn status(self) -> StatusCode {
                match self { $(Self::$name => StatusCode::$status,)+ }
            }
        }
    };
}

error_codes! {
    AccessDenied = FORBIDDEN;
    ConcurrentModification = CONFLICT;
    DeleteConflict = CONFLICT;
    EntityAlreadyExists = CONFLICT;
    EntityTemporarilyUnmodifiable = CONFLICT;
    ExpiredToken = FORBIDDEN;
    ExpiredTokenException = BAD_REQUEST;
    IDPCommunicationError = BAD_REQUEST;
    IDPRejectedClaim = FORBIDDEN;
    IncompleteSignature = BAD_REQUEST;
    InternalFailure = INTERNAL_SERVER_ERROR;
    InvalidAction = BAD_REQUEST;
    InvalidAuthorizationMessageException = BAD_REQUEST;
    InvalidClientTokenId = FORBIDDEN;
    InvalidIdentityToken = BAD_REQUEST;
    InvalidInput = BAD_REQUEST;
    LimitExceeded = CONFLICT;
    MalformedPolicyDocument = BAD_REQUEST;
    MalformedQueryString = BAD_REQUEST;
    MissingAction = BAD_REQUEST;
    MissingAuthenticationToken = FORBIDDEN;
    NoSuchEntity = NOT_FOUND;
    NotImplemented = NOT_IMPLEMENTED;
    OpenIdIdpCommunicationError = BAD_REQUEST;
    PackedPolicyTooLarge = BAD_REQUEST;
    PolicyEvaluation = INTERNAL_SERVER_ERROR;
    PolicyNotAttachable = BAD_REQUEST;
    RegionDisabledException = FORBIDDEN;
    RequestEntityTooLarge = PAYLOAD_TOO_LARGE;
    RequestExpired = BAD_REQUEST;
    ServiceFailure = INTERNAL_SERVER_ERROR;
    ServiceUnavailable = SERVICE_UNAVAILABLE;
    SignatureDoesNotMatch = FORBIDDEN;
    Throttling = BAD_REQUEST;
    UnmodifiableEntity = BAD_REQUEST;
    ValidationError = BAD_REQUEST;
}

/// What a call is refused with.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}: {message}", code.name())]
pub struct QueryError {
    /// The code.
    pub code: QueryErrorCode,
    /// AWS's message.
    pub message: String,
    /// Why a call was refused, for `DecodeAuthorizationMessage`.
    pub authorization_message: Option<String>,
}

impl QueryError {
    /// An error.
    pub fn new(code: QueryErrorCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            authorization_message: None,
        }
    }

    /// 400 `ValidationError`.
    pub fn validation(message: impl Into<String>) -> Self {
        Self::new(QueryErrorCode::ValidationError, message)
    }

    /// 404 `NoSuchEntity`.
    pub fn no_such_entity(message: impl Into<String>) -> Self {
        Self::new(QueryErrorCode::NoSuchEntity, message)
    }

    /// 400 `InvalidInput`.
    pub fn invalid_input(message: impl Into<String>) -> Self {
        Self::new(QueryErrorCode::InvalidInput, message)
    }

    /// 409 `LimitExceeded`.
    pub fn limit_exceeded(message: impl Into<String>) -> Self {
        Self::new(QueryErrorCode::LimitExceeded, message)
    }

    /// 500: a broken invariant. What broke is for the log, not for the client.
    pub fn internal() -> Self {
        Self::new(
            QueryErrorCode::InternalFailure,
            "The request processing has failed because of an unknown error, exception or failure.",
        )
    }
}
