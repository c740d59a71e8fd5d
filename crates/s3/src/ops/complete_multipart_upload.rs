//! `CompleteMultipartUpload`: makes the parts of an upload an object.
//!
//! Source: Amazon S3 API Reference, "`CompleteMultipartUpload`"; facts: s3-behaviour.md 8.1, 10.2 and 10.3.

use buckler_checksum::{Algorithm, Checksum, ChecksumType, CompositeChecksum};
use buckler_policy::AccountId;
use http::HeaderMap;

use crate::integrity::{invalid_value, single_checksum_header};
use crate::multipart::{ClaimedPart, Completion, PARTS_MAX, type_header};
use crate::routing::percent;
use crate::xml::{Element, Writer, read};
use crate::{
    Answer, BucketName, ContentMd5, Detail, ETag, ErrorCode, FromRequest, Integrity, IntoAnswer,
    ObjectChecksum, ObjectKey, Request, S3Error, UploadId, VersionId, WritePreconditions,
    encryption, expected_bucket_owner, payload,
};

/// Most bytes of the document: ten thousand parts with the longest checksums have some 3 MB. Source: ours.
pub const DOCUMENT_BYTES_MAX: u64 = 4 * 1024 * 1024;

/// What the request's head says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// The bucket.
    pub bucket: BucketName,
    /// The object's key.
    pub key: ObjectKey,
    /// The upload.
    pub upload_id: UploadId,
    /// Claims about the body. Checksum headers are about the object instead.
    pub integrity: Integrity,
    /// `x-amz-checksum-<alg>`: the object's checksum, and, of a composite one, its number of parts.
    pub checksum: Option<(Checksum, Option<u32>)>,
    /// `x-amz-checksum-type`.
    pub checksum_type: Option<ChecksumType>,
    /// `x-amz-mp-object-size`, in bytes.
    pub size_bytes: Option<u64>,
    /// `If-Match`, `If-None-Match`.
    pub preconditions: WritePreconditions,
    /// `x-amz-expected-bucket-owner`.
    pub expected_owner: Option<AccountId>,
    /// Where the object will be found: on the request's own host, addressed as the request addresses it. Without the
    /// scheme, which those who know the client's connection add: `//host/path`.
    pub location: String,
}

impl FromRequest for Input {
    fn from_request(request: &Request<'_>) -> Result<Self, S3Error> {
        let headers = request.headers();
        payload::refuse_directory_headers(headers)?;
        let content_md5 = ContentMd5::from_headers(headers)?;
        let checksum = object_checksum(headers)?;
        encryption::of_write(headers)?;
        let key = request.key()?;
        let location = location(request, &key);
        Ok(Self {
            bucket: request.bucket()?,
            key,
            upload_id: UploadId::from_query(request.query)?,
            integrity: Integrity {
                content_md5,
                ..Integrity::default()
            },
            checksum,
            checksum_type: type_header(request)?,
            size_bytes: object_size(request)?,
            preconditions: WritePreconditions::from_headers(headers)?,
            expected_owner: expected_bucket_owner(headers)?,
            location,
        })
    }
}

impl Input {
    /// The claims of head and document together.
    pub fn completion(&self, document: Document) -> Completion {
        Completion {
            parts: document.parts,
            checksum: self.checksum,
            checksum_type: self.checksum_type,
            size_bytes: self.size_bytes,
        }
    }
}

/// AWS: slashes of the key are escaped, too, and spaces are `+`: aws-sdk-js 811, aws-sdk-go 1385.
fn location(request: &Request<'_>, key: &ObjectKey) -> String {
    let host = request.header("host").unwrap_or_default();
    let path = percent::decode_path(request.head.raw_path).unwrap_or_default();
    let bucket = path
        .strip_prefix('/')
        .and_then(|path| path.strip_suffix(key.as_str()))
        .unwrap_or_default();
    format!("//{host}/{bucket}{}", percent::encode_form(key.as_str()))
}

fn object_checksum(headers: &HeaderMap) -> Result<Option<(Checksum, Option<u32>)>, S3Error> {
    let Some((algorithm, text)) = single_checksum_header(headers)? else {
        return Ok(None);
    };
    CompositeChecksum::parse(algorithm, &text)
        .map(Some)
        .map_err(|_| invalid_value(algorithm.header_name()))
}

fn object_size(request: &Request<'_>) -> Result<Option<u64>, S3Error> {
    const HEADER: &str = "x-amz-mp-object-size";
    let Some(text) = request.header(HEADER) else {
        return Ok(None);
    };
    match text.parse::<i64>().map(u64::try_from) {
        Ok(Ok(size)) => Ok(Some(size)),
        Ok(Err(_)) => Err(S3Error::invalid_request(format!(
            "Value for {HEADER} header is less than zero: '{text}'"
        ))),
        Err(_) => Err(S3Error::invalid_request(format!(
            "Value for {HEADER} header is invalid: '{text}'"
        ))),
    }
}

