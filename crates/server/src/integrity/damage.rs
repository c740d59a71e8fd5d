//! What can be wrong.

use std::fmt;

use buckler_metadata::{PromisedBody, StoredBytes};

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
    /// `unreadable-row`, `noted-by-scrubber`, `orphan-blob`, `false-garbage`, `unfinished-write`.
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
    /// A blob that no object is known for.
    Blob(String),
    /// A file in the temporary folder.
    Unfinished(String),
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
            Self::Blob(id) => write!(f, "blob {id}"),
            Self::Unfinished(name) => write!(f, "unfinished file {name:?}"),
        }
    }
}

impl Finding {
    /// Damage of what a row promises.
    pub(crate) fn of_object(promised: &StoredBytes, damage: &Damage) -> Self {
        Self {
            subject: Subject::Object {
                bucket: promised.bucket.clone(),
                key: promised.key.clone(),
                version_id: promised.version_id.clone(),
                place: place(&promised.body),
            },
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
