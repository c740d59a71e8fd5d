//! `ListParts`: a page of the parts of an upload in progress.
//!
//! Source: Amazon S3 API Reference, "`ListParts`"; facts: s3-behaviour.md 10.5.

use buckler_checksum::Checksum;
use buckler_policy::{AccountId, CanonicalId};
use time::OffsetDateTime;

use super::UploadTarget;
use crate::max_keys::not_negative;
use crate::multipart::{ChecksumPlan, write_people};
use crate::xml::Writer;
use crate::{
    Answer, ETag, FromRequest, IntoAnswer, PageSize, PartNumber, Request, S3Error, StorageClass,
    dates, expected_bucket_owner,
};

/// What the request says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// The upload.
    pub target: UploadTarget,
    /// `max-parts`.
    pub max_parts: PageSize,
    /// `part-number-marker`: begin behind it; 0 without.
    pub marker: u32,
    /// `x-amz-expected-bucket-owner`.
    pub expected_owner: Option<AccountId>,
}

impl FromRequest for Input {
    fn from_request(request: &Request<'_>) -> Result<Self, S3Error> {
        let max_parts = PageSize::from_query(request.query, "max-parts")?;
        let marker = not_negative(request.query, "part-number-marker")?.unwrap_or(0);
        Ok(Self {
            target: UploadTarget::from_request(request)?,
            max_parts,
            marker,
            expected_owner: expected_bucket_owner(request.headers())?,
        })
    }
}

/// A part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedPart {
    /// Its number.
    pub number: PartNumber,
    /// When it was written.
    pub last_modified: OffsetDateTime,
    /// Its entity tag.
    pub etag: ETag,
    /// Its size, in bytes.
    pub size_bytes: u64,
    /// Its checksum, if the upload was created with an algorithm.
    pub checksum: Option<Checksum>,
}

/// A page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// The request, which the answer repeats.
    pub request: Input,
    /// Who began the upload: a user's ARN, or an account's canonical id.
    pub initiator: String,
    /// Who will own the object.
    pub owner: CanonicalId,
    /// The object's storage class.
    pub storage_class: StorageClass,
    /// The upload's checksum.
    pub checksum: ChecksumPlan,
    /// Parts, by their numbers.
    pub parts: Vec<ListedPart>,
    /// Whether another page follows.
    pub is_truncated: bool,
}

impl IntoAnswer for Output {
    fn into_answer(self) -> Answer {
        let target = &self.request.target;
        let last = self.parts.last().map_or(0, |part| part.number.get());
        let mut writer = Writer::document("ListPartsResult");
        writer.text("Bucket", target.bucket.as_str());
        writer.text("Key", target.key.as_str());
        writer.text("UploadId", &target.upload_id.to_string());
        write_people(&mut writer, &self.initiator, self.owner.as_str());
        writer.text("StorageClass", self.storage_class.name());
        writer.number("PartNumberMarker", self.request.marker.into());
        writer.number("NextPartNumberMarker", last.into());
        writer.number("MaxParts", self.request.max_parts.get().into());
        writer.boolean("IsTruncated", self.is_truncated);
        if let Some((algorithm, checksum_type)) = self.checksum.asked() {
            writer.text("ChecksumAlgorithm", algorithm.name());
            writer.text("ChecksumType", checksum_type.name());
        }
        for part in &self.parts {
            write_part(&mut writer, part);
        }
        writer.close("ListPartsResult");
        Answer::xml(writer.finish())
    }
}

fn write_part(writer: &mut Writer, part: &ListedPart) {
    writer.open("Part");
    writer.number("PartNumber", part.number.get().into());
    writer.text("LastModified", &dates::s3_date(part.last_modified));
    writer.text("ETag", &part.etag.quoted());
    writer.number("Size", part.size_bytes);
    if let Some(checksum) = &part.checksum {
        writer.text(checksum.algorithm().element_name(), &checksum.to_base64());
    }
    writer.close("Part");
}
