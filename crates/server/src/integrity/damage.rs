//! What can be wrong.

use std::fmt;

use buckler_metadata::{BytesHolder, PromisedBody, StoredBytes};

/// What is wrong with bytes that a row promises.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Damage {
    /// They are not there.
    Missing,
    /// There are more or fewer of them.
    Size {
        /// What the row says.
        expected_bytes: u64,
        /// What is there.
        found_bytes: u64,
    },
    /// They are others.
    Checksum,
    /// The disk does not give them.
    Unreadable(String),
    /// The row has no checksum that all bytes could be compared with.
    NoChecksum,
    /// The row itself cannot be understood.
    Row(String),
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("its bytes are missing"),
            Self::Size {
                expected_bytes,
                found_bytes,
            } => write!(
                f,
                "it has {found_bytes} bytes, and should have {expected_bytes}"
            ),
            Self::Checksum => f.write_str("its bytes do not have its checksum"),
            Self::Unreadable(reason) => write!(f, "its bytes cannot be read: {reason}"),
            Self::NoChecksum => f.write_str("it has no checksum"),
            Self::Row(reason) => write!(f, "its row cannot be read: {reason}"),
        }
    }
}

/// One thing that an examination found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// About what.
    pub subject: Subject,
    /// A word for programs: `missing-bytes`, `wrong-size`, `wrong-checksum`, `unreadable-bytes`, `no-checksum`,
    /// `unreadable-row`, `noted-by-scrubber`, `orphan-blob`, `false-garbage`, `unfinished-write`, `broken-promise`.
    pub kind: &'static str,
    /// A sentence for people, without its subject.
    pub description: String,
    /// Whether it has been put right.
    pub is_repaired: bool,
}

/// What a finding is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// A version of an object.
    Object {
        /// The bucket's name.
        bucket: String,
        /// The key.
        key: String,
        /// The version's id.
        version_id: String,
        /// `blob:ID` or `body:NUMBER`; empty if the row does not say.
        place: String,
    },
    /// A part of an upload in progress.
    UploadPart {
        /// The bucket's name.
        bucket: String,
        /// The key.
        key: String,
        /// The upload's id.
        upload_id: String,
        /// The part's number.
        part_number: i64,
        /// As above.
        place: String,
    },
    /// A blob that no object is known for.
    Blob(String),
    /// What a writer has not finished: a file in the temporary folder, or an upload to a remote store.
    Unfinished(String),
    /// What a remote store must do.
    Promise(&'static str),
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Object {
                bucket,
                key,
                version_id,
                place,
            } => write!(f, "object {bucket}/{key:?} version {version_id} ({place})"),
            Self::UploadPart {
                bucket,
                key,
                upload_id,
                part_number,
                place,
            } => write!(
                f,
                "part {part_number} of upload {upload_id} of {bucket}/{key:?} ({place})"
            ),
            Self::Blob(id) => write!(f, "blob {id}"),
            Self::Unfinished(name) => write!(f, "unfinished file {name:?}"),
            Self::Promise(name) => write!(f, "blob store: {name}"),
        }
    }
}

impl Subject {
    /// Bytes that rows promise, in their place.
    pub(crate) fn of_bytes(
        holder: BytesHolder,
        bucket: String,
        key: String,
        place: String,
    ) -> Self {
        match holder {
            BytesHolder::Version(version_id) => Self::Object {
                bucket,
                key,
                version_id,
                place,
            },
            BytesHolder::UploadPart(upload_id, part_number) => Self::UploadPart {
                bucket,
                key,
                upload_id: upload_id.to_string(),
                part_number,
                place,
            },
        }
    }
}

impl Finding {
    /// Damage of what a row promises.
    pub(crate) fn of_bytes(promised: &StoredBytes, damage: &Damage) -> Self {
        Self {
            subject: Subject::of_bytes(
                promised.holder.clone(),
                promised.bucket.clone(),
                promised.key.clone(),
                place(&promised.body),
            ),
            kind: match damage {
                Damage::Missing => "missing-bytes",
                Damage::Size { .. } => "wrong-size",
                Damage::Checksum => "wrong-checksum",
                Damage::Unreadable(_) => "unreadable-bytes",
                Damage::NoChecksum => "no-checksum",
                Damage::Row(_) => "unreadable-row",
            },
            description: damage.to_string(),
            is_repaired: false,
        }
    }
}

/// Where bytes are, in a word.
pub(crate) fn place(body: &PromisedBody) -> String {
    match body {
        PromisedBody::Blob(id) => format!("blob:{id}"),
        PromisedBody::Inline { body_id, .. } => format!("body:{body_id}"),
        PromisedBody::Nowhere => String::new(),
    }
}
