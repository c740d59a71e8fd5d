//! `GetObjectAttributes`: what is known of a version, without its bytes.
//!
//! Source: Amazon S3 API Reference, "`GetObjectAttributes`"; facts: s3-behaviour.md 23.

use buckler_checksum::Checksum;
use buckler_policy::AccountId;
use http::HeaderMap;
use time::OffsetDateTime;

use crate::request::value_text;
use crate::xml::Writer;
use crate::{
    Answer, BucketName, ETag, FromRequest, IntoAnswer, ObjectChecksum, ObjectKey, Request, S3Error,
    StorageClass, VersionId, VersionSelector, dates, encryption, expected_bucket_owner,
};

/// Most parts of one page. Source: facts: s3-behaviour.md 24.
pub const PAGE_PARTS_MAX: u32 = 1000;

/// What can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attribute {
    /// The entity tag.
    ETag,
    /// The checksum.
    Checksum,
    /// The parts of a multipart object.
    ObjectParts,
    /// The storage class.
    StorageClass,
    /// The size.
    ObjectSize,
}

impl Attribute {
    /// The attribute of that name, to the letter.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "ETag" => Some(Self::ETag),
            "Checksum" => Some(Self::Checksum),
            "ObjectParts" => Some(Self::ObjectParts),
            "StorageClass" => Some(Self::StorageClass),
            "ObjectSize" => Some(Self::ObjectSize),
            _ => None,
        }
    }

    /// The attributes of the header's lines; the first name that is none.
    pub(crate) fn of_headers(headers: &HeaderMap) -> Result<Vec<Self>, String> {
        let lines = headers.get_all("x-amz-object-attributes").iter();
        let texts: Vec<String> = lines.map(value_text).collect();
        let names = texts.iter().flat_map(|text| text.split(',')).map(str::trim);
        names
            .filter(|name| !name.is_empty())
            .map(|name| Self::from_name(name).ok_or_else(|| texts.join(",")))
            .collect()
    }
}

/// What the request says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// The bucket.
    pub bucket: BucketName,
    /// The object's key.
    pub key: ObjectKey,
    /// Which version.
    pub version: VersionSelector,
    /// What is asked for, at least one.
    pub attributes: Vec<Attribute>,
    /// `x-amz-max-parts`, at most [`PAGE_PARTS_MAX`].
    pub max_parts: u32,
    /// `x-amz-part-number-marker`: parts with higher numbers.
    pub part_number_marker: u32,
    /// `x-amz-expected-bucket-owner`.
    pub expected_owner: Option<AccountId>,
}

impl FromRequest for Input {
    fn from_request(request: &Request<'_>) -> Result<Self, S3Error> {
        let headers = request.headers();
        let expected_owner = expected_bucket_owner(headers)?;
        // Unknown names are refused before the request gets here.
        let attributes = Attribute::of_headers(headers).unwrap_or_default();
        if attributes.is_empty() {
            return Err(S3Error::invalid_request(
                "The x-amz-object-attributes header specifying the attributes to be retrieved is either missing or \
                 empty",
            ));
        }
        encryption::of_read(headers)?;
        Ok(Self {
            bucket: request.bucket()?,
            key: request.key()?,
            version: VersionSelector::parse(request.query.get("versionId"))?,
            attributes,
            max_parts: number(request, "x-amz-max-parts")?
                .unwrap_or(PAGE_PARTS_MAX)
                .min(PAGE_PARTS_MAX),
            part_number_marker: number(request, "x-amz-part-number-marker")?.unwrap_or(0),
            expected_owner,
        })
    }
}

/// A header that is a number, 0 to 2147483647. AWS's answer to another one is not recorded.
fn number(request: &Request<'_>, name: &'static str) -> Result<Option<u32>, S3Error> {
    let Some(text) = request.header(name).filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    match text.parse::<i32>().map(u32::try_from) {
        Ok(Ok(number)) => Ok(Some(number)),
        _ => Err(S3Error::invalid_argument(
            format!("Provided {name} not an integer or within integer range"),
            name,
            Some(&text),
        )),
    }
}

