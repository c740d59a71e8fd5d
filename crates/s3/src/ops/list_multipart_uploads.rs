//! `ListMultipartUploads`: a page of the uploads in progress.
//!
//! Source: Amazon S3 API Reference, "`ListMultipartUploads`"; facts: s3-behaviour.md 10.5.

use buckler_policy::{AccountId, CanonicalId};
use time::OffsetDateTime;

use super::listing::{EncodingType, encode, text, write_common_prefixes};
use crate::multipart::{ChecksumPlan, write_people};
use crate::xml::Writer;
use crate::{
    Answer, BucketName, FromRequest, IntoAnswer, ObjectKey, PageSize, Query, Request, S3Error,
    StorageClass, UploadId, dates, expected_bucket_owner,
};

/// What the request says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// The bucket.
    pub bucket: BucketName,
    /// `prefix`; empty counts as absent.
    pub prefix: Option<String>,
    /// `delimiter`, one or more characters; empty counts as absent.
    pub delimiter: Option<String>,
    /// `key-marker`; empty counts as absent.
    pub key_marker: Option<String>,
    /// `upload-id-marker`: begin behind this upload of the key of `key-marker`, without which it does not count.
    pub upload_id_marker: Option<UploadId>,
    /// `max-uploads`.
    pub max_uploads: PageSize,
    /// `encoding-type`.
    pub encoding_type: Option<EncodingType>,
    /// `x-amz-expected-bucket-owner`.
    pub expected_owner: Option<AccountId>,
}

impl FromRequest for Input {
    fn from_request(request: &Request<'_>) -> Result<Self, S3Error> {
        let query = request.query;
        let expected_owner = expected_bucket_owner(request.headers())?;
        let encoding_type = EncodingType::from_query(query)?;
        let max_uploads = PageSize::from_query(query, "max-uploads")?;
        let key_marker = text(query, "key-marker");
        let upload_id_marker = match key_marker {
            None => None,
            Some(_) => upload_id_marker(query)?,
        };
        Ok(Self {
            bucket: request.bucket()?,
            prefix: text(query, "prefix"),
            delimiter: text(query, "delimiter"),
            key_marker,
            upload_id_marker,
            max_uploads,
            encoding_type,
            expected_owner,
        })
    }
}

const UPLOAD_ID_MARKER: &str = "upload-id-marker";

fn upload_id_marker(query: &Query) -> Result<Option<UploadId>, S3Error> {
    match text(query, UPLOAD_ID_MARKER) {
        None => Ok(None),
        Some(marker) => UploadId::parse(&marker)
            .map(Some)
            .map_err(|_| invalid_marker(&marker)),
    }
}

/// `InvalidArgument` for a marker that is no upload's id, or that of another key's upload.
pub fn invalid_marker(marker: &str) -> S3Error {
    S3Error::invalid_argument("Invalid uploadId marker", UPLOAD_ID_MARKER, Some(marker))
}

/// An upload in progress.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedUpload {
    /// The object's key.
    pub key: ObjectKey,
    /// The upload's id.
    pub upload_id: UploadId,
    /// Who began it: a user's ARN, or an account's canonical id.
    pub initiator: String,
    /// Who will own the object.
    pub owner: CanonicalId,
    /// The object's storage class.
    pub storage_class: StorageClass,
    /// When it was begun.
    pub initiated: OffsetDateTime,
    /// Its checksum.
    pub checksum: ChecksumPlan,
}

/// Where a page ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageEnd {
    /// The last key, or the common prefix that comes last on a page that another follows.
    pub key: String,
    /// The last upload; `None` for a common prefix.
    pub upload_id: Option<UploadId>,
}

/// A page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// The request, which the answer repeats.
    pub request: Input,
    /// Uploads, by the bytes of their keys, and then by age.
    pub uploads: Vec<ListedUpload>,
    /// Common prefixes, by their bytes.
    pub common_prefixes: Vec<String>,
    /// Where the page ends, whether another follows or not; `None` if it is empty.
    pub end: Option<PageEnd>,
    /// Whether another page follows.
    pub is_truncated: bool,
}

impl IntoAnswer for Output {
    fn into_answer(self) -> Answer {
        let request = &self.request;
        let encoding = request.encoding_type.as_ref();
        let encoded = |text: &str| encode(encoding, text).into_owned();
        let id = |id: Option<UploadId>| id.map(|id| id.to_string()).unwrap_or_default();
        let end_key = self.end.as_ref().map_or("", |end| &end.key);
        let end_id = self.end.as_ref().and_then(|end| end.upload_id);
        let mut writer = Writer::document("ListMultipartUploadsResult");
        writer.text("Bucket", request.bucket.as_str());
        writer.text(
            "KeyMarker",
            &encoded(request.key_marker.as_deref().unwrap_or_default()),
        );
        writer.text("UploadIdMarker", &id(request.upload_id_marker));
        writer.text("NextKeyMarker", &encoded(end_key));
        writer.text("NextUploadIdMarker", &id(end_id));
        for (name, value) in [
            ("Delimiter", &request.delimiter),
            ("Prefix", &request.prefix),
        ] {
            writer.optional(name, value.as_deref().map(encoded).as_deref());
        }
        writer.number("MaxUploads", request.max_uploads.get().into());
        writer.optional("EncodingType", encoding.map(EncodingType::as_str));
        writer.boolean("IsTruncated", self.is_truncated);
        for upload in &self.uploads {
            write_upload(&mut writer, encoding, upload);
        }
        write_common_prefixes(&mut writer, encoding, &self.common_prefixes);
        writer.close("ListMultipartUploadsResult");
        Answer::xml(writer.finish())
    }
}

fn write_upload(writer: &mut Writer, encoding: Option<&EncodingType>, upload: &ListedUpload) {
    writer.open("Upload");
    writer.text("Key", &encode(encoding, upload.key.as_str()));
    writer.text("UploadId", &upload.upload_id.to_string());
    write_people(writer, &upload.initiator, upload.owner.as_str());
    writer.text("StorageClass", upload.storage_class.name());
    writer.text("Initiated", &dates::s3_date(upload.initiated));
    if let Some((algorithm, checksum_type)) = upload.checksum.asked() {
        writer.text("ChecksumAlgorithm", algorithm.name());
        writer.text("ChecksumType", checksum_type.name());
    }
    writer.close("Upload");
}
