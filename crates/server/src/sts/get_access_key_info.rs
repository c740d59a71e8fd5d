//! `GetAccessKeyInfo`: which account an access key belongs to.
//!
//! Source: AWS STS API Reference, "GetAccessKeyInfo".

use buckler_iam::account_of_access_key;
use buckler_iam::query::QueryError;
use buckler_iam::sts::{GetAccessKeyInfoInput, GetAccessKeyInfoOutput};

use crate::error::query::store_error;
use crate::query::authorize::Authorized;
use crate::query::call::Call;
use crate::query::operation::{Need, Needs, QueryOperation};

/// `GetAccessKeyInfo`.
pub(crate) struct GetAccessKeyInfo;

impl QueryOperation for GetAccessKeyInfo {
    type Input = GetAccessKeyInfoInput;
    type Subject = ();
    type Output = GetAccessKeyInfoOutput;

    async fn load(_: &Call<'_>, _: &Self::Input) -> Result<(), QueryError> {
        Ok(())
    }

    fn needs(call: &Call<'_>, _: &Self::Input, (): &()) -> Needs {
        Need::on(call, "*").into()
    }

    /// Long-term keys are rows; a temporary one has its account in its id.
    ///
    /// Errors: `ValidationError` for a key that neither names nor has an account.
    async fn run(call: &Call<'_>, call_for: Authorized<Self>) -> Result<Self::Output, QueryError> {
        let id = &call_for.input.access_key_id;
        let row = call.cx.store.credential(id).await.map_err(store_error)?;
        let account = row
            .map(|row| row.account.id)
            .or_else(|| account_of_access_key(id))
            .ok_or_else(|| QueryError::validation(format!("Invalid access key id: {id}")))?;
        Ok(GetAccessKeyInfoOutput { account })
    }
}
