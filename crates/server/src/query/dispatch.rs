//! From the name of an operation to its file: a row for each operation that is in.

use buckler_iam::query::{
    FromInput as _, Input, Parameters, QueryError, QueryErrorCode, Service, WriteResult,
};

use super::authorize::authorize;
use super::call::Call;
use super::operation::QueryOperation;
use crate::{iam, sts};

type Result_ = Result<Box<dyn WriteResult + Send>, QueryError>;

/// Makes the dispatcher, and the list of what is in, from one row per operation.
macro_rules! operations {
    ($($service:ident { $($name:ident => $operation:ty;)* })+) => {
        /// The operations of IAM and STS that are in.
        pub const QUERY_OPERATIONS: &[(Service, &str)] =
            &[$($((Service::$service, stringify!($name)),)*)+];

        async fn implemented(call: &Call<'_>, input: &Input) -> Result_ {
            match (call.operation.service(), call.operation.name()) {
                $($((Service::$service, stringify!($name)) => carry_out::<$operation>(call, input).await,)*)+
                _ => Err(not_implemented(call)),
            }
        }
    };
}

operations! {
    Iam {
        GetLoginProfile => iam::login_profiles::GetLoginProfile;
    }
    Sts {
        GetAccessKeyInfo => sts::get_access_key_info::GetAccessKeyInfo;
        GetCallerIdentity => sts::get_caller_identity::GetCallerIdentity;
        GetFederationToken => sts::get_federation_token::GetFederationToken;
        GetSessionToken => sts::get_session_token::GetSessionToken;
    }
}

/// Carries out the operation that the call names.
///
/// # Errors
///
/// Those of the operation; `ValidationError` for parameters out of bounds; `NotImplemented` for an operation that is
/// not in.
pub(super) async fn dispatch(call: &Call<'_>, parameters: &Parameters) -> Result_ {
    let input = Input::read(call.operation, parameters)?;
    implemented(call, &input).await
}

/// Takes a call through all steps of its operation.
async fn carry_out<O: QueryOperation>(call: &Call<'_>, input: &Input) -> Result_ {
    let input = O::Input::from_input(input)?;
    let subject = O::load(call, &input).await?;
    let authorized = authorize::<O>(call, input, subject)?;
    let output = O::run(call, authorized).await?;
    Ok(Box::new(output))
}

/// 501: the operation is known and not in.
fn not_implemented(call: &Call<'_>) -> QueryError {
    let message = format!("{} is not implemented.", call.operation.name());
    QueryError::new(QueryErrorCode::NotImplemented, message)
}
