//! Ids of object versions, and which version a request means.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::{ErrorCode, S3Error};

/// Length of every version id but `null`, in characters. Source: facts: s3-behaviour.md 11.
pub const VERSION_ID_CHARS: usize = 32;

/// The id of one version of an object: `null`, or 32 URL-safe characters (`A-Z a-z 0-9 . _`, and `-` in older ones).
///
/// Ids are opaque to clients; what has another form was never given out and is answered as malformed.
/// Source: facts: s3-behaviour.md 6.4 and 11.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VersionId(Box<str>);

/// The text has not the form of a version id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the version id is neither `null` nor 32 URL-safe characters")]
pub struct ParseVersionIdError;

impl VersionId {
    /// The id of the version written while versioning was off or suspended.
    pub const NULL: &'static str = "null";

    /// The null version.
    pub fn null() -> Self {
        Self(Self::NULL.into())
    }

    /// The id of the version at this place in its key's history, told from all others by 16 random bytes.
    ///
    /// The place is part of the id, so that a listing goes on behind a version that was deleted since the page before:
    /// clients delete page by page.
    pub fn numbered(order: i64, nonce: [u8; 16]) -> Self {
        let mut bytes = [0; 24];
        let (place, rest) = bytes.split_at_mut(8);
        place.copy_from_slice(&order.to_be_bytes());
        rest.copy_from_slice(&nonce);
        Self::from_bytes(bytes)
    }

    /// The place in the history that [`numbered`](Self::numbered) was given; any place for an id that was never given
    /// out, none for the null version.
    pub fn order(&self) -> Option<i64> {
        let bytes = URL_SAFE_NO_PAD.decode(self.0.replace('.', "-")).ok()?;
        let place = bytes.first_chunk::<8>()?;
        (bytes.len() == 24).then_some(i64::from_be_bytes(*place))
    }

    /// The id of these 24 bytes.
    ///
    /// AWS: ids hold letters, digits, `.` and `_`, as LocalStack's tests saw of a hundred. The `-` of base64 is a `.` here;
    /// ids with a `-` were given out before, and are read as they are.
    pub fn from_bytes(bytes: [u8; 24]) -> Self {
        Self(URL_SAFE_NO_PAD.encode(bytes).replace('-', ".").into())
    }

    /// Takes a text that is a version id, whole.
    ///
    /// # Errors
    /// [`ParseVersionIdError`] for any other form.
    pub fn parse(text: &str) -> Result<Self, ParseVersionIdError> {
        let numbered = text.len() == VERSION_ID_CHARS
            && text
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'));
        if numbered || text == Self::NULL {
            Ok(Self(text.into()))
        } else {
            Err(ParseVersionIdError)
        }
    }

    /// Whether it is the null version.
    pub fn is_null(&self) -> bool {
        &*self.0 == Self::NULL
    }

    /// The id as clients see it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for VersionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for VersionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl AsRef<str> for VersionId {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

/// Which version of an object a request is about.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub enum VersionSelector {
    /// No `versionId`: the current version.
    #[default]
    Latest,
    /// The version named by `versionId`.
    Id(VersionId),
}

impl VersionSelector {
    /// Reads the value of a `versionId` parameter.
    ///
    /// # Errors
    /// `InvalidArgument` for an empty or malformed id. Source: facts: s3-behaviour.md 6.4.
    pub fn parse(value: Option<&str>) -> Result<Self, S3Error> {
        match value {
            None => Ok(Self::Latest),
            Some("") => Err(S3Error::invalid_argument(
                "Version id cannot be the empty string",
                "versionId",
                Some(""),
            )),
            Some(text) => VersionId::parse(text).map(Self::Id).map_err(|_| {
                S3Error::invalid_argument("Invalid version id specified", "versionId", Some(text))
            }),
        }
    }

    /// The id, when one is named.
    pub fn id(&self) -> Option<&VersionId> {
        match self {
            Self::Latest => None,
            Self::Id(id) => Some(id),
        }
    }

    /// The error for a version that does not exist or, for [`VersionSelector::Latest`], a key that does not.
    pub fn not_found(&self, key: &crate::ObjectKey) -> S3Error {
        match self {
            Self::Latest => S3Error::new(ErrorCode::NoSuchKey)
                .with_detail(crate::Detail::Key(key.as_str().to_owned())),
            Self::Id(id) => {
                S3Error::new(ErrorCode::NoSuchVersion).with_detail(crate::Detail::KeyVersion {
                    key: key.as_str().to_owned(),
                    version_id: id.as_str().to_owned(),
                })
            }
        }
    }
}
