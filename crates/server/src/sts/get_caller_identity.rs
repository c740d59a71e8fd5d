//! `GetCallerIdentity`: who am I. Everybody may ask, whatever policies say.
//!
//! Source: AWS STS API Reference, "GetCallerIdentity".

use buckler_iam::query::QueryError;
use buckler_iam::sts::GetCallerIdentityOutput;

use crate::query::authorize::Authorized;
use crate::query::call::Call;
use crate::query::operation::{Needs, QueryOperation};

/// `GetCallerIdentity`.
pub(crate) struct GetCallerIdentity;

impl QueryOperation for GetCallerIdentity {
    type Input = ();
    type Subject = ();
    type Output = GetCallerIdentityOutput;

    async fn load(_: &Call<'_>, (): &()) -> Result<(), QueryError> {
        Ok(())
    }

    fn needs(_: &Call<'_>, (): &(), (): &()) -> Needs {
        Needs::Nothing
    }

    async fn run(call: &Call<'_>, _: Authorized<Self>) -> Result<Self::Output, QueryError> {
        Ok(GetCallerIdentityOutput {
            user_id: call.caller.user_id().to_owned(),
            account: call.account()?.id.to_string(),
            arn: call.caller.arn().unwrap_or_default().to_owned(),
        })
    }
}
