//! The other name of an AWS account: its canonical user id.

use std::fmt;

/// A canonical user id: 64 lower-case hexadecimal digits, one per account.
///
/// Source: facts: authorization.md 7.4.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CanonicalId([u8; 64]);

/// The text is not 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a canonical user id is 64 lower-case hexadecimal digits")]
pub struct ParseCanonicalIdError;

impl CanonicalId {
    /// Reads a canonical user id.
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

    /// The 64 digits.
    pub fn as_str(&self) -> &str {
        // INVARIANT: only ASCII digits get in, so the text is always there.
        std::str::from_utf8(&self.0).unwrap_or_default()
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
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}
