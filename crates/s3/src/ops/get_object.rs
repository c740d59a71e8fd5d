//! `GetObject`: reads an object. The body is streamed by the server.
//!
//! Source: Amazon S3 API Reference, "`GetObject`"; facts: s3-behaviour.md 6.

use buckler_policy::AccountId;
use http::StatusCode;
use time::OffsetDateTime;

use crate::range::ByteRange;
use crate::{
    Answer, BucketName, ETag, FromRequest, IntoAnswer, ObjectChecksum, ObjectKey, PartNumber,
    ReadPreconditions, Request, ResponseOverrides, S3Error, StorageClass, StoredHeaders,
    UserMetadata, VersionId, VersionSelector, dates, encryption, expected_bucket_owner,
};

/// What the request's head says; the same for `HeadObject`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// The bucket.
    pub bucket: BucketName,
    /// The object's key.
    pub key: ObjectKey,
    /// Which version.
    pub version: VersionSelector,
    /// The range asked for; what S3 ignores is not here.
    pub range: Option<ByteRange>,
    /// The header `Range` as sent, for [`crate::range::invalid_range`].
    pub range_header: Option<String>,
    /// `partNumber`; never together with a range.
    pub part_number: Option<PartNumber>,
    /// The condition headers.
    pub preconditions: ReadPreconditions,
    /// `x-amz-checksum-mode: ENABLED`.
    pub checksum_mode: bool,
    /// `response-*` parameters; anonymous callers may not use them: [`ResponseOverrides::refuse_anonymous`].
    pub overrides: ResponseOverrides,
    /// `x-amz-expected-bucket-owner`.
    pub expected_owner: Option<AccountId>,
}

impl FromRequest for Input {
    fn from_request(request: &Request<'_>) -> Result<Self, S3Error> {
        let headers = request.headers();
        let range_header = request.header("range");
        let part_number = request
            .query
            .get("partNumber")
            .map(PartNumber::parse_or_refuse)
            .transpose()?;
        if range_header.is_some() && part_number.is_some() {
            return Err(S3Error::invalid_request(
                "Cannot specify both Range header and partNumber query parameter",
            ));
        }
        encryption::of_read(headers)?;
        Ok(Self {
            bucket: request.bucket()?,
            key: request.key()?,
            version: VersionSelector::parse(request.query.get("versionId"))?,
            range: range_header.as_deref().and_then(ByteRange::parse),
            range_header,
            part_number,
            preconditions: ReadPreconditions::from_headers(headers),
            checksum_mode: checksum_mode(request)?,
            overrides: ResponseOverrides::from_query(request.query)?,
            expected_owner: expected_bucket_owner(headers)?,
        })
    }
}

fn checksum_mode(request: &Request<'_>) -> Result<bool, S3Error> {
    match request.header("x-amz-checksum-mode") {
        None => Ok(false),
        Some(text) if text.eq_ignore_ascii_case("ENABLED") => Ok(true),
        Some(_) => Err(S3Error::invalid_request(
            "Value for x-amz-checksum-mode header is invalid.",
        )),
    }
}

/// What part of the object the answer holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// All of it, 200.
    Whole,
    /// 206: the bytes from `first` to `last`, both included.
    Part {
        /// Offset of the first byte.
        first: u64,
        /// Offset of the last byte.
        last: u64,
    },
    /// 206 without `Content-Range`: part 1 of an empty object.
    EmptyPart,
}

/// The head of the answer; the same for `HeadObject`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// Size of the whole object, in bytes.
    pub size_bytes: u64,
    /// What is answered of it.
    pub extent: Extent,
    /// The entity tag.
    pub etag: ETag,
    /// When it was written.
    pub last_modified: OffsetDateTime,
    /// Its version to show: `None` in a bucket that never had versions.
    pub version_id: Option<VersionId>,
    /// Headers kept with it.
    pub stored_headers: StoredHeaders,
    /// User metadata.
    pub user_metadata: UserMetadata,
    /// The checksum to show: with `x-amz-checksum-mode` and of whole reads, or of a part read by `partNumber`.
    pub checksum: Option<ObjectChecksum>,
    /// How many tags it has; none are not shown.
    pub tag_count: usize,
    /// How many parts it has, on a read by `partNumber` of a multipart object.
    pub parts_count: Option<u32>,
    /// Headers the request replaces.
    pub overrides: ResponseOverrides,
}

impl Output {
    /// How many bytes of body the answer has.
    pub fn body_bytes(&self) -> u64 {
        match self.extent {
            Extent::Whole => self.size_bytes,
            Extent::Part { first, last } => last.saturating_sub(first).saturating_add(1),
            Extent::EmptyPart => 0,
        }
    }
}

impl IntoAnswer for Output {
    /// The head, with `Content-Length` and without a body.
    fn into_answer(self) -> Answer {
        let status = if self.extent == Extent::Whole {
            StatusCode::OK
        } else {
            StatusCode::PARTIAL_CONTENT
        };
        let class = self.stored_headers.storage_class;
        let mut answer = Answer::empty(status)
            .with("last-modified", &dates::http_date(self.last_modified))
            .with("etag", &self.etag.quoted())
            .with("accept-ranges", "bytes")
            .with("content-length", &self.body_bytes().to_string())
            .with_latin1(
                "content-type",
                self.stored_headers.content_type_or_default(),
            )
            .with_encryption()
            .with_version(self.version_id.as_ref());
        for (name, text) in self.stored_headers.texts() {
            answer = answer.with_latin1(name, text);
        }
        for (name, text) in self.overrides.iter() {
            answer = answer.with_bytes(name, text);
        }
        if let Extent::Part { first, last } = self.extent {
            answer = answer.with(
                "content-range",
                &format!("bytes {first}-{last}/{}", self.size_bytes),
            );
        }
        if class != StorageClass::Standard {
            answer = answer.with("x-amz-storage-class", class.name());
        }
        if self.tag_count > 0 {
            answer = answer.with("x-amz-tagging-count", &self.tag_count.to_string());
        }
        if let Some(parts) = self.parts_count {
            answer = answer.with("x-amz-mp-parts-count", &parts.to_string());
        }
        if let Some(checksum) = self.checksum {
            answer = checksum.add_to(answer);
        }
        self.user_metadata.write(&mut answer.headers);
        answer
    }
}

/// 304: the object is what the client has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotModified {
    /// The entity tag.
    pub etag: ETag,
    /// When it was written.
    pub last_modified: OffsetDateTime,
    /// Its version to show.
    pub version_id: Option<VersionId>,
}

impl IntoAnswer for NotModified {
    fn into_answer(self) -> Answer {
        Answer::empty(StatusCode::NOT_MODIFIED)
            .with("last-modified", &dates::http_date(self.last_modified))
            .with("etag", &self.etag.quoted())
            .with_version(self.version_id.as_ref())
    }
}
