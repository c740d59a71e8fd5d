//! Names and paths of what IAM keeps. Limits: facts: authorization.md 7.5.

use std::fmt;

use buckler_policy::AccountId;
use thiserror::Error;

/// Longest path, in characters.
const PATH_CHARS_MAX: usize = 512;

/// A name or path that IAM would refuse.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum InvalidName {
    /// Not so many characters of `[\w+=,.@-]`.
    #[error("`{text}` is no {kind} name: 1 to {chars_max} of letters, digits and `+=,.@_-`")]
    Name {
        /// What would have the name.
        kind: &'static str,
        /// The name as it was given.
        text: String,
        /// Longest name of its kind, in characters.
        chars_max: usize,
    },
    /// Neither `/` nor `/…/` of at most 512 printable characters.
    #[error(
        "`{0}` is no path: it begins and ends with `/` and has at most 512 printable characters"
    )]
    Path(String),
}

/// Types of names of `[\w+=,.@-]`, kept with their case.
macro_rules! names {
    ($($(#[$doc:meta])* $name:ident = $kind:literal, $chars_max:literal;)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// Parses a name.
            ///
            /// # Errors
            ///
            /// [`InvalidName::Name`].
            pub fn parse(text: &str) -> Result<Self, InvalidName> {
                name_of(text, $kind, $chars_max).map(Self)
            }

            /// The name as written.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&self.0)
            }
        }
    )+};
}

names! {
    /// The name of an IAM user: 1 to 64 characters.
    UserName = "user", 64;
    /// The name of a role: 1 to 64 characters.
    RoleName = "role", 64;
    /// The name of a group: 1 to 128 characters.
    GroupName = "group", 128;
    /// The name of a policy, managed or inline: 1 to 128 characters.
    PolicyName = "policy", 128;
}

fn name_of(text: &str, kind: &'static str, chars_max: usize) -> Result<String, InvalidName> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_+=,.@-".contains(&byte);
    if (1..=chars_max).contains(&text.len()) && text.bytes().all(allowed) {
        return Ok(text.to_owned());
    }
    Err(InvalidName::Name {
        kind,
        text: text.to_owned(),
        chars_max,
    })
}

/// The path of an identity: `/` or `/…/`, at most 512 characters of U+0021 to U+007E.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Path(String);

impl Path {
    /// Parses a path.
    ///
    /// # Errors
    ///
    /// [`InvalidName::Path`].
    pub fn parse(text: &str) -> Result<Self, InvalidName> {
        let framed =
            text == "/" || (text.len() > 2 && text.starts_with('/') && text.ends_with('/'));
        if framed
            && text.len() <= PATH_CHARS_MAX
            && text.bytes().all(|byte| byte.is_ascii_graphic())
        {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidName::Path(text.to_owned()))
        }
    }

    /// The path with its slashes.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for Path {
    fn default() -> Self {
        Self("/".to_owned())
    }
}

/// The ARN of a user: `arn:aws:iam::ID:user/PATH/NAME`.
pub fn user_arn(account: &AccountId, path: &Path, name: &UserName) -> String {
    format!("arn:aws:iam::{account}:user{}{name}", path.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arns_carry_the_path() {
        let account = AccountId::parse("111122223333").unwrap();
        let name = UserName::parse("alice").unwrap();
        let arn = |path: &str| user_arn(&account, &Path::parse(path).unwrap(), &name);
        assert_eq!(arn("/"), "arn:aws:iam::111122223333:user/alice");
        assert_eq!(arn("/a/b/"), "arn:aws:iam::111122223333:user/a/b/alice");
    }

    #[test]
    fn names_and_paths_outside_the_pattern_are_refused() {
        for name in ["", "a/b", "a b", "é", &"x".repeat(65)] {
            assert!(UserName::parse(name).is_err(), "{name}");
            assert!(RoleName::parse(name).is_err(), "{name}");
        }
        assert!(PolicyName::parse(&"x".repeat(128)).is_ok());
        assert!(GroupName::parse(&"x".repeat(129)).is_err());
        for path in ["", "a", "/a", "a/", "//", "/a b/"] {
            assert!(Path::parse(path).is_err(), "{path}");
        }
    }
}
