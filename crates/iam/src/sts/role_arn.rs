//! The role that a call names.

use buckler_policy::AccountId;

use crate::query::QueryError;

/// `arn:aws:iam::ID:role/PATH/NAME`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleArn {
    text: String,
    account: AccountId,
}

impl RoleArn {
    /// Reads an ARN.
    ///
    /// # Errors
    ///
    /// `ValidationError` in AWS's words (facts: authorization.md 7.3).
    pub fn parse(text: &str) -> Result<Self, QueryError> {
        let account = text
            .strip_prefix("arn:aws:iam::")
            .and_then(|rest| rest.split_once(":role/"))
            .filter(|(_, name)| !name.is_empty() && !name.ends_with('/'))
            .and_then(|(account, _)| AccountId::parse(account).ok());
        match account {
            Some(account) => Ok(Self {
                text: text.to_owned(),
                account,
            }),
            None => Err(QueryError::validation(format!("{text} is invalid"))),
        }
    }

    /// The ARN.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The role's account.
    pub fn account(&self) -> &AccountId {
        &self.account
    }

    /// The role's name, without its path.
    pub fn name(&self) -> &str {
        self.text.rsplit('/').next().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_is_named_with_its_path() {
        let arn = RoleArn::parse("arn:aws:iam::111122223333:role/a/b/reader").unwrap();
        assert_eq!(
            (arn.account().as_str(), arn.name()),
            ("111122223333", "reader")
        );
    }

    #[test]
    fn another_form_is_invalid() {
        for text in [
            "arn:aws:iam::111122223333:user/reader",
            "arn:aws:iam::1111:role/reader",
            "arn:aws:iam::111122223333:role/",
            "arn:aws:iam::111122223333:role/a/",
            "reader",
        ] {
            let error = RoleArn::parse(text).unwrap_err();
            assert_eq!(error.message, format!("{text} is invalid"));
        }
    }
}
