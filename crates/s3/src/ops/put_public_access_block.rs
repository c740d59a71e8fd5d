//! `PutPublicAccessBlock`: replaces the settings of Block Public Access.
//!
//! Source: Amazon S3 API Reference, "`PutPublicAccessBlock`"; facts: s3-behaviour.md 20, authorization.md 1.2.

use buckler_policy::AccountId;
use http::StatusCode;

use crate::xml::{Element, read_required};
use crate::{
    AlgorithmNameRule, Answer, BucketName, FromRequest, Integrity, IntoAnswer, PublicAccessBlock,
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
    /// The settings; what the document leaves out is off.
    pub settings: PublicAccessBlock,
}

impl Document {
    /// Reads a `PublicAccessBlockConfiguration`.
    ///
    /// # Errors
    /// `MissingRequestBodyError`, `MalformedXML`.
    pub fn parse(body: &[u8]) -> Result<Self, S3Error> {
        let root = read_required(body, "PublicAccessBlockConfiguration")?;
        root.allow(&[
            "BlockPublicAcls",
            "IgnorePublicAcls",
            "BlockPublicPolicy",
            "RestrictPublicBuckets",
        ])?;
        Ok(Self {
            settings: PublicAccessBlock {
                block_public_acls: flag(&root, "BlockPublicAcls")?,
                ignore_public_acls: flag(&root, "IgnorePublicAcls")?,
                block_public_policy: flag(&root, "BlockPublicPolicy")?,
                restrict_public_buckets: flag(&root, "RestrictPublicBuckets")?,
            },
        })
    }
}

/// The boolean of an XML schema, in any letter case, as older clients write `TRUE`.
fn flag(root: &Element, name: &str) -> Result<bool, S3Error> {
    match root
        .optional_text(name)?
        .map(|text| text.trim().to_ascii_lowercase())
        .as_deref()
    {
        None | Some("false" | "0") => Ok(false),
        Some("true" | "1") => Ok(true),
        Some(_) => Err(S3Error::malformed_xml()),
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
