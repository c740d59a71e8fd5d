//! Access key ids and their secrets.

use std::fmt;

use thiserror::Error;
use zeroize::Zeroizing;

/// Shortest access key id, in characters. Source: IAM API Reference, `AccessKey` (16); a seed may
/// bring shorter ones, so that clients that move here keep their configuration.
const ID_CHARS_MIN: usize = 3;
/// Longest access key id, in characters. Source: IAM API Reference, `AccessKey`.
const ID_CHARS_MAX: usize = 128;

/// The public half of an access key: 3 to 128 printable ASCII characters without `/` and `,`,
/// which delimit it in a credential scope.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccessKeyId(String);

/// An access key id of a form that no request could carry.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "an access key id has {ID_CHARS_MIN} to {ID_CHARS_MAX} printable characters without `/`, `,`, `=` and spaces"
)]
pub struct InvalidAccessKeyId;

impl AccessKeyId {
    /// Parses an id.
    ///
    /// # Errors
    ///
    /// [`InvalidAccessKeyId`] if the length or a character is not allowed.
    pub fn parse(text: &str) -> Result<Self, InvalidAccessKeyId> {
        let printable = text
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'/' | b',' | b'='));
        if printable && (ID_CHARS_MIN..=ID_CHARS_MAX).contains(&text.len()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidAccessKeyId)
        }
    }

    /// The id as clients send it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for AccessKeyId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "AccessKeyId({})", self.0)
    }
}

impl fmt::Display for AccessKeyId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// The secret half of an access key. It has no `Display`, its `Debug` is a mark, and its memory
/// is overwritten when it is dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretAccessKey(Zeroizing<String>);

impl SecretAccessKey {
    /// Takes over a secret.
    pub fn new(secret: String) -> Self {
        Self(Zeroizing::new(secret))
    }

    /// The secret itself. The name is there to be searched for.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SecretAccessKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SecretAccessKey(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_other_servers_are_kept() {
        for id in [
            "minioadmin",
            "AKIAIOSFODNN7EXAMPLE",
            "GK31c2f218a2e44f485b94239e",
            "abc",
        ] {
            assert_eq!(AccessKeyId::parse(id).unwrap().as_str(), id);
        }
    }

    #[test]
    fn ids_that_break_a_credential_scope_are_refused() {
        for id in [
            "",
            "ab",
            "a/b/c",
            "a,b,c",
            "a b c",
            "k=v",
            "schlüssel",
            &"x".repeat(129),
        ] {
            assert_eq!(AccessKeyId::parse(id), Err(InvalidAccessKeyId), "{id}");
        }
    }

    #[test]
    fn a_secret_does_not_show_in_debug() {
        let secret = SecretAccessKey::new("wJalrXUtnFEMI".to_owned());
        assert_eq!(format!("{secret:?}"), "SecretAccessKey(hidden)");
    }
}
