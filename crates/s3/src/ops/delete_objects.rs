//! `DeleteObjects`: deletes up to 1000 objects.
//!
//! Source: Amazon S3 API Reference, "`DeleteObjects`"; facts: s3-behaviour.md 8.2 and 9.

use buckler_policy::AccountId;

use super::delete_object::bypass_governance_retention;
use crate::xml::{Element, Writer, read_required};
use crate::{
    AlgorithmNameRule, Answer, BucketName, DeletePreconditions, FromRequest, Integrity, IntoAnswer,
    ObjectKey, Request, S3Error, VersionId, expected_bucket_owner,
};

/// Most entries of one request.
pub const ENTRIES_MAX: usize = 1000;
/// Most bytes of the document.
pub const DOCUMENT_BYTES_MAX: u64 = 2_048_000;

/// What the request's head says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// The bucket.
    pub bucket: BucketName,
    /// Claims about the body; one is demanded.
    pub integrity: Integrity,
    /// `x-amz-bypass-governance-retention: true`.
    pub bypass_governance_retention: bool,
    /// `x-amz-expected-bucket-owner`.
    pub expected_owner: Option<AccountId>,
}

impl FromRequest for Input {
    fn from_request(request: &Request<'_>) -> Result<Self, S3Error> {
        let headers = request.headers();
        Ok(Self {
            bucket: request.bucket()?,
            expected_owner: expected_bucket_owner(headers)?,
            integrity: Integrity::parse(headers, false, AlgorithmNameRule::MustMatch)?.require()?,
            bypass_governance_retention: bypass_governance_retention(request),
        })
    }
}

/// The body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// What to delete: 1 to [`ENTRIES_MAX`] entries, in order, duplicates included.
    pub objects: Vec<Entry>,
    /// Whether only failures are listed.
    pub quiet: bool,
}

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The object's key.
    pub key: ObjectKey,
    /// Which version.
    pub version: EntryVersion,
    /// `ETag`.
    pub preconditions: DeletePreconditions,
}

/// The version an entry names. A malformed one fails its entry only: no such version can exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EntryVersion {
    /// None.
    Latest,
    /// A version.
    Id(VersionId),
    /// Not a version id, as sent.
    Malformed(String),
}

impl Document {
    /// Reads a `Delete`.
    ///
    /// # Errors
    /// `MissingRequestBodyError`; `MalformedXML` for unknown elements, no entry and more than 1000, an entry without a
    /// key; `UserKeyMustBeSpecified` for an empty key; `KeyTooLongError`.
    pub fn parse(body: &[u8]) -> Result<Self, S3Error> {
        let root = read_required(body, "Delete")?;
        root.allow(&["Object", "Quiet"])?;
        let quiet = root.optional_text("Quiet")? == Some("true");
        let entries: Vec<&Element> = root
            .children()
            .iter()
            .filter(|child| child.name() == "Object")
            .collect();
        if !(1..=ENTRIES_MAX).contains(&entries.len()) {
            return Err(S3Error::malformed_xml());
        }
        // AWS: the schema is judged as a whole before any key is.
        let raw = entries
            .into_iter()
            .map(RawEntry::read)
            .collect::<Result<Vec<_>, _>>()?;
        let objects = raw
            .into_iter()
            .map(RawEntry::check)
            .collect::<Result<_, _>>()?;
        Ok(Self { objects, quiet })
    }
}

struct RawEntry<'a> {
    key: &'a str,
    version: Option<&'a str>,
    etag: Option<&'a str>,
}

impl<'a> RawEntry<'a> {
    fn read(element: &'a Element) -> Result<Self, S3Error> {
        element.allow(&["Key", "VersionId", "ETag"])?;
        Ok(Self {
            key: element.required_text("Key")?,
            version: element.optional_text("VersionId")?,
            etag: element.optional_text("ETag")?,
        })
    }

    fn check(self) -> Result<Entry, S3Error> {
        Ok(Entry {
            key: ObjectKey::parse_or_refuse(self.key)?,
            version: match self.version {
                None | Some("") => EntryVersion::Latest,
                Some(id) => VersionId::parse(id)
                    .map_or_else(|_| EntryVersion::Malformed(id.to_owned()), EntryVersion::Id),
            },
            preconditions: self
                .etag
                .filter(|etag| !etag.is_empty())
                .map_or_else(DeletePreconditions::default, DeletePreconditions::from_tag),
        })
    }
}

/// The result, entry by entry.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Output {
    /// What was deleted; left out of the answer when `quiet`. Duplicates of a key without version id are one entry.
    pub deleted: Vec<Deleted>,
    /// What failed.
    pub errors: Vec<Failed>,
    /// The document's `Quiet`.
    pub quiet: bool,
}

/// An entry that succeeded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deleted {
    /// The object's key.
    pub key: ObjectKey,
    /// The version the entry named.
    pub version_id: Option<VersionId>,
    /// The delete marker that was made, or that was deleted by its id.
    pub delete_marker_version_id: Option<VersionId>,
}

/// An entry that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failed {
    /// The object's key.
    pub key: ObjectKey,
    /// The version the entry named, as sent.
    pub version_id: Option<String>,
    /// Why; its code and message are shown.
    pub error: S3Error,
}

impl IntoAnswer for Output {
    fn into_answer(self) -> Answer {
        let deleted: &[Deleted] = if self.quiet { &[] } else { &self.deleted };
        if deleted.is_empty() && self.errors.is_empty() {
            return Answer::xml(Writer::empty_document("DeleteResult"));
        }
        let mut writer = Writer::document("DeleteResult");
        for entry in deleted {
            writer.open("Deleted");
            writer.text("Key", entry.key.as_str());
            writer.optional(
                "VersionId",
                entry.version_id.as_ref().map(VersionId::as_str),
            );
            if let Some(marker) = &entry.delete_marker_version_id {
                writer.boolean("DeleteMarker", true);
                writer.text("DeleteMarkerVersionId", marker.as_str());
            }
            writer.close("Deleted");
        }
        for entry in &self.errors {
            writer.open("Error");
            writer.text("Key", entry.key.as_str());
            writer.optional("VersionId", entry.version_id.as_deref());
            writer.text("Code", entry.error.code.name());
            writer.text("Message", &entry.error.message);
            writer.close("Error");
        }
        writer.close("DeleteResult");
        Answer::xml(writer.finish())
    }
}
