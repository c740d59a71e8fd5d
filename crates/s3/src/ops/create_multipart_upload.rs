//! `CreateMultipartUpload`: begins an object that comes in parts.
//!
//! Source: Amazon S3 API Reference, "`CreateMultipartUpload`"; facts: s3-behaviour.md 10.1 and 10.3.

use buckler_policy::AccountId;

use crate::multipart::ChecksumPlan;
use crate::xml::Writer;
use crate::{
    Answer, BucketName, CannedAcl, FromRequest, IntoAnswer, ObjectKey, Request, RequestedAcl,
    S3Error, StoredHeaders, TagSet, UploadId, UserMetadata, encryption, expected_bucket_owner,
    object_lock, payload, tagging,
};

/// What the request says. All of it is the object's, later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// The bucket.
    pub bucket: BucketName,
    /// The object's key.
    pub key: ObjectKey,
    /// The checksum that the object and its parts will have.
    pub checksum: ChecksumPlan,
    /// Headers to keep with the object.
    pub stored_headers: StoredHeaders,
    /// User metadata.
    pub user_metadata: UserMetadata,
    /// Tags of the header `x-amz-tagging`.
    pub tags: TagSet,
    /// Whether that header was there, which asks for the permission to tag.
    pub tagging_requested: bool,
    /// The ACL asked for.
    pub acl: Option<RequestedAcl>,
    /// Whether there are object lock headers.
    pub object_lock_requested: bool,
    /// Whether `x-amz-server-side-encryption: AES256` was asked for by name, which policies see in later requests, too.
    pub encryption_named: bool,
    /// `x-amz-expected-bucket-owner`.
    pub expected_owner: Option<AccountId>,
}

impl FromRequest for Input {
    fn from_request(request: &Request<'_>) -> Result<Self, S3Error> {
        let headers = request.headers();
        payload::refuse_directory_headers(headers)?;
        let expected_owner = expected_bucket_owner(headers)?;
        let checksum = ChecksumPlan::from_request(request)?;
        Ok(Self {
            bucket: request.bucket()?,
            key: request.key()?,
            checksum,
            encryption_named: encryption::of_write(headers)?,
            stored_headers: StoredHeaders::from_headers(headers)?,
            user_metadata: UserMetadata::from_headers(headers)?,
            tags: tagging::from_headers(headers)?,
            tagging_requested: headers.contains_key("x-amz-tagging"),
            acl: RequestedAcl::from_headers(headers, &CannedAcl::OF_OBJECTS)?,
            object_lock_requested: object_lock::is_asked_for(headers),
            expected_owner,
        })
    }
}

/// The upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// The bucket.
    pub bucket: BucketName,
    /// The object's key.
    pub key: ObjectKey,
    /// The upload's id.
    pub upload_id: UploadId,
    /// Its checksum; shown if it was asked for.
    pub checksum: ChecksumPlan,
}

impl IntoAnswer for Output {
    fn into_answer(self) -> Answer {
        let mut writer = Writer::document("InitiateMultipartUploadResult");
        writer.text("Bucket", self.bucket.as_str());
        writer.text("Key", self.key.as_str());
        writer.text("UploadId", &self.upload_id.to_string());
        writer.close("InitiateMultipartUploadResult");
        let answer = Answer::xml(writer.finish()).with_encryption();
        match self.checksum.asked() {
            None => answer,
            Some((algorithm, checksum_type)) => answer
                .with("x-amz-checksum-algorithm", algorithm.name())
                .with("x-amz-checksum-type", checksum_type.name()),
        }
    }
}