/// The body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// The parts: 1 to 10,000, in ascending order of their numbers.
    pub parts: Vec<ClaimedPart>,
}

impl Document {
    /// Reads a `CompleteMultipartUpload`.
    ///
    /// # Errors
    /// `InvalidRequest` for no document; `MalformedXML`, for no part, too; `InvalidArgument` for more than 10,000 parts, a
    /// number below 1 and what is no checksum; `InvalidPartOrder`.
    pub fn parse(body: &[u8], upload_id: &UploadId) -> Result<Self, S3Error> {
        if body.is_empty() {
            // AWS: recorded by LocalStack's tests.
            return Err(S3Error::invalid_request(
                "You must specify at least one part",
            ));
        }
        let root = read(body, "CompleteMultipartUpload")?;
        root.allow(&["Part"])?;
        let elements = root.children();
        if elements.is_empty() {
            return Err(S3Error::malformed_xml());
        }
        if elements.len() > PARTS_MAX {
            return Err(S3Error::new(ErrorCode::InvalidArgument)
                .with_message("The list of parts must not have more than 10000 entries"));
        }
        let parts = elements
            .iter()
            .map(part)
            .collect::<Result<Vec<ClaimedPart>, _>>()?;
        if parts.is_sorted_by(|a, b| a.number < b.number) {
            Ok(Self { parts })
        } else {
            Err(S3Error::new(ErrorCode::InvalidPartOrder)
                .with_detail(Detail::UploadId(upload_id.to_string())))
        }
    }
}

fn part(element: &Element) -> Result<ClaimedPart, S3Error> {
    const NAMED: [&str; 2] = ["PartNumber", "ETag"];
    let is_known = |name: &str| NAMED.contains(&name) || algorithm_of(name).is_some();
    if !element
        .children()
        .iter()
        .all(|child| is_known(child.name()))
    {
        return Err(S3Error::malformed_xml());
    }
    let number = element
        .required_text("PartNumber")?
        .trim()
        .parse::<i32>()
        .map_err(|_| S3Error::malformed_xml())?;
    let number = u32::try_from(number)
        .ok()
        .filter(|number| *number >= 1)
        .ok_or(S3Error::new(ErrorCode::InvalidArgument).with_message("PartNumber must be >= 1"))?;
    let etag = element.required_text("ETag")?.trim();
    Ok(ClaimedPart {
        number,
        etag: etag.trim_matches('"').to_owned(),
        checksum: part_checksum(element)?,
    })
}

fn algorithm_of(element: &str) -> Option<Algorithm> {
    Algorithm::ALL
        .into_iter()
        .find(|algorithm| algorithm.element_name() == element)
}

fn part_checksum(element: &Element) -> Result<Option<Checksum>, S3Error> {
    let refused = || {
        S3Error::invalid_argument(
            "Invalid Base64 or multiple checksums present in request",
            "Checksum",
            None,
        )
    };
    let mut sent = element
        .children()
        .iter()
        .filter_map(|child| Some((algorithm_of(child.name())?, child)));
    match (sent.next(), sent.next()) {
        (None, _) => Ok(None),
        (Some(_), Some(_)) => Err(refused()),
        (Some((algorithm, child)), None) => Checksum::from_base64(algorithm, child.text()?.trim())
            .map(Some)
            .map_err(|_| refused()),
    }
}

/// The object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// The request's [`Input::location`], with a scheme.
    pub location: String,
    /// The bucket.
    pub bucket: BucketName,
    /// The object's key.
    pub key: ObjectKey,
    /// Its entity tag.
    pub etag: ETag,
    /// Its checksum; not shown when a completion is repeated.
    pub checksum: Option<ObjectChecksum>,
    /// Its version, in a bucket with versions.
    pub version_id: Option<VersionId>,
}

impl IntoAnswer for Output {
    fn into_answer(self) -> Answer {
        let mut writer = Writer::document("CompleteMultipartUploadResult");
        writer.text("Location", &self.location);
        writer.text("Bucket", self.bucket.as_str());
        writer.text("Key", self.key.as_str());
        writer.text("ETag", &self.etag.quoted());
        if let Some(checksum) = &self.checksum {
            checksum.write(&mut writer);
        }
        writer.close("CompleteMultipartUploadResult");
        Answer::xml(writer.finish())
            .with_encryption()
            // AWS: as of PutObject, the null version is not shown. Source: facts: s3-behaviour.md 5.1; Ceph s3-tests.
            .with_version(self.version_id.as_ref().filter(|id| !id.is_null()))
    }
}
