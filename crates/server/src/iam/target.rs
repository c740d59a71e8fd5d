//! What a call is about: an identity by name, whether or not it is there.

use buckler_iam::query::QueryError;
use buckler_metadata::UserRow;

use crate::error::query::store_error;
use crate::query::call::Call;
use crate::query::operation::Need;

/// A user that a call names, or the caller itself where it names none.
#[derive(Debug)]
pub(crate) struct TargetUser {
    name: String,
    row: Option<UserRow>,
}

impl TargetUser {
    /// Looks the user up in the caller's account.
    ///
    /// # Errors
    ///
    /// `ValidationError` if no name is given and the caller is no user; those of the store.
    pub(crate) async fn load(call: &Call<'_>, name: Option<&str>) -> Result<Self, QueryError> {
        let name = name.or_else(|| call.caller.user_name()).ok_or_else(|| {
            QueryError::validation("Must specify userName when calling with non-User credentials")
        })?;
        let account = call.account()?.id;
        let row = call.cx.store.user_by_name(&account, name).await;
        Ok(Self {
            name: name.to_owned(),
            row: row.map_err(store_error)?,
        })
    }

    /// The call's own action on this user.
    ///
    /// AWS: a refusal names the user and not its ARN: `on resource: user alice`. Source: reports of AWS's answers.
    pub(crate) fn need(&self, call: &Call<'_>) -> Need {
        let arn = self.row.as_ref().map_or_else(
            || {
                let account = call.caller.account_text().unwrap_or_default();
                format!("arn:aws:iam::{account}:user/{}", self.name)
            },
            UserRow::arn,
        );
        Need::on(call, arn).shown_as(format!("user {}", self.name))
    }

    /// The user.
    ///
    /// # Errors
    ///
    /// `NoSuchEntity`.
    pub(crate) fn found(self) -> Result<UserRow, QueryError> {
        self.row.ok_or_else(|| {
            QueryError::no_such_entity(format!("The user with name {} cannot be found.", self.name))
        })
    }
}
