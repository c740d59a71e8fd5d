//! What the two list operations share. Source: facts: s3-behaviour.md 12.

use std::borrow::Cow;

use buckler_checksum::{Algorithm, ChecksumType};
use buckler_policy::CanonicalId;
use time::OffsetDateTime;

use crate::routing::percent::encode_listing;
use crate::xml::Writer;
use crate::{ETag, ObjectKey, Query, S3Error, StorageClass, dates};

/// `encoding-type=url`, as sent: any letter case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EncodingType(String);

impl EncodingType {
    /// Reads the parameter.
    ///
    /// # Errors
    /// `InvalidArgument` for anything but `url`, the empty text included.
    pub(super) fn from_query(query: &Query) -> Result<Option<Self>, S3Error> {
        match query.get("encoding-type") {
            None => Ok(None),
            Some(text) if text.eq_ignore_ascii_case("url") => Ok(Some(Self(text.to_owned()))),
            Some(text) => Err(S3Error::invalid_argument(
                "Invalid Encoding Method specified in Request",
                "encoding-type",
                Some(text),
            )),
        }
    }

    /// The parameter as sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Encodes a text of a listing, where that was asked for.
pub(super) fn encode<'a>(encoding: Option<&EncodingType>, text: &'a str) -> Cow<'a, str> {
    match encoding {
        Some(_) => encode_listing(text),
        None => Cow::Borrowed(text),
    }
}

/// A parameter that counts as absent when it is empty.
pub(super) fn text(query: &Query, name: &str) -> Option<String> {
    query
        .get(name)
        .filter(|text| !text.is_empty())
        .map(str::to_owned)
}

/// One object of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedObject {
    /// Its key.
    pub key: ObjectKey,
    /// When it was written.
    pub last_modified: OffsetDateTime,
    /// Its entity tag.
    pub etag: ETag,
    /// How its checksum was made.
    pub checksum: Option<(Algorithm, ChecksumType)>,
    /// Its size, in bytes.
    pub size_bytes: u64,
    /// Its owner's canonical id.
    pub owner: CanonicalId,
    /// Its storage class.
    pub storage_class: StorageClass,
}

/// About how many bytes an entry of a listing has.
pub(super) const ENTRY_BYTES: usize = 420;

/// Writes all `Contents`, then all `CommonPrefixes`.
pub(super) fn write_entries(
    writer: &mut Writer,
    encoding: Option<&EncodingType>,
    shows_owner: bool,
    contents: &[ListedObject],
    common_prefixes: &[String],
) {
    writer.reserve(contents.len() * ENTRY_BYTES);
    for object in contents {
        writer.open("Contents");
        writer.text("Key", &encode(encoding, object.key.as_str()));
        write_stored_attributes(writer, object, shows_owner);
        writer.close("Contents");
    }
    write_common_prefixes(writer, encoding, common_prefixes);
}

/// Writes what follows the names of an object or a version.
pub(super) fn write_stored_attributes(
    writer: &mut Writer,
    object: &ListedObject,
    shows_owner: bool,
) {
    writer.text("LastModified", &dates::s3_date(object.last_modified));
    writer.quoted("ETag", object.etag.as_str());
    if let Some((algorithm, checksum_type)) = object.checksum {
        writer.text("ChecksumAlgorithm", algorithm.name());
        writer.text("ChecksumType", checksum_type.name());
    }
    writer.number("Size", object.size_bytes);
    if shows_owner {
        write_owner(writer, &object.owner);
    }
    writer.text("StorageClass", object.storage_class.name());
}

/// Writes `Owner`. AWS: the id alone.
pub(super) fn write_owner(writer: &mut Writer, owner: &CanonicalId) {
    writer.open("Owner");
    writer.text("ID", owner.as_str());
    writer.close("Owner");
}

pub(super) fn write_common_prefixes(
    writer: &mut Writer,
    encoding: Option<&EncodingType>,
    common_prefixes: &[String],
) {
    for prefix in common_prefixes {
        writer.open("CommonPrefixes");
        writer.text("Prefix", &encode(encoding, prefix));
        writer.close("CommonPrefixes");
    }
}
