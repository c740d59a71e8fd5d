//! Every way in which a request fails to prove who sent it.

use core::fmt;

use time::OffsetDateTime;

use crate::SignatureMismatch;
use crate::timestamp::extended;

/// Why a request is refused. `Display` is AWS's message to the letter, [`code`](Self::code) AWS's error code, and
/// [`extras`](Self::extras) the further elements of AWS's answer.
///
/// Source: facts: s3-behaviour.md 3.1 to 3.3, authorization.md 6.1, 6.2 and 7.7.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AuthError {
    /// More than one `Authorization` header.
    #[error("A header you provided implies functionality that is not implemented")]
    RepeatedAuthorization,
    /// The header is one word.
    #[error("Authorization header is invalid -- one and only one ' ' (space) required")]
    AuthorizationNotTwoWords {
        /// The header's value.
        authorization: String,
    },
    /// The header's scheme is none that is known.
    #[error("Unsupported Authorization Type")]
    UnsupportedAuthorizationType {
        /// The header's value.
        authorization: String,
    },
    /// An `Authorization` header and a presigned query in one request, or queries of two versions.
    #[error(
        "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified"
    )]
    OneMechanismOnly {
        /// The header's value; `None` if there is no header.
        authorization: Option<String>,
    },
    /// What follows `AWS ` is not one key, a colon and a signature.
    #[error("AWS authorization header is invalid.  Expected AwsAccessKeyId:signature")]
    KeyAndSignatureExpected {
        /// The header's value.
        authorization: String,
    },
    /// A URL signed by Version 2 lacks a parameter.
    #[error(
        "Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters"
    )]
    QueryParametersMissingV2,
    /// `Expires` of a URL signed by Version 2 is no date.
    #[error("Invalid date (should be seconds since epoch): {value}")]
    ExpiresNoDate {
        /// As sent.
        value: String,
    },
    /// Signature Version 2 where it is not taken, in a header, in a query or in a form.
    #[error(
        "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256."
    )]
    SignatureVersion2,
    /// The header has not three components, or one of them twice.
    #[error(
        "The authorization header is malformed; the authorization header requires three components: Credential, SignedHeaders, and Signature."
    )]
    ThreeComponentsRequired,
    /// A component of the header has no `=`.
    #[error(
        "The authorization header is malformed; the authorization component \"{component}\" is malformed."
    )]
    ComponentMalformed {
        /// The component as sent.
        component: String,
    },
    /// A component of the header has another name in its place.
    #[error("The authorization header is malformed; missing {name}.")]
    ComponentMissing {
        /// `Credential`, `SignedHeaders` or `Signature`.
        name: &'static str,
    },
    /// The header's credential is wrong in form or scope.
    #[error("The authorization header is malformed; {0}")]
    HeaderCredential(CredentialFault),
    /// One of the six parameters of a presigned URL is missing.
    #[error(
        "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters."
    )]
    QueryParametersMissing,
    /// `X-Amz-Algorithm` is another.
    #[error("X-Amz-Algorithm only supports \"AWS4-HMAC-SHA256 and AWS4-ECDSA-P256-SHA256\"")]
    QueryAlgorithm,
    /// `X-Amz-Date` is no time.
    #[error("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"")]
    QueryDateForm,
    /// `X-Amz-Expires` is no number.
    #[error("X-Amz-Expires should be a number")]
    ExpiresNotANumber,
    /// `X-Amz-Expires` is below zero.
    #[error("X-Amz-Expires must be non-negative")]
    ExpiresNegative,
    /// `X-Amz-Expires` is above 604800.
    #[error(
        "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds"
    )]
    ExpiresTooLong,
    /// The presigned URL's credential is wrong in form or scope.
    #[error("Error parsing the X-Amz-Credential parameter; {0}")]
    QueryCredential(CredentialFault),
    /// The presigned URL's scope is of another day than its `X-Amz-Date`.
    #[error(
        "Invalid credential date \"{credential_date}\". This date is not the same as X-Amz-Date: \"{request_date}\"."
    )]
    QueryCredentialDate {
        /// The scope's day, `yyyyMMdd`.
        credential_date: String,
        /// The day of `X-Amz-Date`, `yyyyMMdd`.
        request_date: String,
    },
    /// A field that a signed form must have is not there, or stands behind the file.
    #[error(
        "Bucket POST must contain a field named '{name}'.  If it is specified, please check the order of the fields."
    )]
    FormFieldMissing {
        /// The field.
        name: &'static str,
    },
    /// A form's `x-amz-algorithm` is another.
    #[error("Only AWS4-HMAC-SHA256 is supported")]
    FormAlgorithm {
        /// As sent.
        value: String,
    },
    /// A form's `x-amz-date` is no time.
    #[error("X-Amz-Date must be formated via ISO8601 Long format")]
    FormDate {
        /// As sent.
        value: String,
    },
    /// A form's credential is wrong in form or scope.
    #[error("{}", fault.in_form())]
    FormCredential {
        /// What is wrong.
        fault: CredentialFault,
        /// As sent.
        credential: String,
    },
    /// No usable `x-amz-date` or `Date`.
    #[error("AWS authentication requires a valid Date or x-amz-date header")]
    DateMissing,
    /// The request's time is more than 15 minutes from now.
    #[error("The difference between the request time and the current time is too large.")]
    RequestTimeTooSkewed {
        /// The request's time: ISO 8601 basic, with Version 2 as sent.
        request_time: String,
        /// Now.
        server_time: OffsetDateTime,
    },
    /// The presigned URL's time is over.
    #[error("Request has expired")]
    RequestExpired {
        /// `X-Amz-Expires`; `None` with Version 2, which has no such parameter.
        expires_seconds: Option<u32>,
        /// When it was over.
        expires_at: OffsetDateTime,
        /// Now.
        server_time: OffsetDateTime,
    },
    /// The presigned URL's time begins more than 15 minutes from now.
    #[error("Request is not yet valid")]
    RequestNotYetValid {
        /// When it begins.
        signed_at: OffsetDateTime,
        /// When it would be over.
        expires_at: OffsetDateTime,
        /// Now.
        server_time: OffsetDateTime,
    },
    /// `host` or `x-amz-*` headers are not covered by the signature.
    #[error("There were headers present in the request which were not signed")]
    HeadersNotSigned {
        /// Their names, sorted.
        names: Vec<String>,
    },
    /// Version 4A without `x-amz-region-set`.
    #[error("Missing required header for this request: x-amz-region-set")]
    RegionSetMissing,
    /// A URL of Version 4A without `X-Amz-Region-Set`, or with an empty one.
    #[error("SigV4a query auth requires a non empty x-amz-region-set parameter.")]
    QueryRegionSetMissing,
    /// The region set does not name the endpoint's region.
    #[error("The provided X-Amz-Region-Set doesn't match against the requested S3 region.")]
    RegionSetMismatch {
        /// As sent.
        region_set: String,
        /// The endpoint's region.
        region: String,
    },
    /// No `x-amz-content-sha256`.
    #[error("Missing required header for this request: x-amz-content-sha256")]
    PayloadHashMissing,
    /// `x-amz-content-sha256` is neither a token nor a hash.
    #[error(
        "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER, STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD, STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER or a valid sha256 value."
    )]
    PayloadHashInvalid {
        /// The header's value.
        value: String,
    },
    /// An anonymous request with chunk signatures.
    #[error(
        "Anonymous requests don't support this x-amz-content-sha256 value. Please use UNSIGNED-PAYLOAD or STREAMING-UNSIGNED-PAYLOAD-TRAILER."
    )]
    AnonymousSignedStreaming,
    /// The key is not known, not active, or temporary and without its token. Made by the caller of this crate.
    #[error("The AWS Access Key Id you provided does not exist in our records.")]
    InvalidAccessKeyId {
        /// The key's id.
        access_key_id: String,
    },
    /// The token is not the key's. Made by the caller of this crate.
    #[error("The provided token is malformed or otherwise invalid.")]
    InvalidToken {
        /// The token.
        token: SecurityToken,
    },
    /// The token's time is over. Made by the caller of this crate.
    #[error("The provided token has expired.")]
    ExpiredToken {
        /// The token.
        token: SecurityToken,
    },
    /// The signature is another.
    #[error(
        "The request signature we calculated does not match the signature you provided. Check your key and signing method."
    )]
    SignatureDoesNotMatch(Box<SignatureMismatch>),
}

