//! The number of an AWS account.

use std::fmt;

/// An account id: 12 decimal digits, leading zeros included.
///
/// Source: facts: authorization.md 7.4.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountId([u8; 12]);

/// The text is not 12 decimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an account id is 12 decimal digits")]
pub struct ParseAccountIdError;

impl AccountId {
    /// Reads an account id.
    ///
    /// # Errors
    /// Anything but exactly 12 ASCII digits.
    pub fn parse(text: &str) -> Result<Self, ParseAccountIdError> {
        let digits: [u8; 12] = text
            .as_bytes()
            .try_into()
            .map_err(|_| ParseAccountIdError)?;
        if digits.iter().all(u8::is_ascii_digit) {
            Ok(Self(digits))
        } else {
            Err(ParseAccountIdError)
        }
    }

    /// The 12 digits.
    pub fn as_str(&self) -> &str {
        // INVARIANT: only ASCII digits get in, so the text is always there.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl std::str::FromStr for AccountId {
    type Err = ParseAccountIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl serde::Serialize for AccountId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> serde::Deserialize<'de> for AccountId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}
