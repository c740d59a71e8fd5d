//! `PutObject`: writes an object in one piece.
//!
//! Source: Amazon S3 API Reference, "`PutObject`"; facts: s3-behaviour.md 5 and 8.1.

use buckler_policy::AccountId;
use http::StatusCode;

use crate::request::header;
use crate::{
    AlgorithmNameRule, Answer, BucketName, CannedAcl, ContentMd5, ETag, FromRequest, Integrity,
    IntoAnswer, ObjectChecksum, ObjectKey, Request, RequestedAcl, S3Error, StoredHeaders, TagSet,
    UserMetadata, VersionId, WritePreconditions, encryption, expected_bucket_owner, object_lock,
    payload, tagging,
};

/// What the request's head says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// The bucket.
    pub bucket: BucketName,
    /// The object's key.
    pub key: ObjectKey,
    /// How many bytes of data will come; `None` for a form, which does not say.
    pub data_bytes: Option<u64>,
    /// Claims about the body.
    pub integrity: Integrity,
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
    /// Whether there are object lock headers, which a bucket without object lock refuses:
    /// [`crate::object_lock::missing_configuration`].
    pub object_lock_requested: bool,
    /// `If-Match`, `If-None-Match`.
    pub preconditions: WritePreconditions,
    /// `x-amz-expected-bucket-owner`.
    pub expected_owner: Option<AccountId>,
}

impl FromRequest for Input {
    fn from_request(request: &Request<'_>) -> Result<Self, S3Error> {
        let headers = request.headers();
        payload::refuse_directory_headers(headers)?;
        let expected_owner = expected_bucket_owner(headers)?;
        // AWS: the form of Content-MD5 comes before checksum headers here, unlike elsewhere.
        ContentMd5::from_headers(headers)?;
        let integrity = Integrity::parse(
            headers,
            payload::is_streaming(headers),
            AlgorithmNameRule::MustMatch,
        )?;
        let data_bytes = Some(payload::data_bytes(headers)?);
        Self::read(request, integrity, data_bytes, expected_owner)
    }
}

impl Input {
    /// Reads a request that was made of a form's fields: all is as with headers, except that the length is not known.
    ///
    /// # Errors
    /// As from headers.
    pub(crate) fn of_form(request: &Request<'_>) -> Result<Self, S3Error> {
        let headers = request.headers();
        let expected_owner = expected_bucket_owner(headers)?;
        let integrity = Integrity::parse(headers, false, AlgorithmNameRule::MustMatch)?;
        Self::read(request, integrity, None, expected_owner)
    }

    fn read(
        request: &Request<'_>,
        integrity: Integrity,
        data_bytes: Option<u64>,
        expected_owner: Option<AccountId>,
    ) -> Result<Self, S3Error> {
        let headers = request.headers();
        encryption::of_write(headers)?;
        Ok(Self {
            bucket: request.bucket()?,
            key: request.key()?,
            data_bytes,
            integrity,
            stored_headers: StoredHeaders::from_headers(headers)?,
            user_metadata: UserMetadata::from_headers(headers)?,
            tags: tagging::from_headers(headers)?,
            tagging_requested: header(headers, "x-amz-tagging").is_some(),
            acl: RequestedAcl::from_headers(headers, &CannedAcl::OF_OBJECTS)?,
            object_lock_requested: object_lock::is_asked_for(headers),
            preconditions: WritePreconditions::from_headers(headers)?,
            expected_owner,
        })
    }
}

/// The new object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// Its entity tag.
    pub etag: ETag,
    /// Its checksum: the client's algorithm, CRC64NVME without one.
    pub checksum: ObjectChecksum,
    /// Its version, with versioning enabled only: a write of the null version shows none.
    pub version_id: Option<VersionId>,
}

impl IntoAnswer for Output {
    fn into_answer(self) -> Answer {
        let answer = Answer::empty(StatusCode::OK)
            .with("etag", &self.etag.quoted())
            .with_encryption()
            .with_version(self.version_id.as_ref().filter(|id| !id.is_null()));
        self.checksum.add_to(answer)
    }
}
