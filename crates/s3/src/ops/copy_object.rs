//! `CopyObject`: writes an object from another one.
//!
//! Source: Amazon S3 API Reference, "`CopyObject`"; facts: s3-behaviour.md 7 and 8.1.

use buckler_checksum::Algorithm;
use buckler_policy::AccountId;
use time::OffsetDateTime;

use crate::integrity::unsupported_algorithm;
use crate::xml::Writer;
use crate::{
    Answer, BucketName, CannedAcl, CopySource, CopySourcePreconditions, ETag, FromRequest,
    IntoAnswer, ObjectChecksum, ObjectKey, Request, RequestedAcl, S3Error, StoredHeaders, TagSet,
    UserMetadata, VersionId, VersionSelector, WritePreconditions, dates, encryption,
    expected_bucket_owner, expected_source_bucket_owner, object_lock, payload, tagging,
};

/// Whether something is taken from the source or from the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Directive {
    /// From the source.
    #[default]
    Copy,
    /// From the request alone.
    Replace,
}

/// What the request says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// The bucket of the copy.
    pub bucket: BucketName,
    /// The key of the copy.
    pub key: ObjectKey,
    /// What is copied.
    pub source: CopySource,
    /// Conditions on the source, judged once it is resolved.
    pub source_preconditions: CopySourcePreconditions,
    /// Whether stored headers and user metadata are the source's.
    pub metadata_directive: Directive,
    /// Whether tags are the source's.
    pub tagging_directive: Directive,
    /// The request's headers. Storage class and website redirect are the copy's in either case: neither is copied.
    pub stored_headers: StoredHeaders,
    /// The request's user metadata; counts with `Replace`.
    pub user_metadata: UserMetadata,
    /// The request's tags; count with `Replace`.
    pub tags: TagSet,
    /// `x-amz-checksum-algorithm`: what the copy's checksum is made with. The source's algorithm without it.
    pub checksum_algorithm: Option<Algorithm>,
    /// The ACL asked for.
    pub acl: Option<RequestedAcl>,
    /// Whether there are object lock headers.
    pub object_lock_requested: bool,
    /// Conditions on the destination.
    pub preconditions: WritePreconditions,
    /// `x-amz-expected-bucket-owner`.
    pub expected_owner: Option<AccountId>,
    /// `x-amz-source-expected-bucket-owner`.
    pub expected_source_owner: Option<AccountId>,
    /// Whether storage class or encryption were named, which makes a self-copy a change.
    attributes_named: bool,
}

impl FromRequest for Input {
    fn from_request(request: &Request<'_>) -> Result<Self, S3Error> {
        let headers = request.headers();
        payload::refuse_directory_headers(headers)?;
        let source = CopySource::from_headers(headers)?;
        let encryption_named = encryption::of_write(headers)?;
        let metadata_directive = directive(
            request,
            "x-amz-metadata-directive",
            "Unknown metadata directive.",
        )?;
        let tagging_directive = directive(
            request,
            "x-amz-tagging-directive",
            "Unknown tagging directive.",
        )?;
        Ok(Self {
            bucket: request.bucket()?,
            key: request.key()?,
            source,
            source_preconditions: CopySourcePreconditions::from_headers(headers),
            metadata_directive,
            tagging_directive,
            stored_headers: StoredHeaders::from_headers(headers)?,
            user_metadata: UserMetadata::from_headers(headers)?,
            tags: tagging::from_headers(headers)?,
            checksum_algorithm: checksum_algorithm(request)?,
            acl: RequestedAcl::from_headers(headers, &CannedAcl::OF_OBJECTS)?,
            object_lock_requested: object_lock::is_asked_for(headers),
            preconditions: WritePreconditions::from_headers(headers)?,
            expected_owner: expected_bucket_owner(headers)?,
            expected_source_owner: expected_source_bucket_owner(headers)?,
            attributes_named: encryption_named || headers.contains_key("x-amz-storage-class"),
        })
    }
}

impl Input {
    /// Refuses a copy of an object onto itself that changes nothing. A source named by version, even the current one,
    /// is a change.
    ///
    /// # Errors
    /// `InvalidRequest`. Source: facts: s3-behaviour.md 7.2.
    pub fn check_self_copy(&self) -> Result<(), S3Error> {
        let same = self.source.bucket == self.bucket
            && self.source.key == self.key
            && self.source.version == VersionSelector::Latest;
        let changed = self.metadata_directive == Directive::Replace
            || self.attributes_named
            || self.stored_headers.website_redirect_location.is_some();
        if same && !changed {
            return Err(S3Error::invalid_request(
                "This copy request is illegal because it is trying to copy an object to itself without changing the \
                 object's metadata, storage class, website redirect location or encryption attributes.",
            ));
        }
        Ok(())
    }
}

fn directive(
    request: &Request<'_>,
    name: &'static str,
    message: &'static str,
) -> Result<Directive, S3Error> {
    match request.header(name).as_deref() {
        None | Some("COPY") => Ok(Directive::Copy),
        Some("REPLACE") => Ok(Directive::Replace),
        Some(other) => Err(S3Error::invalid_argument(message, name, Some(other))),
    }
}

fn checksum_algorithm(request: &Request<'_>) -> Result<Option<Algorithm>, S3Error> {
    match request.header("x-amz-checksum-algorithm") {
        None => Ok(None),
        Some(text) => Algorithm::from_name(&text)
            .map(Some)
            .ok_or_else(unsupported_algorithm),
    }
}

/// `InvalidRequest` for a source over 5 GiB.
pub fn source_too_large() -> S3Error {
    S3Error::invalid_request(format!(
        "The specified copy source is larger than the maximum allowable size for a copy source: {}",
        payload::UPLOAD_BYTES_MAX
    ))
}

/// `InvalidRequest` for a source version that is a delete marker.
pub fn source_is_delete_marker() -> S3Error {
    S3Error::invalid_request(
        "The source of a copy request may not specifically refer to a delete marker by version id.",
    )
}

/// An entity tag as the results of copies show it. AWS: the quotes are not escaped here, unlike in listings.
pub(super) fn quoted_etag(etag: &ETag) -> String {
    format!("\"{}\"", crate::xml::escape(etag.as_str()))
}

/// The copy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// Its entity tag.
    pub etag: ETag,
    /// When it was written.
    pub last_modified: OffsetDateTime,
    /// Its checksum.
    pub checksum: Option<ObjectChecksum>,
    /// Its version; `null` is shown while versioning is suspended.
    pub version_id: Option<VersionId>,
    /// The source's version to show: numbered, or `null` when it was asked for by that name.
    pub source_version_id: Option<VersionId>,
}

impl IntoAnswer for Output {
    fn into_answer(self) -> Answer {
        let mut writer = Writer::document("CopyObjectResult");
        writer.text("LastModified", &dates::s3_date(self.last_modified));
        writer.raw("ETag", &quoted_etag(&self.etag));
        if let Some(checksum) = &self.checksum {
            checksum.write(&mut writer);
        }
        writer.close("CopyObjectResult");
        Answer::xml(writer.finish())
            .with_encryption()
            .with_version(self.version_id.as_ref())
            .with_optional(
                "x-amz-copy-source-version-id",
                self.source_version_id.as_ref().map(VersionId::as_str),
            )
    }
}