/// The attributes; those that were not asked for are not shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// What was asked for.
    pub attributes: Vec<Attribute>,
    /// The entity tag.
    pub etag: ETag,
    /// The checksum, if it has one.
    pub checksum: Option<ObjectChecksum>,
    /// The parts of a multipart object.
    pub parts: Option<ObjectParts>,
    /// The storage class.
    pub storage_class: StorageClass,
    /// Size of the object, in bytes.
    pub size_bytes: u64,
    /// When it was written.
    pub last_modified: OffsetDateTime,
    /// Its version to show.
    pub version_id: Option<VersionId>,
}

/// The parts of a multipart object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectParts {
    /// How many there are.
    pub count: u32,
    /// A page of them, where the object's checksum is made of theirs.
    pub page: Option<PartsPage>,
}

/// A page of parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartsPage {
    /// The request's marker.
    pub part_number_marker: u32,
    /// How many were asked for.
    pub max_parts: u32,
    /// Whether another page follows.
    pub is_truncated: bool,
    /// The parts, by number.
    pub parts: Vec<ListedPart>,
}

/// One part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListedPart {
    /// Its number.
    pub number: u32,
    /// Its size, in bytes.
    pub size_bytes: u64,
    /// Its checksum.
    pub checksum: Checksum,
}

impl IntoAnswer for Output {
    fn into_answer(self) -> Answer {
        const ROOT: &str = "GetObjectAttributesResponse";
        let asked = |attribute| self.attributes.contains(&attribute);
        let mut writer = Writer::document(ROOT);
        if asked(Attribute::ETag) {
            // AWS: without quotes.
            writer.text("ETag", self.etag.as_str());
        }
        if let Some(checksum) = self.checksum.filter(|_| asked(Attribute::Checksum)) {
            write_checksum(&mut writer, checksum);
        }
        if let Some(parts) = self
            .parts
            .filter(|_| self.attributes.contains(&Attribute::ObjectParts))
        {
            write_parts(&mut writer, &parts);
        }
        if self.attributes.contains(&Attribute::StorageClass) {
            writer.text("StorageClass", self.storage_class.name());
        }
        if self.attributes.contains(&Attribute::ObjectSize) {
            writer.number("ObjectSize", self.size_bytes);
        }
        writer.close(ROOT);
        Answer::untyped_xml(writer.finish())
            .with("last-modified", &dates::http_date(self.last_modified))
            .with_version(self.version_id.as_ref())
    }
}

/// AWS: a composite checksum has no `-N` here.
fn write_checksum(writer: &mut Writer, checksum: ObjectChecksum) {
    let value = match &checksum {
        ObjectChecksum::FullObject(checksum) | ObjectChecksum::Part(checksum, _) => {
            checksum.to_base64()
        }
        ObjectChecksum::Composite(composite) => composite.checksum().to_base64(),
    };
    writer.open("Checksum");
    writer.text(checksum.algorithm().element_name(), &value);
    writer.text("ChecksumType", checksum.checksum_type().name());
    writer.close("Checksum");
}

fn write_parts(writer: &mut Writer, parts: &ObjectParts) {
    writer.open("ObjectParts");
    writer.number("PartsCount", parts.count.into());
    if let Some(page) = &parts.page {
        let last = page.parts.last().map(|part| part.number);
        writer.number("PartNumberMarker", page.part_number_marker.into());
        // AWS: on the last page, too, and 0 on one with nothing on it, as recorded.
        let next = last.unwrap_or(0);
        writer.number("NextPartNumberMarker", next.into());
        writer.number("MaxParts", page.max_parts.into());
        writer.boolean("IsTruncated", page.is_truncated);
        for part in &page.parts {
            writer.open("Part");
            writer.number("PartNumber", part.number.into());
            writer.number("Size", part.size_bytes);
            let name = part.checksum.algorithm().element_name();
            writer.text(name, &part.checksum.to_base64());
            writer.close("Part");
        }
    }
    writer.close("ObjectParts");
}
