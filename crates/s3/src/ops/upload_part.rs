//! `UploadPart`: one part of an upload.
//!
//! Source: Amazon S3 API Reference, "`UploadPart`"; facts: s3-behaviour.md 10.1.

use buckler_checksum::Checksum;
use buckler_policy::AccountId;
use http::StatusCode;

use crate::{
    AlgorithmNameRule, Answer, BucketName, ContentMd5, ETag, FromRequest, Integrity, IntoAnswer,
    ObjectKey, PartNumber, Request, S3Error, UploadId, encryption, expected_bucket_owner, payload,
};

/// What the request's head says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// The bucket.
    pub bucket: BucketName,
    /// The key.
    pub key: ObjectKey,
    /// The upload.
    pub upload_id: UploadId,
    /// The part's number.
    pub number: PartNumber,
    /// How many bytes of data will come.
    pub data_bytes: u64,
    /// Claims about the body.
    pub integrity: Integrity,
    /// `x-amz-expected-bucket-owner`.
    pub expected_owner: Option<AccountId>,
}

impl FromRequest for Input {
    fn from_request(request: &Request<'_>) -> Result<Self, S3Error> {
        let headers = request.headers();
        payload::refuse_directory_headers(headers)?;
        ContentMd5::from_headers(headers)?;
        let integrity = Integrity::parse(
            headers,
            payload::is_streaming(headers),
            AlgorithmNameRule::MustMatch,
        )?;
        let data_bytes = payload::data_bytes(headers)?;
        encryption::of_write(headers)?;
        Ok(Self {
            bucket: request.bucket()?,
            key: request.key()?,
            upload_id: UploadId::from_query(request.query)?,
            number: part_number(request)?,
            data_bytes,
            integrity,
            expected_owner: expected_bucket_owner(headers)?,
        })
    }
}

/// Reads `partNumber`, which routing has looked at before.
pub(super) fn part_number(request: &Request<'_>) -> Result<PartNumber, S3Error> {
    PartNumber::parse_or_refuse(request.query.get("partNumber").unwrap_or_default())
}

/// The part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// Its entity tag.
    pub etag: ETag,
    /// Its checksum, if the request had one.
    pub checksum: Option<Checksum>,
}

impl IntoAnswer for Output {
    fn into_answer(self) -> Answer {
        let answer = Answer::empty(StatusCode::OK)
            .with("etag", &self.etag.quoted())
            .with_encryption();
        match self.checksum {
            None => answer,
            Some(checksum) => {
                answer.with(checksum.algorithm().header_name(), &checksum.to_base64())
            }
        }
    }
}
