//! The other name of an AWS account: its canonical user id.

use std::fmt;

/// A canonical user id: 64 lower-case hexadecimal digits, one per account; or that of anonymous writers, which has 32.
///
/// Source: facts: authorization.md 5.5, 7.4.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CanonicalId([u8; 64]);

/// The text is not 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a canonical user id is 64 lower-case hexadecimal digits")]
pub struct ParseCanonicalIdError;

impl CanonicalId {
    /// The owner of what was written without a signature: `65a011a29cdf8ec533ec3d1ccaae921c`. No account has it.
    pub const ANONYMOUS: Self = Self(
        *b"65a011a29cdf8ec533ec3d1ccaae921c\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
    );

    /// Who reads what was written with the canned ACL `aws-exec-read`. No account here has it.
    ///
    /// Source: facts: authorization.md 5.6.
    pub const AMAZON_EC2: Self =
        Self(*b"6aa5a366c34c1cbe25dc49211496e913e0351eb0e8c37aa3477e40942ec6b97c");

    /// Reads the canonical user id of an account.
    ///
    /// # Errors
    /// Anything but exactly 64 of `0-9a-f`.
    pub fn parse(text: &str) -> Result<Self, ParseCanonicalIdError> {
        let digits: [u8; 64] = text
            .as_bytes()
            .try_into()
            .map_err(|_| ParseCanonicalIdError)?;
        if digits
            .iter()
            .all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'))
        {
            Ok(Self(digits))
        } else {
            Err(ParseCanonicalIdError)
        }
    }

    /// Reads the id of an owner or grantee: an account's, or [`CanonicalId::ANONYMOUS`].
    ///
    /// # Errors
    /// Anything else.
    pub fn parse_owner(text: &str) -> Result<Self, ParseCanonicalIdError> {
        if text == Self::ANONYMOUS.as_str() {
            return Ok(Self::ANONYMOUS);
        }
        Self::parse(text)
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        // INVARIANT: only ASCII digits get in, behind which the anonymous id is filled up with NUL, so the text is
        // always there.
        std::str::from_utf8(&self.0)
            .unwrap_or_default()
            .trim_end_matches('\0')
    }
}

impl std::str::FromStr for CanonicalId {
    type Err = ParseCanonicalIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl fmt::Display for CanonicalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for CanonicalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl serde::Serialize for CanonicalId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> serde::Deserialize<'de> for CanonicalId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        Self::parse_owner(&text).map_err(serde::de::Error::custom)
    }
}
