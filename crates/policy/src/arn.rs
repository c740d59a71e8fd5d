//! Amazon Resource Names.

use std::fmt;

/// An ARN, split at its first five colons: `arn:partition:service:region:account:resource`.
///
/// Source: facts: authorization.md 3.6, 7.4.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Arn {
    text: Box<str>,
}

/// The text is not an ARN.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an ARN has six parts: arn:partition:service:region:account:resource")]
pub struct ParseArnError;

impl Arn {
    /// Reads an ARN.
    ///
    /// # Errors
    /// Fewer than six parts, a first part other than `arn`, or an empty partition, service or resource.
    pub fn parse(text: &str) -> Result<Self, ParseArnError> {
        let [arn, partition, service, _, _, resource] = split(text).ok_or(ParseArnError)?;
        if arn != "arn" || partition.is_empty() || service.is_empty() || resource.is_empty() {
            return Err(ParseArnError);
        }
        Ok(Self { text: text.into() })
    }

    /// The whole ARN.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The partition, `aws` outside of China and the government regions.
    pub fn partition(&self) -> &str {
        self.part(1)
    }

    /// The service: `iam`, `sts`, `s3`.
    pub fn service(&self) -> &str {
        self.part(2)
    }

    /// The region; empty for IAM, STS and S3.
    pub fn region(&self) -> &str {
        self.part(3)
    }

    /// The account; empty for S3.
    pub fn account(&self) -> &str {
        self.part(4)
    }

    /// What follows the fifth colon, colons included: `user/path/name`, `bucket/key`.
    pub fn resource(&self) -> &str {
        self.part(5)
    }

    fn part(&self, index: usize) -> &str {
        self.text.splitn(6, ':').nth(index).unwrap_or_default()
    }
}

/// The six parts of an ARN; the last holds what is left, colons included.
pub(crate) fn split(text: &str) -> Option<[&str; 6]> {
    let mut parts = text.splitn(6, ':');
    Some([
        parts.next()?,
        parts.next()?,
        parts.next()?,
        parts.next()?,
        parts.next()?,
        parts.next()?,
    ])
}

impl fmt::Display for Arn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

impl fmt::Debug for Arn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