/// What is wrong with a credential, `<access key id>/<date>/<region>/<service>/aws4_request`.
///
/// `Display` is the part of AWS's message that header and query have in common.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CredentialFault {
    /// Not five parts.
    #[error(
        "the Credential is mal-formed; expecting \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\"."
    )]
    Malformed,
    /// Not four parts, with Version 4A.
    #[error(
        "the Credential is mal-formed; expecting \"<YOUR-AKID>/YYYYMMDD/SERVICE/aws4_request\"."
    )]
    MalformedV4A,
    /// The date is no day.
    #[error(
        "incorrect date format \"{date}\". This date in the credential must be in the format \"yyyyMMdd\"."
    )]
    DateForm {
        /// As sent.
        date: String,
    },
    /// The date is another than the request's. In headers only; a query has a message of its own.
    #[error("Invalid credential date. Date is not the same as X-Amz-Date.")]
    DateMismatch,
    /// The region is empty.
    #[error("a non-empty region must be provided in the credential.")]
    RegionEmpty,
    /// Another region than the endpoint's.
    #[error("the region '{region}' is wrong; expecting '{expected}'")]
    Region {
        /// As sent.
        region: String,
        /// The endpoint's.
        expected: String,
    },
    /// Another service than the endpoint's.
    #[error("incorrect service \"{service}\". This endpoint belongs to \"{expected}\".")]
    Service {
        /// As sent.
        service: String,
        /// The endpoint's.
        expected: String,
    },
    /// Another last part than `aws4_request`.
    #[error("incorrect terminal \"{terminal}\". This endpoint uses \"aws4_request\".")]
    Terminal {
        /// As sent.
        terminal: String,
    },
}

