//! `ListObjectVersions`: versions and delete markers, newest first within a key.
//!
//! Source: Amazon S3 API Reference, "`ListObjectVersions`"; facts: s3-behaviour.md 12.2 and 12.3.

use buckler_policy::{AccountId, CanonicalId};
use time::OffsetDateTime;

use super::listing::{
    ENTRY_BYTES, EncodingType, ListedObject, encode, text, write_common_prefixes, write_owner,
    write_stored_attributes,
};
use crate::xml::Writer;
use crate::{
    Answer, BucketName, FromRequest, IntoAnswer, MaxKeys, ObjectKey, Query, Request, S3Error,
    VersionId, dates, expected_bucket_owner,
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
    /// `key-marker`, and `version-id-marker` within it.
    pub marker: Option<Marker>,
    /// `max-keys`.
    pub max_keys: MaxKeys,
    /// `encoding-type`.
    pub encoding_type: Option<EncodingType>,
    /// `x-amz-expected-bucket-owner`.
    pub expected_owner: Option<AccountId>,
}

/// Where a page begins: behind a key with all its versions, or behind one version of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marker {
    /// The key, or a common prefix.
    pub key: String,
    /// The version.
    pub version_id: Option<VersionId>,
}

impl FromRequest for Input {
    fn from_request(request: &Request<'_>) -> Result<Self, S3Error> {
        let query = request.query;
        let expected_owner = expected_bucket_owner(request.headers())?;
        let encoding_type = EncodingType::from_query(query)?;
        let marker = marker(query)?;
        let max_keys = MaxKeys::from_query(query).map_err(|_| {
            // AWS: not the text of the other listings.
            S3Error::invalid_argument("max-keys cannot be negative", "max-keys", None)
        })?;
        Ok(Self {
            bucket: request.bucket()?,
            prefix: text(query, "prefix"),
            delimiter: text(query, "delimiter"),
            marker,
            max_keys,
            encoding_type,
            expected_owner,
        })
    }
}

fn marker(query: &Query) -> Result<Option<Marker>, S3Error> {
    const NAME: &str = "version-id-marker";
    let refuse =
        |message: &'static str, value: &str| S3Error::invalid_argument(message, NAME, Some(value));
    let key = text(query, "key-marker");
    let version_id = match query.get(NAME) {
        None => None,
        Some("") => return Err(refuse("A version-id marker cannot be empty.", "")),
        Some(text) if key.is_none() => {
            let message = "A version-id marker cannot be specified without a key marker.";
            return Err(refuse(message, text));
        }
        Some(text) => {
            let invalid = |_| refuse("Invalid version id specified", text);
            Some(VersionId::parse(text).map_err(invalid)?)
        }
    };
    Ok(key.map(|key| Marker { key, version_id }))
}

/// One entry of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// A version of an object.
    Version {
        /// The object as it was.
        object: ListedObject,
        /// The version's id.
        version_id: VersionId,
        /// Whether it is the current version.
        is_latest: bool,
    },
    /// A delete marker.
    DeleteMarker {
        /// The key.
        key: ObjectKey,
        /// The marker's id.
        version_id: VersionId,
        /// Whether the key is deleted as it stands.
        is_latest: bool,
        /// When it was made.
        last_modified: OffsetDateTime,
        /// Its owner's canonical id.
        owner: CanonicalId,
    },
}

/// A page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// The request, which the answer repeats.
    pub request: Input,
    /// Versions and delete markers, by the bytes of their keys, newest first.
    pub entries: Vec<Entry>,
    /// Common prefixes, by their bytes.
    pub common_prefixes: Vec<String>,
    /// The last version, delete marker or common prefix of this page, when another follows.
    pub next: Option<Marker>,
}

impl IntoAnswer for Output {
    fn into_answer(self) -> Answer {
        const ROOT: &str = "ListVersionsResult";
        let request = &self.request;
        let encoding = request.encoding_type.as_ref();
        let mut writer = Writer::document(ROOT);
        writer.text("Name", request.bucket.as_str());
        let prefix = request.prefix.as_deref().unwrap_or_default();
        writer.text("Prefix", &encode(encoding, prefix));
        let (key, version_id) = request.marker.as_ref().map_or(("", ""), Marker::texts);
        writer.text("KeyMarker", &encode(encoding, key));
        writer.text("VersionIdMarker", version_id);
        if let Some(next) = &self.next {
            writer.text("NextKeyMarker", &encode(encoding, &next.key));
            let version_id = next.version_id.as_ref();
            writer.optional("NextVersionIdMarker", version_id.map(VersionId::as_str));
        }
        writer.number("MaxKeys", request.max_keys.as_sent().into());
        if let Some(delimiter) = &request.delimiter {
            writer.text("Delimiter", &encode(encoding, delimiter));
        }
        writer.optional("EncodingType", encoding.map(EncodingType::as_str));
        writer.boolean("IsTruncated", self.next.is_some());
        writer.reserve(self.entries.len() * ENTRY_BYTES);
        for entry in &self.entries {
            write_entry(&mut writer, encoding, entry);
        }
        write_common_prefixes(&mut writer, encoding, &self.common_prefixes);
        writer.close(ROOT);
        Answer::xml(writer.finish())
    }
}

impl Marker {
    fn texts(&self) -> (&str, &str) {
        let version_id = self.version_id.as_ref().map_or("", VersionId::as_str);
        (&self.key, version_id)
    }
}

fn write_entry(writer: &mut Writer, encoding: Option<&EncodingType>, entry: &Entry) {
    match entry {
        Entry::Version {
            object,
            version_id,
            is_latest,
        } => {
            writer.open("Version");
            writer.text("Key", &encode(encoding, object.key.as_str()));
            writer.text("VersionId", version_id.as_str());
            writer.boolean("IsLatest", *is_latest);
            write_stored_attributes(writer, object, true);
            writer.close("Version");
        }
        Entry::DeleteMarker {
            key,
            version_id,
            is_latest,
            last_modified,
            owner,
        } => {
            writer.open("DeleteMarker");
            writer.text("Key", &encode(encoding, key.as_str()));
            writer.text("VersionId", version_id.as_str());
            writer.boolean("IsLatest", *is_latest);
            writer.text("LastModified", &dates::s3_date(*last_modified));
            write_owner(writer, owner);
            writer.close("DeleteMarker");
        }
    }
}
