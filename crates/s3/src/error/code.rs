//! The table: code, HTTP status, default message.

use http::StatusCode;

/// Makes the enum and its look-ups from one row per code.
macro_rules! error_codes {
    ($($code:ident = $status:ident, $message:literal;)+) => {
        /// An S3 error code, by AWS's name. Source: facts: s3-behaviour.md 1.4 and the section of each operation.
        #[expect(missing_docs, reason = "the names are AWS's and the table is the documentation")]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum ErrorCode { $($code),+ }

        impl ErrorCode {
            /// Every code, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$code),+];

            /// The code as it stands in the element `Code`.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$code => stringify!($code)),+ }
            }

            /// The HTTP status of the answer.
            pub const fn status(self) -> StatusCode {
                match self { $(Self::$code => StatusCode::$status),+ }
            }

            /// The message, where the code has one of its own; empty where the message always varies.
            pub const fn default_message(self) -> &'static str {
                match self { $(Self::$code => $message),+ }
            }

            /// The code of that name, to the letter.
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $(stringify!($code) => Some(Self::$code),)+ _ => None }
            }
        }
    };
}

error_codes! {
    // code = status, default message
    AccessDenied = FORBIDDEN, "Access Denied";
    AccessForbidden = FORBIDDEN, "CORSResponse: CORS is not enabled for this bucket.";
    AccessControlListNotSupported = BAD_REQUEST, "The bucket does not allow ACLs";
    AuthorizationHeaderMalformed = BAD_REQUEST, "The authorization header is malformed.";
    AuthorizationQueryParametersError = BAD_REQUEST, "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.";
    BadDigest = BAD_REQUEST, "The Content-MD5 you specified did not match what we received.";
    BadRequest = BAD_REQUEST, "An error occurred when parsing the HTTP request.";
    BucketAlreadyExists = CONFLICT, "The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.";
    BucketAlreadyOwnedByYou = CONFLICT, "Your previous request to create the named bucket succeeded and you already own it.";
    BucketNotEmpty = CONFLICT, "The bucket you tried to delete is not empty";
    ConditionalRequestConflict = CONFLICT, "The conditional request cannot succeed due to a conflicting operation against this resource.";
    EntityTooLarge = BAD_REQUEST, "Your proposed upload exceeds the maximum allowed size";
    EntityTooSmall = BAD_REQUEST, "Your proposed upload is smaller than the minimum allowed size";
    ExpiredToken = BAD_REQUEST, "The provided token has expired.";
    IllegalLocationConstraintException = BAD_REQUEST, "The unspecified location constraint is incompatible for the region specific endpoint this request was sent to.";
    IllegalVersioningConfigurationException = BAD_REQUEST, "The Versioning element must be specified";
    IncompleteBody = BAD_REQUEST, "The request body terminated unexpectedly";
    InternalError = INTERNAL_SERVER_ERROR, "We encountered an internal error. Please try again.";
    InvalidAccessKeyId = FORBIDDEN, "The AWS Access Key Id you provided does not exist in our records.";
    InvalidArgument = BAD_REQUEST, "Invalid Argument";
    InvalidBucketAclWithBlockPublicAccessError = BAD_REQUEST, "Bucket cannot have public ACLs set with BlockPublicAccess enabled";
    InvalidBucketAclWithObjectOwnership = BAD_REQUEST, "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting";
    InvalidBucketName = BAD_REQUEST, "The specified bucket is not valid.";
    InvalidBucketNamespace = BAD_REQUEST, "The specified bucket namespace is not valid.";
    InvalidBucketOwnerAWSAccountID = BAD_REQUEST, "The value of the expected bucket owner parameter must be an AWS Account ID...";
    InvalidBucketState = CONFLICT, "The request is not valid with the current state of the bucket.";
    InvalidChunkSizeError = FORBIDDEN, "Only the last chunk is allowed to have a size less than 8192 bytes";
    InvalidDigest = BAD_REQUEST, "The Content-MD5 you specified was invalid.";
    InvalidEncryptionAlgorithmError = BAD_REQUEST, "The Encryption request you specified is not valid. Supported value: AES256.";
    InvalidLocationConstraint = BAD_REQUEST, "The specified location-constraint is not valid";
    InvalidObjectState = FORBIDDEN, "The operation is not valid for the object's storage class";
    InvalidPart = BAD_REQUEST, "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.";
    InvalidPartNumber = RANGE_NOT_SATISFIABLE, "The requested partnumber is not satisfiable";
    InvalidPartOrder = BAD_REQUEST, "The list of parts was not in ascending order. Parts must be ordered by part number.";
    InvalidPolicyDocument = BAD_REQUEST, "Invalid Policy";
    InvalidRange = RANGE_NOT_SATISFIABLE, "The requested range is not satisfiable";
    InvalidRedirectLocation = BAD_REQUEST, "The website redirect location must have a prefix of 'http://' or 'https://' or '/'.";
    InvalidRequest = BAD_REQUEST, "Invalid Request";
    InvalidStorageClass = BAD_REQUEST, "The storage class you specified is not valid";
    InvalidTag = BAD_REQUEST, "The TagKey you have provided is invalid";
    InvalidTargetBucketForLogging = BAD_REQUEST, "The target bucket for logging does not exist";
    InvalidToken = BAD_REQUEST, "The provided token is malformed or otherwise invalid.";
    InvalidURI = BAD_REQUEST, "Couldn't parse the specified URI.";
    KeyTooLongError = BAD_REQUEST, "Your key is too long";
    MalformedACLError = BAD_REQUEST, "The XML you provided was not well-formed or did not validate against our published schema";
    MalformedContinuationToken = BAD_REQUEST, "The continuation-token you provided invalid.";
    MalformedPOSTRequest = BAD_REQUEST, "The body of your POST request is not well-formed multipart/form-data.";
    MalformedPolicy = BAD_REQUEST, "Policies must be valid JSON and the first byte must be '{'";
    MalformedTrailerError = BAD_REQUEST, "The request contained trailing data that was not well-formed or did not conform to our published schema.";
    MalformedXML = BAD_REQUEST, "The XML you provided was not well-formed or did not validate against our published schema";
    MaxMessageLengthExceeded = BAD_REQUEST, "Your request was too big.";
    MaxPostPreDataLengthExceededError = BAD_REQUEST, "Your POST request fields preceding the upload file were too large.";
    MetadataConfigurationNotFound = NOT_FOUND, "The metadata configuration was not found";
    MetadataTooLarge = BAD_REQUEST, "Your metadata headers exceed the maximum allowed metadata size";
    MethodNotAllowed = METHOD_NOT_ALLOWED, "The specified method is not allowed against this resource.";
    MissingContentLength = LENGTH_REQUIRED, "You must provide the Content-Length HTTP header.";
    MissingRequestBodyError = BAD_REQUEST, "Request Body is empty";
    MissingSecurityHeader = BAD_REQUEST, "Your request was missing a required header";
    NoLoggingStatusForKey = BAD_REQUEST, "There is no such thing as the ?logging sub-resource for a key";
    NoSuchBucket = NOT_FOUND, "The specified bucket does not exist";
    NoSuchBucketPolicy = NOT_FOUND, "The bucket policy does not exist";
    NoSuchCORSConfiguration = NOT_FOUND, "The CORS configuration does not exist";
    NoSuchConfiguration = NOT_FOUND, "The specified configuration does not exist.";
    NoSuchKey = NOT_FOUND, "The specified key does not exist.";
    NoSuchLifecycleConfiguration = NOT_FOUND, "The lifecycle configuration does not exist";
    NoSuchObjectLockConfiguration = NOT_FOUND, "The specified object does not have a ObjectLock configuration";
    NoSuchPublicAccessBlockConfiguration = NOT_FOUND, "The public access block configuration was not found";
    NoSuchTagSet = NOT_FOUND, "The TagSet does not exist";
    NoSuchUpload = NOT_FOUND, "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.";
    NoSuchVersion = NOT_FOUND, "The specified version does not exist.";
    NoSuchWebsiteConfiguration = NOT_FOUND, "The specified bucket does not have a website configuration";
    NotImplemented = NOT_IMPLEMENTED, "A header you provided implies functionality that is not implemented";
    ObjectLockConfigurationNotFoundError = NOT_FOUND, "Object Lock configuration does not exist for this bucket";
    OperationAborted = CONFLICT, "A conflicting conditional operation is currently in progress against this resource. Please try again.";
    OwnershipControlsNotFoundError = NOT_FOUND, "The bucket ownership controls were not found";
    PermanentRedirect = MOVED_PERMANENTLY, "The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.";
    PreconditionFailed = PRECONDITION_FAILED, "At least one of the pre-conditions you specified did not hold";
    RegionSetMismatch = BAD_REQUEST, "The provided X-Amz-Region-Set doesn't match against the requested S3 region.";
    ReplicationConfigurationNotFoundError = NOT_FOUND, "The replication configuration was not found";
    RequestHeaderSectionTooLarge = BAD_REQUEST, "Your request header section exceeds the maximum allowed size.";
    RequestTimeTooSkewed = FORBIDDEN, "The difference between the request time and the current time is too large.";
    RequestTimeout = BAD_REQUEST, "Your socket connection to the server was not read from or written to within the timeout period. Idle connections will be closed.";
    RestoreAlreadyInProgress = CONFLICT, "Object restore is already in progress";
    ServiceUnavailable = SERVICE_UNAVAILABLE, "Service is unable to handle request.";
    SignatureDoesNotMatch = FORBIDDEN, "The request signature we calculated does not match the signature you provided. Check your key and signing method.";
    SlowDown = SERVICE_UNAVAILABLE, "Please reduce your request rate.";
    TemporaryRedirect = TEMPORARY_REDIRECT, "Please re-send this request to the specified temporary endpoint. Continue to use the original request endpoint for future requests.";
    TooManyBuckets = BAD_REQUEST, "You have attempted to create more buckets than allowed";
    TooManyConfigurations = BAD_REQUEST, "You are attempting to create a new configuration but have already reached the 1,000-configuration limit.";
    UnexpectedContent = BAD_REQUEST, "This request does not support content";
    UserKeyMustBeSpecified = BAD_REQUEST, "User key must be specified.";
    V1APIsNotAllowed = METHOD_NOT_ALLOWED, "The V1 APIs are not allowed for this bucket.";
    XAmzContentSHA256Mismatch = BAD_REQUEST, "The provided 'x-amz-content-sha256' header does not match what was computed.";
}

impl ErrorCode {
    /// Whether the body begins with the XML declaration; a few codes go without.
    ///
    /// Errors of some operations go without it as well: [`crate::Operation::error_has_declaration`].
    /// Source: facts: s3-behaviour.md 1.3.
    pub const fn has_declaration(self) -> bool {
        !matches!(
            self,
            Self::NoSuchLifecycleConfiguration
                | Self::MetadataConfigurationNotFound
                | Self::V1APIsNotAllowed
        )
    }
}
