//! Passwords for AWS's console: no user here has one.

use buckler_iam::query::{FromInput, Input, NoResult, QueryError};

use super::target::TargetUser;
use crate::query::authorize::Authorized;
use crate::query::call::Call;
use crate::query::operation::{Needs, QueryOperation};

/// `GetLoginProfile`.
pub(crate) struct GetLoginProfile;

/// The input of operations on a login profile.
pub(crate) struct LoginProfileInput {
    user_name: Option<String>,
}

impl FromInput for LoginProfileInput {
    fn from_input(input: &Input) -> Result<Self, QueryError> {
        Ok(Self {
            user_name: input.text("UserName").map(str::to_owned),
        })
    }
}

impl QueryOperation for GetLoginProfile {
    type Input = LoginProfileInput;
    type Subject = TargetUser;
    type Output = NoResult;

    async fn load(call: &Call<'_>, input: &Self::Input) -> Result<TargetUser, QueryError> {
        TargetUser::load(call, input.user_name.as_deref()).await
    }

    fn needs(call: &Call<'_>, _: &Self::Input, user: &TargetUser) -> Needs {
        user.need(call).into()
    }

    /// Errors: `NoSuchEntity`, always.
    async fn run(_: &Call<'_>, authorized: Authorized<Self>) -> Result<NoResult, QueryError> {
        let user = authorized.subject.found()?;
        let message = format!("Login Profile for User {} cannot be found.", user.name);
        Err(QueryError::no_such_entity(message))
    }
}
