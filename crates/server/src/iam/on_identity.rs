//! Operations that are about one identity and need their own action on it: most of IAM.

use buckler_iam::query::{FromInput, QueryError, WriteResult};

use super::kinds::Kind;
use super::target::Target;
use crate::query::authorize::Authorized;
use crate::query::call::Call;
use crate::query::operation::{Need, Needs, QueryOperation};

/// An operation on one identity.
pub(crate) trait OnIdentity: Send + Sync + Sized + 'static {
    /// The kind of identity.
    type Kind: Kind;
    /// The typed input.
    type Input: FromInput + Send + Sync;
    /// What it answers.
    type Output: WriteResult + Send + 'static;

    /// The identity's name in the input; `None` for the caller itself.
    fn name(input: &Self::Input) -> Option<&str>;

    /// Adds what conditions can ask about.
    fn with_keys(need: Need, _: &Self::Input, _: &Target<Self::Kind>) -> Need {
        need
    }

    /// Its work.
    fn run(
        call: &Call<'_>,
        input: Self::Input,
        target: Target<Self::Kind>,
    ) -> impl Future<Output = Result<Self::Output, QueryError>> + Send;
}

impl<O: OnIdentity> QueryOperation for O {
    type Input = O::Input;
    type Subject = Target<O::Kind>;
    type Output = O::Output;

    async fn load(call: &Call<'_>, input: &Self::Input) -> Result<Self::Subject, QueryError> {
        let name = O::name(input).or_else(|| call.caller.user_name());
        let name = name.ok_or_else(|| {
            QueryError::validation("Must specify userName when calling with non-User credentials")
        })?;
        Target::load(call, name).await
    }

    fn needs(call: &Call<'_>, input: &Self::Input, target: &Self::Subject) -> Needs {
        O::with_keys(target.need(call), input, target).into()
    }

    async fn run(
        call: &Call<'_>,
        authorized: Authorized<Self>,
    ) -> Result<Self::Output, QueryError> {
        <O as OnIdentity>::run(call, authorized.input, authorized.subject).await
    }
}
