//! `PutBucketVersioning`: enables or suspends versioning.
//!
//! Source: Amazon S3 API Reference, "`PutBucketVersioning`"; facts: s3-behaviour.md 11, authorization.md 1.2.

use buckler_policy::AccountId;
use http::StatusCode;

use crate::xml::read_required;
use crate::{
    AlgorithmNameRule, Answer, BucketName, ErrorCode, FromRequest, Integrity, IntoAnswer,
    MfaDelete, Request, S3Error, Versioning, expected_bucket_owner,
};

/// Most bytes of the document. Source: facts: s3-behaviour.md 1.4.
pub const DOCUMENT_BYTES_MAX: u64 = 1024;

/// What the request's head says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// The bucket.
    pub bucket: BucketName,
    /// `x-amz-expected-bucket-owner`.
    pub expected_owner: Option<AccountId>,
    /// Claims about the body; none is demanded.
    pub integrity: Integrity,
}

impl FromRequest for Input {
    fn from_request(request: &Request<'_>) -> Result<Self, S3Error> {
        Ok(Self {
            bucket: request.bucket()?,
            expected_owner: expected_bucket_owner(request.headers())?,
            integrity: Integrity::parse(request.headers(), false, AlgorithmNameRule::MustMatch)?,
        })
    }
}

/// The body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Document {
    /// `Status`.
    pub versioning: Versioning,
    /// `MfaDelete`; absent, it stays as it is.
    pub mfa_delete: Option<MfaDelete>,
}

impl Document {
    /// Reads a `VersioningConfiguration`.
    ///
    /// # Errors
    /// `MissingRequestBodyError`, `MalformedXML`; `IllegalVersioningConfigurationException` without `Status`.
    pub fn parse(body: &[u8]) -> Result<Self, S3Error> {
        let root = read_required(body, "VersioningConfiguration")?;
        root.allow(&["Status", "MfaDelete"])?;
        let mfa_delete = match root.optional_text("MfaDelete")? {
            None => None,
            Some(name) => Some(MfaDelete::from_name(name).ok_or(S3Error::malformed_xml())?),
        };
        let status = root.optional_text("Status")?.ok_or(S3Error::new(
            ErrorCode::IllegalVersioningConfigurationException,
        ))?;
        let versioning = Versioning::from_name(status).ok_or(S3Error::malformed_xml())?;
        Ok(Self {
            versioning,
            mfa_delete,
        })
    }
}

/// 403 for `MfaDelete` that is to be enabled without the code of a device, or with one that is not known. AWS's text.
pub fn mfa_required() -> S3Error {
    S3Error::new(ErrorCode::AccessDenied)
        .with_message("Mfa Authentication must be used for this request")
}

/// 409 for suspending the versioning that object lock stands on.
pub fn object_lock_forbids() -> S3Error {
    S3Error::new(ErrorCode::InvalidBucketState).with_message(
        "An Object Lock configuration is present on this bucket, so the versioning state cannot be changed.",
    )
}

/// Done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Output;

impl IntoAnswer for Output {
    fn into_answer(self) -> Answer {
        Answer::empty(StatusCode::OK)
    }
}