impl CredentialFault {
    /// The message of a form, which quotes regions its own way. Source: facts: s3-behaviour.md 22.
    fn in_form(&self) -> String {
        match self {
            Self::Region { region, expected } => {
                format!("the region \"{region}\" is wrong; expecting \"{expected}\"")
            }
            other => other.to_string(),
        }
    }
}

/// A session token as sent. Has no `Display`; its `Debug` prints a mark.
#[derive(Clone, PartialEq, Eq)]
pub struct SecurityToken(String);

impl SecurityToken {
    /// Takes the token over.
    pub const fn new(token: String) -> Self {
        Self(token)
    }

    /// The token's text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SecurityToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecurityToken(***)")
    }
}

impl AuthError {
    /// AWS's error code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::RepeatedAuthorization => "NotImplemented",
            Self::AuthorizationNotTwoWords { .. }
            | Self::UnsupportedAuthorizationType { .. }
            | Self::OneMechanismOnly { .. }
            | Self::KeyAndSignatureExpected { .. }
            | Self::PayloadHashInvalid { .. }
            | Self::FormFieldMissing { .. }
            | Self::FormAlgorithm { .. }
            | Self::FormDate { .. }
            | Self::FormCredential { .. } => "InvalidArgument",
            Self::SignatureVersion2
            | Self::PayloadHashMissing
            | Self::RegionSetMissing
            | Self::AnonymousSignedStreaming => "InvalidRequest",
            Self::RegionSetMismatch { .. } => "RegionSetMismatch",
            Self::ThreeComponentsRequired
            | Self::ComponentMalformed { .. }
            | Self::ComponentMissing { .. }
            | Self::HeaderCredential(_) => "AuthorizationHeaderMalformed",
            Self::QueryParametersMissing
            | Self::QueryAlgorithm
            | Self::QueryRegionSetMissing
            | Self::QueryDateForm
            | Self::ExpiresNotANumber
            | Self::ExpiresNegative
            | Self::ExpiresTooLong
            | Self::QueryCredential(_)
            | Self::QueryCredentialDate { .. } => "AuthorizationQueryParametersError",
            Self::DateMissing
            | Self::QueryParametersMissingV2
            | Self::ExpiresNoDate { .. }
            | Self::RequestExpired { .. }
            | Self::RequestNotYetValid { .. }
            | Self::HeadersNotSigned { .. } => "AccessDenied",
            Self::RequestTimeTooSkewed { .. } => "RequestTimeTooSkewed",
            Self::InvalidAccessKeyId { .. } => "InvalidAccessKeyId",
            Self::InvalidToken { .. } => "InvalidToken",
            Self::ExpiredToken { .. } => "ExpiredToken",
            Self::SignatureDoesNotMatch(_) => "SignatureDoesNotMatch",
        }
    }

    /// The elements that follow `Message` in AWS's answer, in their order.
    pub fn extras(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::RepeatedAuthorization => vec![("Header", "Authorization".to_owned())],
            Self::AuthorizationNotTwoWords { authorization }
            | Self::UnsupportedAuthorizationType { authorization }
            | Self::KeyAndSignatureExpected { authorization }
            | Self::OneMechanismOnly {
                authorization: Some(authorization),
            } => argument("Authorization", authorization),
            Self::OneMechanismOnly {
                authorization: None,
            } => vec![("ArgumentName", "Authorization".to_owned())],
            Self::PayloadHashInvalid { value } => argument("x-amz-content-sha256", value),
            // AWS: an element `ArgumentValue` with nothing in it, as recorded.
            Self::FormFieldMissing { name } => argument(name, ""),
            Self::FormAlgorithm { value } => argument("x-amz-algorithm", value),
            Self::FormDate { value } => argument("x-amz-date", value),
            Self::FormCredential { credential, .. } => argument("x-amz-credential", credential),
            Self::HeaderCredential(CredentialFault::Region { expected, .. })
            | Self::QueryCredential(CredentialFault::Region { expected, .. }) => {
                vec![("Region", expected.clone())]
            }
            Self::RequestTimeTooSkewed {
                request_time,
                server_time,
            } => vec![
                ("RequestTime", request_time.clone()),
                ("ServerTime", extended(*server_time)),
                ("MaxAllowedSkewMilliseconds", "900000".to_owned()),
            ],
            Self::RequestExpired {
                expires_seconds,
                expires_at,
                server_time,
            } => {
                let mut extras = vec![
                    ("Expires", extended(*expires_at)),
                    ("ServerTime", extended(*server_time)),
                ];
                if let Some(seconds) = expires_seconds {
                    extras.insert(0, ("X-Amz-Expires", seconds.to_string()));
                }
                extras
            }
            // AWS: the date in milliseconds. Seen in September 2026, published with brekkylab/backlot.
            Self::RequestNotYetValid {
                signed_at,
                expires_at,
                server_time,
            } => vec![
                (
                    "X-Amz-Date",
                    (i128::from(signed_at.unix_timestamp()) * 1000).to_string(),
                ),
                ("Expires", extended(*expires_at)),
                ("ServerTime", extended(*server_time)),
            ],
            Self::RegionSetMismatch { region_set, region } => vec![
                ("RequestedRegion", region.clone()),
                ("RegionSet", region_set.clone()),
            ],
            Self::HeadersNotSigned { names } => vec![("HeadersNotSigned", names.join(", "))],
            Self::InvalidAccessKeyId { access_key_id } => {
                vec![("AWSAccessKeyId", access_key_id.clone())]
            }
            Self::InvalidToken { token } | Self::ExpiredToken { token } => {
                vec![("Token-0", token.as_str().to_owned())]
            }
            Self::SignatureDoesNotMatch(mismatch) => mismatch.extras(),
            _ => Vec::new(),
        }
    }
}

fn argument(name: &str, value: &str) -> Vec<(&'static str, String)> {
    vec![
        ("ArgumentName", name.to_owned()),
        ("ArgumentValue", value.to_owned()),
    ]
}
