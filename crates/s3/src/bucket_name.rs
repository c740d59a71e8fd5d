//! Names of buckets.

use std::fmt;

use crate::{Detail, ErrorCode, S3Error};

/// A bucket name that obeys the naming rules of general purpose buckets.
///
/// 3 to 63 characters of `a-z 0-9 . -`. Source: facts: s3-behaviour.md 4.2 and the Amazon S3 User Guide, "General purpose bucket naming rules".
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BucketName(Box<str>);

/// The text is no name of a general purpose bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the specified bucket name is not valid")]
pub struct ParseBucketNameError;

/// Shortest bucket name, in characters. Source: facts: s3-behaviour.md 4.2.
pub const BUCKET_NAME_CHARS_MIN: usize = 3;
/// Longest bucket name, in characters. Source: facts: s3-behaviour.md 4.2.
pub const BUCKET_NAME_CHARS_MAX: usize = 63;

const RESERVED_PREFIXES: [&str; 3] = ["xn--", "sthree-", "amzn-s3-demo-"];
/// `-an` belongs to the account-regional namespace, which is not offered here.
const RESERVED_SUFFIXES: [&str; 6] = [
    "-s3alias",
    "--ol-s3",
    ".mrap",
    "--x-s3",
    "--table-s3",
    "-an",
];
const FORBIDDEN_PAIRS: [&str; 3] = ["..", ".-", "-."];

impl BucketName {
    /// Takes a text that is a bucket name, whole.
    ///
    /// # Errors
    /// [`ParseBucketNameError`] when a naming rule is broken.
    pub fn parse(text: &str) -> Result<Self, ParseBucketNameError> {
        if is_bucket_name(text) {
            Ok(Self(text.into()))
        } else {
            Err(ParseBucketNameError)
        }
    }

    /// As [`BucketName::parse`], with AWS's answer as the error.
    ///
    /// # Errors
    /// `InvalidBucketName` with the element `BucketName`. Source: facts: s3-behaviour.md 4.2.
    pub fn parse_or_refuse(text: &str) -> Result<Self, S3Error> {
        Self::parse(text).map_err(|_| {
            S3Error::new(ErrorCode::InvalidBucketName)
                .with_detail(Detail::BucketName(text.to_owned()))
        })
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for BucketName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for BucketName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl AsRef<str> for BucketName {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

fn is_bucket_name(text: &str) -> bool {
    let edge =
        |byte: Option<&u8>| byte.is_some_and(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    let bytes = text.as_bytes();
    (BUCKET_NAME_CHARS_MIN..=BUCKET_NAME_CHARS_MAX).contains(&bytes.len())
        && bytes
            .iter()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'-'))
        && edge(bytes.first())
        && edge(bytes.last())
        && !FORBIDDEN_PAIRS.iter().any(|pair| text.contains(pair))
        && !RESERVED_PREFIXES
            .iter()
            .any(|prefix| text.starts_with(prefix))
        && !RESERVED_SUFFIXES
            .iter()
            .any(|suffix| text.ends_with(suffix))
        && !looks_like_ipv4(text)
}

fn looks_like_ipv4(text: &str) -> bool {
    let mut parts = 0;
    for part in text.split('.') {
        parts += 1;
        if part.is_empty() || part.len() > 3 || !part.bytes().all(|b| b.is_ascii_digit()) {
            return false;
        }
    }
    parts == 4
}
