//! `UploadPartCopy`: one part of an upload, from an existing object.
//!
//! Source: Amazon S3 API Reference, "`UploadPartCopy`"; facts: s3-behaviour.md 7 and 10.4.

use buckler_checksum::Checksum;
use buckler_policy::AccountId;
use time::OffsetDateTime;

use super::copy_object::quoted_etag;
use super::upload_part::part_number;
use crate::multipart::CopyRange;
use crate::xml::Writer;
use crate::{
    Answer, BucketName, CopySource, CopySourcePreconditions, ETag, FromRequest, IntoAnswer,
    ObjectKey, PartNumber, Request, S3Error, UploadId, VersionId, dates, encryption,
    expected_bucket_owner, expected_source_bucket_owner, payload,
};

/// What the request says.
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
    /// What is copied.
    pub source: CopySource,
    /// Which bytes of it; all of them without.
    pub range: Option<CopyRange>,
    /// Conditions on the source, judged once it is resolved.
    pub source_preconditions: CopySourcePreconditions,
    /// `x-amz-expected-bucket-owner`.
    pub expected_owner: Option<AccountId>,
    /// `x-amz-source-expected-bucket-owner`.
    pub expected_source_owner: Option<AccountId>,
}

impl FromRequest for Input {
    fn from_request(request: &Request<'_>) -> Result<Self, S3Error> {
        let headers = request.headers();
        payload::refuse_directory_headers(headers)?;
        let source = CopySource::of_part(headers)?;
        encryption::of_write(headers)?;
        Ok(Self {
            bucket: request.bucket()?,
            key: request.key()?,
            upload_id: UploadId::from_query(request.query)?,
            number: part_number(request)?,
            source,
            range: CopyRange::from_headers(headers)?,
            source_preconditions: CopySourcePreconditions::from_headers(headers),
            expected_owner: expected_bucket_owner(headers)?,
            expected_source_owner: expected_source_bucket_owner(headers)?,
        })
    }
}

/// The part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// Its entity tag.
    pub etag: ETag,
    /// When it was written.
    pub last_modified: OffsetDateTime,
    /// Its checksum, if the upload was created with an algorithm.
    pub checksum: Option<Checksum>,
    /// The source's version to show, as of a copy.
    pub source_version_id: Option<VersionId>,
}

impl IntoAnswer for Output {
    fn into_answer(self) -> Answer {
        let mut writer = Writer::document("CopyPartResult");
        writer.text("LastModified", &dates::s3_date(self.last_modified));
        writer.raw("ETag", &quoted_etag(&self.etag));
        if let Some(checksum) = &self.checksum {
            writer.text(checksum.algorithm().element_name(), &checksum.to_base64());
        }
        writer.close("CopyPartResult");
        Answer::xml(writer.finish())
            .with_encryption()
            .with_optional(
                "x-amz-copy-source-version-id",
                self.source_version_id.as_ref().map(VersionId::as_str),
            )
    }
}
