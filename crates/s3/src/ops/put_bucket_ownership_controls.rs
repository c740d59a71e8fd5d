//! `PutBucketOwnershipControls`: replaces the setting of Object Ownership.
//!
//! Source: Amazon S3 API Reference, "`PutBucketOwnershipControls`"; facts: s3-behaviour.md 14, authorization.md 1.2.

use buckler_policy::AccountId;
use http::StatusCode;

use crate::xml::read_required;
use crate::{
    AlgorithmNameRule, Answer, BucketName, FromRequest, Integrity, IntoAnswer, ObjectOwnership,
    Request, S3Error, expected_bucket_owner,
};

/// Most bytes of the document. Ours: AWS has a limit for each document and this one's is not recorded.
pub const DOCUMENT_BYTES_MAX: u64 = 8 * 1024;

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
    /// What its one rule says.
    pub object_ownership: ObjectOwnership,
}

impl Document {
    /// Reads an `OwnershipControls`.
    ///
    /// # Errors
    /// `MissingRequestBodyError`; `MalformedXML` for anything but exactly one rule.
    pub fn parse(body: &[u8]) -> Result<Self, S3Error> {
        let root = read_required(body, "OwnershipControls")?;
        root.allow(&["Rule"])?;
        let rule = root.required("Rule")?;
        rule.allow(&["ObjectOwnership"])?;
        let name = rule.required_text("ObjectOwnership")?;
        let object_ownership = ObjectOwnership::from_name(name).ok_or(S3Error::malformed_xml())?;
        Ok(Self { object_ownership })
    }
}

/// Done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Output;

impl IntoAnswer for Output {
    fn into_answer(self) -> Answer {
        Answer::empty(StatusCode::OK)
    }
}
